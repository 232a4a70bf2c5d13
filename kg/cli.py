"""The command line: parses, calls, prints.

Exit status: 0 done, 1 done with rejected inputs or with problems found, 2 could not run, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from kg.arguments import parser
from kg.errors import UserError

DONE, REJECTED, FAILED, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status. No error reaches the user as a traceback, save with KG_DEBUG=1."""
    from kg import console  # noqa: PLC0415  --help needs no terminal library

    console.utf8_streams()
    try:
        arguments = parser().parse_args(argv)
        status = COMMANDS[arguments.command](arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        console.complain("interrupted; outputs that were there are as they were")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # lest the interpreter flush into it again
        return DONE
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        for line in _sentences(error):
            console.complain(line)
        return FAILED


def _sentences(error: Exception) -> list[str]:
    """What to tell of an error: the user's own as it is, ours with where to report it."""
    if isinstance(error, UserError) or type(error).__module__.startswith("kg."):  # every error of ours is a sentence
        return str(error).splitlines()
    if isinstance(error, MemoryError):
        return ["there is not enough memory; build fewer articles at a time"]
    if isinstance(error, OSError) and error.filename:
        return [f"{error.filename}: {error.strerror}; check the path and its permissions 请检查路径和权限"]
    kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return [f"the program failed ({kind}); please report it with the command you gave (KG_DEBUG=1 shows where)"]


# --- the commands


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _build(arguments: argparse.Namespace) -> int:
    from kg import console, corrections  # noqa: PLC0415
    from kg.build import run  # noqa: PLC0415
    from kg.outputs import prepare, write  # noqa: PLC0415

    wanted = corrections.read(arguments.corrections) if arguments.corrections else None
    prepare(arguments.out).rmdir()  # told before the work, not after
    made = run(
        arguments.paths,
        workers=arguments.workers,
        corrections=wanted,
        base=arguments.base or "",
        reporter=lambda total: console.reporter("Articles", total, "articles", _shows(arguments.quiet, total)),
    )
    formats = [name for name in arguments.formats if not (name == "html" and arguments.no_html)]
    files = write(made, arguments.out, formats)
    for item in made.rejected:
        console.complain(item)
    for remark in _remarks(made.manifest):
        console.complain(remark)
    if arguments.json:
        _print_json({"out": arguments.out.as_posix(), **made.manifest})
    elif not arguments.quiet:
        counts = made.manifest["counts"]
        articles = f"{counts['documents']} article{'' if counts['documents'] == 1 else 's'}"
        print(f"{articles}, {counts['nodes']} nodes, {counts['edges']} edges in {arguments.out}:")
        print("  " + " ".join(files))
        if "graph.html" in files:
            print(f"打开 {arguments.out / 'graph.html'} (open it in a browser)")
    return REJECTED if made.rejected else DONE


def _shows(quiet: bool, total: int) -> bool | None:
    """Progress on a terminal; elsewhere for long builds only."""
    return False if quiet else True if total >= 100 else None


def _remarks(manifest: dict[str, Any]) -> list[str]:
    """What the user should know of a build that went well."""
    remarks = [f"{row['path']}: {row['problem']}; {row['advice']}" for row in manifest["skipped"]]
    for row in manifest["documents"]:
        if also := row.get("also"):
            remarks.append(f"{row['path']}: {', '.join(also)} {'has' if len(also) == 1 else 'have'} the same content")
        if row["encoding"].lower().replace("-", "") not in ("utf8", "utf8sig"):
            remarks.append(f"{row['path']}: was read as {row['encoding']}, for it is not UTF-8")
    remarks += [f"{path}: no entity was found in it; its node stands alone" for path in manifest["without_entities"]]
    remarks += [f"a correction met nothing: {text}" for text in manifest["unmatched_corrections"]]
    remarks += [f"a correction makes facts impossible: {text}" for text in manifest["left_out_facts"]]
    return remarks


def _show(arguments: argparse.Namespace) -> int:
    from kg import console  # noqa: PLC0415
    from kg.graph import load  # noqa: PLC0415
    from kg.show import card, card_text, find  # noqa: PLC0415

    graph = load(arguments.graph)
    found = find(graph, arguments.name)
    if arguments.json:
        _print_json([card(graph, node) for node in found])
        return DONE
    if len(found) > 3:
        rows = [(graph.nodes[n]["name"], graph.nodes[n]["type"], graph.degree(n), n) for n in found]
        print(console.table(rows, ("name", "type", "edges", "id"), console.terminal_width(sys.stdout)))
        return DONE
    width = min(console.terminal_width(sys.stdout) or 100, 120)
    cards = [card_text(graph, card(graph, node), width, None if arguments.all else 2) for node in found]
    print("\n\n".join(cards))
    return DONE


def _path(arguments: argparse.Namespace) -> int:
    from kg import console  # noqa: PLC0415
    from kg.graph import load  # noqa: PLC0415
    from kg.show import way_text, ways  # noqa: PLC0415

    graph = load(arguments.graph)
    found = ways(graph, arguments.start, arguments.end, arguments.limit)
    if arguments.json:
        _print_json(found)
    elif not found:
        print(f"Nothing ties {arguments.start} and {arguments.end}. 没有找到两者之间的联系。")
    else:
        width = min(console.terminal_width(sys.stdout) or 100, 120)
        print("\n\n".join(way_text(graph, way, width) for way in found))
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    from kg.check import check_folder  # noqa: PLC0415

    checked = check_folder(arguments.folder, shapes=not arguments.no_shapes)
    rows = [{"kind": problem.kind, "where": problem.where, "what": problem.what} for problem in checked.problems]
    if arguments.json:
        _print_json({"problems": rows, "checked": dict(sorted(checked.counts.items())), "shapes": checked.shapes})
        return REJECTED if rows else DONE
    for problem in checked.problems:
        print(problem)
    counts = checked.counts
    parts = [
        f"{len(rows) or 'no'} problem{'' if len(rows) == 1 else 's'} in {counts['nodes']} nodes",
        f"{counts['edges']} edges",
        f"{counts['evidence']} pieces of evidence",
        f"{counts['originals']} of {counts['documents']} articles compared with their files",
        f"shapes not checked: {checked.shapes}" if checked.shapes else "shapes checked",
    ]
    print("; ".join(parts))
    return REJECTED if rows else DONE


def _score(arguments: argparse.Namespace) -> int:
    from kg.score import report, score_paths  # noqa: PLC0415

    score = score_paths(arguments.files, arguments.articles)
    if arguments.json:
        _print_json(score.as_dict() | ({"notes": score.listing()} if arguments.verbose else {}))
    else:
        print(report(score, arguments.verbose))
    return DONE


def _query(arguments: argparse.Namespace) -> int:
    from kg import console  # noqa: PLC0415
    from kg.query import Result, about_names, run  # noqa: PLC0415

    if arguments.list:
        return _list_questions(arguments)
    text, params = _question(arguments), dict(arguments.param)
    found: Result = run(arguments.graph, text, params)
    form = "json" if arguments.json else arguments.format
    if form != "table":
        sys.stdout.flush()
        data = found.serialize(form)
        sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")  # an empty cell may stand at the end
    elif found.boolean is not None:
        print("yes" if found.boolean else "no")
    else:
        print(console.table(found.rows(), found.columns, console.terminal_width(sys.stdout)))
    if found.empty:
        console.complain("没有结果 (no rows)")
        for line in about_names(arguments.graph, text, params):
            console.complain(line)
    return DONE


def _list_questions(arguments: argparse.Namespace) -> int:
    from kg import console  # noqa: PLC0415
    from kg.query import questions  # noqa: PLC0415

    if arguments.json:
        rows = [(q.name, q.zh, q.en, " ".join(p.name for p in q.parameters)) for q in questions()]
        _print_json([dict(zip(("name", "zh", "en", "parameters"), row, strict=True)) for row in rows])
        return DONE
    rows = [(q.name, " ".join(p.usage for p in q.parameters), q.zh, q.en) for q in questions()]
    print(console.table(rows, ("name", "parameters", "问题", "question"), console.terminal_width(sys.stdout)))
    return DONE


def _question(arguments: argparse.Namespace) -> str:
    if (arguments.question is None) == (arguments.file is None):
        raise UserError("give a query, the name of a question (kg query --list), or --file FILE")
    if arguments.file is None:
        return str(arguments.question)
    try:
        return str(arguments.file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UserError(f"{arguments.file}: is not UTF-8; save the query as UTF-8") from None


def _serve(arguments: argparse.Namespace) -> int:
    from kg.serve import serve  # noqa: PLC0415

    return serve(arguments.folder, arguments.port, arguments.host, allow_update=arguments.allow_update)


def _explain_merge(arguments: argparse.Namespace) -> int:
    from kg.explain import explain, read_merges  # noqa: PLC0415
    from kg.graph import load  # noqa: PLC0415

    told = explain(load(arguments.graph), read_merges(arguments.graph), arguments.one, arguments.other)
    if arguments.json:
        _print_json(told.as_dict())
        return DONE
    print(f"{arguments.one} and {arguments.other} are {'one node' if told.one else 'two nodes'}:")
    for reason in told.reasons:
        print(f"  {reason}")
    return DONE


def _version(arguments: argparse.Namespace) -> int:
    from kg.build import versions  # noqa: PLC0415

    found = versions()
    if arguments.json:
        _print_json(found)
        return DONE
    print(f"kg {found['kg']}")
    print(f"ontology {found['ontology'][:12]}")
    for name, digest in found["models"].items():
        print(f"{name} {digest[:12]}")
    return DONE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "show": _show,
    "path": _path,
    "query": _query,
    "serve": _serve,
    "check": _check,
    "score": _score,
    "explain-merge": _explain_merge,
    "version": _version,
}

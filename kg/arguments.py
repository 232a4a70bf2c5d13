"""What the command line takes: every command with its options, help and an example."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kg import __version__

Add = Callable[..., argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    """All commands. Each has a help line, a description and an example."""
    top = argparse.ArgumentParser(
        prog="kg",
        description="From Chinese local reporting to a knowledge graph, each fact with its sentence.\n"
        "把地方报道变成知识图谱，每条事实都附原文出处。",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="kg COMMAND --help tells more. Exit status: 0 done, 1 done with rejected inputs or problems found, "
        "2 could not run.",
    )
    top.add_argument("--version", action="version", version=f"kg {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    add = partial(_command, commands)
    _build_command(add)
    _reading_commands(add)
    _judging_commands(add)
    return top


def _command(commands: Any, name: str, summary: str, example: str, more: str = "") -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}." + (f"\n\n{more}" if more else ""),
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return command


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON, for programs")


def _graph(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        *("-g", "--graph"), metavar="DIR", type=Path, default=Path(), help="what kg build wrote (default: this folder)"
    )
    _json(command)


def _build_command(add: Add) -> None:
    from kg.outputs import FORMATS, USUAL  # noqa: PLC0415

    build = add(
        "build",
        "build the graph of articles 构建图谱",
        "kg build articles/ -o out",
        "Reads .txt and .md files and folders of them; writes graph.json, graph.graphml, graph.ttl, graph.jsonld,\n"
        "graph.html, nodes.csv, edges.csv, documents.jsonl, merges.jsonl and build.json, all or none.\n\n"
        "A corrections file holds tables such as\n"
        '  [[merge]]\n  type = "Organization"\n  names = ["圣泉集团", "圣泉新材料"]\n'
        "and split, rename, drop, retype; docs/corrections.md tells their fields.",
    )
    build.add_argument("paths", metavar="PATH", nargs="+", help="article or folder of articles")
    build.add_argument("-o", "--out", metavar="DIR", type=Path, required=True, help="folder to write into")
    build.add_argument("--workers", metavar="N", type=_positive, help="processes (default: as many as pay)")
    build.add_argument("--corrections", metavar="FILE", type=Path, help="your merges, splits, renames … in TOML")
    build.add_argument("--base", metavar="IRI", type=_iri, help="what the IRIs of the RDF begin with")
    build.add_argument(
        *("--formats", "-f"),
        metavar="LIST",
        type=partial(_formats, list(FORMATS)),
        default=list(USUAL),
        help=f"which of {','.join(FORMATS)} to write (default: {','.join(USUAL)}; json always)",
    )
    build.add_argument("--no-html", action="store_true", help="do not write graph.html")
    build.add_argument("-q", "--quiet", action="store_true", help="no progress and no summary; problems are still told")
    _json(build)


def _reading_commands(add: Add) -> None:
    show = add("show", "an entity's card with the sentences behind it 实体卡片", "kg show 圣泉集团 -g out")
    show.add_argument("name", metavar="NAME", type=_text, help="name, alias, part of a name, or node id")
    show.add_argument("--all", action="store_true", help="every sentence, not two for each fact")
    _graph(show)
    path = add("path", "how two entities are tied 两个实体如何相连", "kg path 刁镇街道 圣泉集团 -g out")
    path.add_argument("start", metavar="A", type=_text, help="name of the first entity")
    path.add_argument("end", metavar="B", type=_text, help="name of the second entity")
    path.add_argument("--limit", metavar="N", type=_positive, default=5, help="how many ways at most (default: 5)")
    _graph(path)
    query = add(
        "query",
        "ask in SPARQL, or a named question 查询",
        "kg query 'SELECT ?name { ?p a kg:Project ; rdfs:label ?name }' -g out",
    )
    query.add_argument(
        "question", metavar="SPARQL|NAME", type=_text, nargs="?", help="a query, or the name of a question"
    )
    query.add_argument("--file", metavar="FILE", type=Path, help="read the query from a file")
    query.add_argument("--list", action="store_true", help="list the named questions")
    query.add_argument(
        *("-f", "--format"),
        choices=("table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld", "rdf"),
        default="table",
        help="how to print the answer (default: table); ttl, nt, jsonld and rdf are for CONSTRUCT and DESCRIBE",
    )
    query.add_argument(
        *("-p", "--param"), metavar="NAME=VALUE", type=_pair, action="append", default=[], help="for a named question"
    )
    _graph(query)
    serve = add("serve", "explorer and SPARQL endpoint on this machine 本机浏览与查询", "kg serve out --port 8000")
    serve.add_argument("folder", metavar="DIR", type=Path, help="what kg build wrote")
    serve.add_argument("--port", metavar="N", type=_port, default=8000, help="port (default: 8000)")
    serve.add_argument("--host", metavar="NAME", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--allow-update", action="store_true", help="take SPARQL updates; they are lost at the end")


def _judging_commands(add: Add) -> None:
    check = add("check", "whether a build holds: quotes, references, shapes 校验", "kg check out")
    check.add_argument("folder", metavar="DIR", type=Path, help="what kg build wrote")
    check.add_argument("--no-shapes", action="store_true", help="leave the SHACL shapes out")
    _json(check)
    score = add(
        "score",
        "a graph against a gold annotation 评分",
        "kg score examples/sd-liubo-2024.yaml out/graph.json --verbose",
        "Gold files end in .yaml, graphs are graph.json files or folders; the first gold goes with the first graph.\n"
        "Each graph is of one article. Without graphs, each gold's article (the .txt or .md beside it, or in\n"
        "--articles) is built first.",
    )
    score.add_argument("files", metavar="FILE", nargs="+", type=Path, help="GOLD.yaml … GRAPH.json …")
    score.add_argument("--articles", metavar="DIR", type=Path, help="where the articles of the gold files are")
    score.add_argument("-v", "--verbose", action="store_true", help="list what was missed, extra or mis-owned, and why")
    _json(score)
    explain = add(
        "explain-merge",
        "why two names are one node or two 为何合并",
        "kg explain-merge 圣泉集团 济南圣泉集团股份有限公司 -g out",
    )
    explain.add_argument("one", metavar="A", type=_text, help="a name")
    explain.add_argument("other", metavar="B", type=_text, help="another name")
    _graph(explain)
    _json(add("version", "versions of the program, ontology and models 版本", "kg version --json"))


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port, 0 to 65535")
    return int(text)


def _text(text: str) -> str:
    """The argument as UTF-8, which a shell hands over whatever Python makes of the locale."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        return text


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = _text(text).partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


def _iri(text: str) -> str:
    from kg.rdf.names import BaseError, checked_base  # noqa: PLC0415

    try:
        return checked_base(_text(text))
    except BaseError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _formats(known: list[str], text: str) -> list[str]:
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise argparse.ArgumentTypeError(f"there is no format {name}; there are {', '.join(known)}")
    return [name for name in known if name in wanted or name == "json"]

"""A build as a folder of files.

They appear as a set: all are written beside the folder's old ones first and then take their places, ``build.json``,
which tells the SHA-256 of the others, last.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from kg.build import Build, BuildError
from kg.interrupts import handled_by
from kg.model import Merge

#: format → (file, module, function); the command's --formats takes these names
FORMATS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "json": (("graph.json", "kg.export.node_link", "write"),),
    "graphml": (("graph.graphml", "kg.export.graphml", "write"),),
    "turtle": (("graph.ttl", "kg.export.rdf", "write_turtle"),),
    "jsonld": (("graph.jsonld", "kg.export.rdf", "write_jsonld"),),
    "html": (("graph.html", "kg.export.html", "write"),),
    "csv": (("nodes.csv", "kg.export.tables", "write_nodes"), ("edges.csv", "kg.export.tables", "write_edges")),
    "ntriples": (("graph.nt", "kg.export.rdf", "write_ntriples"),),
    "trig": (("graph.trig", "kg.export.rdf", "write_trig"),),
    "turtle12": (("graph.12.ttl", "kg.export.rdf", "write_turtle12"),),  # RDF 1.2 annotations
}
#: what is written when nothing else is asked for
USUAL = ("json", "graphml", "turtle", "jsonld", "html", "csv")
MANIFEST = "build.json"
_TEXTS, _MERGES = "documents.jsonl", "merges.jsonl"


def write(build: Build, out: Path, formats: Iterable[str] = USUAL) -> list[str]:
    """Writes the outputs into ``out`` as a set and returns their names. Raises :class:`BuildError`.

    Outputs of an earlier build that this one does not make are removed, lest the folder tell two stories.
    """
    jobs = [job for name in formats for job in FORMATS[name]]
    part = prepare(out)
    try:
        for file, module, function in jobs:
            getattr(import_module(module), function)(build.graph, part / file, build.documents)
        _write_lines(part / _TEXTS, _text_rows(build))
        _write_lines(part / _MERGES, (_merge_row(merge) for merge in build.merges))
        files = sorted(path.name for path in part.iterdir())
        build.manifest["files"] = {name: _digest(part / name) for name in files}
        text = json.dumps(build.manifest, ensure_ascii=False, indent=2) + "\n"
        (part / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        with handled_by(signal.SIG_IGN):  # the few renames are done all or none
            _take_places(part, out, [*files, MANIFEST])
    except OSError as error:
        if error.filename and not str(error.filename).startswith(str(out)):
            raise  # not about the outputs
        raise BuildError(f"{out}: cannot be written to ({error.strerror}); nothing there was changed") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return [*files, MANIFEST]


def prepare(out: Path) -> Path:
    """An empty folder inside ``out`` for the files in the making. Raises :class:`BuildError` where it may not be."""
    part = out / ".build.part"
    try:
        out.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
    except OSError as error:
        raise BuildError(f"{out}: cannot be written to ({error.strerror}); give another folder with -o") from None
    return part


def _take_places(part: Path, out: Path, files: list[str]) -> None:
    ours = {file for jobs in FORMATS.values() for file, _, _ in jobs}
    if (out / MANIFEST).is_file():
        for stale in sorted(ours - set(files)):
            (out / stale).unlink(missing_ok=True)
    for name in files:
        (part / name).replace(out / name)


def _text_rows(build: Build) -> Iterator[dict[str, str]]:
    for node in sorted(build.documents):
        data = build.graph.nodes[node]
        yield {"id": node, "path": data["path"], "title": data.get("title", ""), "text": build.documents[node]}


def _merge_row(merge: Merge) -> dict[str, str]:
    row = {"kept": merge.kept, "merged": merge.merged, "type": merge.type, "reason": merge.reason}
    return row | ({"document": merge.document} if merge.document else {})


def _write_lines(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

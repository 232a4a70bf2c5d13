"""A build as a folder of files.

They appear as a set: all are written beside the folder's old ones first and then take their places, ``build.json``,
which tells the SHA-256 of the others, last. Of two builds into one folder the second is refused while the first is at
work.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

from kg.build import Build, BuildError
from kg.interrupts import handled_by
from kg.model import Merge
from kg.rdf.names import BaseError, base_of

if sys.platform != "win32":
    import fcntl

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
#: every file that a build may have
FILES = (*(file for jobs in FORMATS.values() for file, _, _ in jobs), _TEXTS, _MERGES, MANIFEST)
_PART = ".build.part"
_reserved: dict[Path, int] = {}  # folders that this process is going to write into, and what holds their locks


def write(build: Build, out: Path, formats: Iterable[str] = USUAL) -> list[str]:
    """Writes the outputs into ``out`` as a set and returns their names. Raises :class:`BuildError`.

    Outputs of an earlier build that this one does not make are removed, lest the folder tell two stories.
    """
    jobs = [job for name in formats for job in FORMATS[name]]
    try:
        base_of(build.graph)
    except BaseError as error:
        raise BuildError(str(error)) from None
    try:
        with _alone(out) as part:
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
    return [*files, MANIFEST]


def prepare(out: Path) -> Path:
    """Keeps ``out`` for this process, until it has written there or ends, and returns an empty folder inside.

    To be called before the work, so that a folder which may not be written to, or which another build is at work on,
    is told before it. Raises :class:`BuildError` for these.
    """
    lock = _claim(out)
    if lock is not None:
        _reserved[out.resolve()] = lock
    return _part(out, alone=lock is not None)


# --- one build at a time


@contextmanager
def _alone(out: Path) -> Iterator[Path]:
    """An empty folder inside ``out`` for the files in the making, while no other build may write into ``out``."""
    lock = _claim(out)
    try:
        part = _part(out, alone=lock is not None)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)
    finally:
        _release(lock)


def _part(out: Path, *, alone: bool) -> Path:
    """A new folder; where we are alone, what a killed build left goes."""
    try:
        for left in out.glob(f"{_PART}*") if alone else ():
            shutil.rmtree(left, ignore_errors=True)
        return Path(mkdtemp(prefix=f"{_PART}.", dir=out))
    except OSError as error:
        raise _unwritable(out, error) from None


def _claim(out: Path) -> int | None:
    """A lock on the folder ``out``, which is made; None where the system has no such locks. Raises BuildError.

    The system gives it back when the process ends, however it ends, and nothing of it lies in the folder.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32":
            return None
        held = _reserved.pop(out.resolve(), None)
        if held is not None and os.path.samestat(os.fstat(held), out.stat()):
            return held
        _release(held)  # of a folder that is no more
        lock = os.open(out, os.O_RDONLY)
    except OSError as error:
        raise _unwritable(out, error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        if isinstance(error, BlockingIOError):
            raise BuildError(f"{out}: another build is writing there; wait for it or give another folder") from None
        return None  # some network file systems lock no folders
    return lock


def _release(lock: int | None) -> None:
    if lock is not None and sys.platform != "win32":
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)


def _forget() -> None:
    """In a forked worker, which may outlive a build that is killed and must not keep its lock."""
    while _reserved:
        os.close(_reserved.popitem()[1])


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _unwritable(out: Path, error: OSError) -> BuildError:
    return BuildError(f"{out}: cannot be written to ({error.strerror}); give another folder with -o")


# --- the files


def _take_places(part: Path, out: Path, files: list[str]) -> None:
    if (out / MANIFEST).is_file():
        for stale in sorted(set(FILES) - set(files)):
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

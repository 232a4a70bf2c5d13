"""The pipeline: files to articles in parallel, articles to one graph, the graph to a folder of outputs.

Nothing in the outputs depends on the order of inputs, the number of workers, the clock or the machine. The outputs
appear as a set: all are written beside the folder's old ones first and then take their places, ``build.json`` last.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.article import Article, harvest
from kg.corrections import Corrections
from kg.model import Merge, Source
from kg.schema import ontology_dir

if TYPE_CHECKING:
    import networkx as nx

#: format → (file, module, function); the command's --formats takes these names
FORMATS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "json": (("graph.json", "kg.export.node_link", "write"),),
    "graphml": (("graph.graphml", "kg.export.graphml", "write"),),
    "turtle": (("graph.ttl", "kg.export.rdf", "write_turtle"),),
    "jsonld": (("graph.jsonld", "kg.export.rdf", "write_jsonld"),),
    "html": (("graph.html", "kg.export.html", "write"),),
    "csv": (("nodes.csv", "kg.export.tables", "write_nodes"), ("edges.csv", "kg.export.tables", "write_edges")),
}
MANIFEST = "build.json"
_TEXTS, _MERGES = "documents.jsonl", "merges.jsonl"
_CHUNK = 8
_PER_WORKER = 16  # articles that make another worker worth its start

Progress = Callable[[int], None]


class BuildError(Exception):
    """A build that could not run; ``str()`` is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that gave no article: where, what is wrong with it, what to do."""

    path: str
    problem: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}; {self.advice}"


@dataclass(slots=True)
class Inputs:
    """What was read: one source a content, in the order of ids; other paths of the same content; what was rejected."""

    sources: list[Source] = field(default_factory=list)
    same: dict[str, list[str]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(slots=True)
class Build:
    """What a build made: the graph, the source texts by Document node, the merges, and the manifest."""

    graph: nx.MultiDiGraph
    documents: dict[str, str]
    merges: list[Merge]
    rejected: list[Rejected]
    manifest: dict[str, Any]


def run(
    paths: Iterable[str | Path],
    *,
    workers: int | None = None,
    corrections: Corrections | None = None,
    base: str = "",
    progress: Progress | None = None,
) -> Build:
    """Builds the graph of the articles in ``paths``; writes nothing. Raises :class:`BuildError` for no article."""
    from kg.across import resolve  # noqa: PLC0415  networkx takes longer to load than --help may
    from kg.graph import assemble  # noqa: PLC0415

    corrections = corrections or Corrections()
    inputs = read(paths)
    if not inputs.sources:
        listed = "".join(f"\n{item}" for item in inputs.rejected)
        raise BuildError(f"no article could be read{':' if listed else '; give .txt or .md files'}{listed}")
    articles = []
    for done in extract_all(inputs.sources, workers, progress):
        if isinstance(done, Article):
            articles.append(corrections.separate(done))
        else:
            inputs.rejected.append(done)
    if not articles:
        listed = "".join(f"\n{item}" for item in inputs.rejected)
        raise BuildError(f"no article could be worked on:{listed}")
    resolution = resolve(articles, corrections)
    graph = assemble(articles, resolution)
    if base:
        graph.graph["base"] = base
    merges = [merge for article in articles for merge in article.merges] + resolution.merges
    built = {article.id for article in articles}
    documents = {source.id: source.text for source in inputs.sources if source.id in built}
    inputs.rejected.sort(key=str)
    manifest = _manifest(graph, articles, inputs, merges, resolution.unmatched)
    return Build(graph, documents, merges, inputs.rejected, manifest)


# --- reading


def read(paths: Iterable[str | Path]) -> Inputs:
    """The sources behind ``paths``; a content that several files have is one source, at the first of their paths."""
    from kg.sources import SourceError, read_all  # noqa: PLC0415

    given = list(paths)
    inputs = Inputs()
    by_id: dict[str, Source] = {}
    for item in read_all(given):
        if isinstance(item, SourceError):
            inputs.rejected.append(Rejected(portable(item.path, given), item.problem, item.advice))
            continue
        source = replace(item, path=portable(item.path, given))
        held = by_id.get(source.id)
        if held is None or source.path < held.path:
            by_id[source.id] = source
        inputs.same.setdefault(source.id, []).append(source.path)
    inputs.sources = [by_id[key] for key in sorted(by_id)]
    return inputs


def portable(path: str, given: Iterable[str | Path]) -> str:
    """The path as outputs show it: relative ones as given, absolute ones from the folder's or file's own name on."""
    clean = Path(path)
    if not clean.is_absolute():
        return clean.as_posix()
    roots = [Path(item) for item in given]
    for root in sorted((root for root in roots if root.is_absolute()), key=lambda root: -len(root.parts)):
        if clean == root or root in clean.parents:
            return clean.relative_to(root.parent).as_posix()
    return clean.name


# --- extracting, one article at a time


def extract_one(source: Source) -> Article | Rejected:
    """One article's facts. An error in it is told and costs no other article (``KG_DEBUG=1`` lets it through)."""
    from kg.extract import extract  # noqa: PLC0415  loads the models
    from kg.repair import document  # noqa: PLC0415

    try:
        return harvest(extract(document(source)))
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        problem = f"the program failed on it ({type(error).__name__}: {error})"
        return Rejected(source.path, " ".join(problem.split()), "please report it with the file")


def extract_all(
    sources: list[Source], workers: int | None = None, progress: Progress | None = None
) -> Iterator[Article | Rejected]:
    """The articles in the order of ``sources``, whatever the number of workers (None: as many as pay)."""
    tell = progress or (lambda done: None)
    wanted = min(os.cpu_count() or 1, 1 + len(sources) // _PER_WORKER) if workers is None else workers
    first, rest = sources[:1], sources[1:]
    for source in first:  # in this process, so that forked workers share what it loads
        yield extract_one(source)
        tell(1)
    if wanted <= 1 or len(rest) <= 1:
        for source in rest:
            yield extract_one(source)
            tell(1)
        return
    with multiprocessing.Pool(min(wanted, len(rest)), initializer=_in_worker) as pool:
        for done in pool.imap(extract_one, rest, chunksize=min(_CHUNK, 1 + len(rest) // (2 * wanted))):
            yield done
            tell(1)


def _in_worker() -> None:
    """Ctrl-C is the parent's business: it ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# --- the manifest


def _manifest(
    graph: nx.MultiDiGraph, articles: list[Article], inputs: Inputs, merges: list[Merge], unmatched: list[str]
) -> dict[str, Any]:
    empty = {article.id for article in articles if not article.entities}
    loose = sum(article.loose for article in articles)
    documents = []
    for article in articles:
        row: dict[str, Any] = {"id": article.id, "path": article.path, "sha256": article.sha256}
        row["encoding"] = article.encoding
        if others := sorted(set(inputs.same[article.id]) - {article.path}):
            row["also"] = others
        documents.append(row)
    return {
        "versions": versions(),
        "counts": {
            "documents": len(articles),
            "nodes": graph.number_of_nodes(),
            "edges": graph.number_of_edges(),
            "by_type": _counted(data["type"] for _, data in graph.nodes(data=True)),
            "by_predicate": _counted(data["predicate"] for _, _, data in graph.edges(data=True)),
            "merges": len(merges),
            "duplicates": sum(len(set(paths)) - 1 for paths in inputs.same.values()),
            "without_entities": len(empty),
            "dangling": loose,
        },
        "documents": documents,
        "rejected": [{"path": r.path, "problem": r.problem, "advice": r.advice} for r in inputs.rejected],
        "without_entities": [article.path for article in articles if article.id in empty],
        "unmatched_corrections": unmatched,
    }


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def versions() -> dict[str, Any]:
    """What the graph depends on besides the articles: this program, the ontology's files, the models' files."""
    from kg import __version__  # noqa: PLC0415

    root = ontology_dir()
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    hashes = {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    whole = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode("utf-8")).hexdigest()
    return {
        "kg": __version__,
        "schema": hashes["schema.toml"],
        "ontology": whole,
        "models": {name: digest for name, digest in hashes.items() if name.startswith("models/")},
    }


# --- writing


def write(build: Build, out: Path, formats: Iterable[str] = tuple(FORMATS)) -> list[str]:
    """Writes the outputs into ``out`` as a set and returns their names. Raises :class:`BuildError`.

    Outputs of an earlier build that this one does not make are removed, lest the folder tell two stories.
    """
    jobs = [job for name in formats for job in FORMATS[name]]
    try:
        out.mkdir(parents=True, exist_ok=True)
        part = out / ".build.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
    except OSError as error:
        raise BuildError(f"{out}: cannot be written to ({error.strerror}); give another folder with -o") from None
    try:
        for file, module, function in jobs:
            getattr(import_module(module), function)(build.graph, part / file, build.documents)
        _write_lines(part / _TEXTS, _text_rows(build))
        _write_lines(part / _MERGES, (_merge_row(merge) for merge in build.merges))
        files = sorted(path.name for path in part.iterdir())
        build.manifest["files"] = {name: _digest(part / name) for name in files}
        text = json.dumps(build.manifest, ensure_ascii=False, indent=2) + "\n"
        (part / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        with _uninterrupted():
            _take_places(part, out, [*files, MANIFEST])
    except OSError as error:
        if error.filename and not str(error.filename).startswith(str(out)):
            raise  # not about the outputs
        raise BuildError(f"{out}: cannot be written to ({error.strerror}); nothing there was changed") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return [*files, MANIFEST]


def _take_places(part: Path, out: Path, files: list[str]) -> None:
    ours = {file for jobs in FORMATS.values() for file, _, _ in jobs}
    if (out / MANIFEST).is_file():
        for stale in sorted(ours - set(files)):
            (out / stale).unlink(missing_ok=True)
    for name in files:
        os.replace(part / name, out / name)


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


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits: the few renames are done all or none."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

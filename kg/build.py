"""The pipeline: files to articles in parallel, articles to one graph. :mod:`kg.outputs` writes what it makes.

Nothing in a build depends on the order of inputs, the number of workers, the clock or the machine.
"""

from __future__ import annotations

import gc
import hashlib
import json
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.article import Article, harvest
from kg.corrections import Corrections
from kg.errors import UserError
from kg.interrupts import handled_by
from kg.model import Merge, Source
from kg.rdf.names import BaseError, checked_base
from kg.schema import ontology_dir

if TYPE_CHECKING:
    import networkx as nx

_CHUNK = 8
_PER_WORKER = 16  # articles that make another worker worth its start

Progress = Callable[[int], None]


class BuildError(UserError):
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
    """What was read: one source a content, in the order of ids; other paths of the same content; what was rejected.

    ``skipped``: files of folders that were passed over though they may hold articles.
    """

    sources: list[Source] = field(default_factory=list)
    same: dict[str, list[str]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    skipped: list[Rejected] = field(default_factory=list)


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
    reporter: Callable[[int], AbstractContextManager[Progress]] | None = None,
) -> Build:
    """Builds the graph of the articles in ``paths``; writes nothing. Raises :class:`BuildError` for no article.

    ``reporter`` takes the number of articles and gives the function that is told of each one done.
    """
    from kg.across import resolve  # noqa: PLC0415  networkx takes longer to load than --help may
    from kg.graph import assemble  # noqa: PLC0415

    corrections = corrections or Corrections()
    if base:
        try:
            checked_base(base)
        except BaseError as error:
            raise BuildError(str(error)) from None
    inputs = read(paths)
    if not inputs.sources:
        listed = "".join(f"\n{item}" for item in [*inputs.rejected, *inputs.skipped])
        raise BuildError(
            f"no article could be read 没有可读的文章{':' if listed else '; give .txt or .md files'}{listed}"
        )
    articles = []
    with reporter(len(inputs.sources)) if reporter else nullcontext(_ignore) as progress:
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
    corrected = {"unmatched_corrections": resolution.unmatched, "left_out_facts": corrections.left_out()}
    manifest = _manifest(graph, articles, inputs, merges) | corrected
    return Build(graph, documents, merges, inputs.rejected, manifest)


# --- reading


def read(paths: Iterable[str | Path]) -> Inputs:
    """The sources behind ``paths``; a content that several files have is one source, at the first of their paths."""
    from kg.sources import SkippedError, SourceError, read_all  # noqa: PLC0415

    given = list(paths)
    inputs = Inputs()
    by_id: dict[str, Source] = {}
    for item in read_all(given):
        if isinstance(item, SourceError):
            told = inputs.skipped if isinstance(item, SkippedError) else inputs.rejected
            told.append(Rejected(portable(item.path, given), item.problem, item.advice))
            continue
        source = replace(item, path=portable(item.path, given))
        held = by_id.get(source.id)
        if held is None or source.path < held.path:
            by_id[source.id] = source
        inputs.same.setdefault(source.id, []).append(source.path)
    inputs.skipped = sorted(set(inputs.skipped), key=str)
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


def _ignore(done: int) -> None:
    pass


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
    sources: list[Source], workers: int | None = None, tell: Progress = _ignore
) -> Iterator[Article | Rejected]:
    """The articles in the order of ``sources``, whatever the number of workers (None: as many as pay)."""
    wanted = min(os.cpu_count() or 1, 1 + len(sources) // _PER_WORKER) if workers is None else workers
    first, rest = sources[:1], sources[1:]
    for source in first:  # in this process, so that forked workers share what it loads
        yield extract_one(source)
        tell(1)
    with _frozen():
        yield from _rest(rest, wanted, tell)


@contextmanager
def _frozen() -> Iterator[None]:
    """Within it neither the collector nor a worker's copy touches what is loaded: it stays."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _rest(rest: list[Source], wanted: int, tell: Progress) -> Iterator[Article | Rejected]:
    if wanted <= 1 or len(rest) <= 1:
        for source in rest:
            yield extract_one(source)
            tell(1)
        return
    method = "fork" if sys.platform == "linux" else None  # forked workers share the models that are loaded
    context = multiprocessing.get_context(method)
    pool = ProcessPoolExecutor(min(wanted, len(rest)), context, _in_worker)
    try:
        with _uninterrupted_start():
            results = pool.map(extract_one, rest, chunksize=min(_CHUNK, 1 + len(rest) // (2 * wanted)))
        for done in results:
            yield done
            tell(1)
    except BrokenProcessPool:
        raise BuildError("a worker process died, perhaps for lack of memory; build with --workers 1") from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted_start() -> Iterator[None]:
    """Ctrl-C waits until the workers are forked: what it raises amid a fork, Python drops."""
    came: list[int] = []
    with handled_by(lambda number, _: came.append(number)) as before:
        yield
    if came and callable(before):
        before(signal.SIGINT, None)


def _in_worker() -> None:
    """Ctrl-C is the parent's business: it ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# --- the manifest


def _manifest(graph: nx.MultiDiGraph, articles: list[Article], inputs: Inputs, merges: list[Merge]) -> dict[str, Any]:
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
            "skipped": len(inputs.skipped),
            "dangling": loose,
        },
        "documents": documents,
        "rejected": [asdict(item) for item in inputs.rejected],
        "skipped": [asdict(item) for item in inputs.skipped],
        "without_entities": [article.path for article in articles if article.id in empty],
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

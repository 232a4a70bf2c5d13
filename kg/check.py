"""Whether a build's folder holds: its files are one set, the graph keeps the contract, every quote is exact.

The texts are those of ``documents.jsonl``; where an article's file is still there with the same SHA-256, that too is
compared. The RDF is checked against ``ontology/shapes.ttl``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx

from kg.graph import documents_of, load
from kg.rdf.values import fragment
from kg.schema import schema

_NEEDED: dict[str, dict[str, Any]] = {
    "Figure": {"indicator": str, "value": (int, float), "unit": str, "base_value": (int, float), "base_unit": str},
    "Document": {"path": str, "sha256": str},
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that does not hold: its kind (files, contract, reference, evidence, shape), where, and what."""

    kind: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.what}"


@dataclass(slots=True)
class Checked:
    """The problems, and how much was looked at; ``shapes`` says why shapes were not checked, '' where they were."""

    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    shapes: str = ""


def check_folder(folder: Path, shapes: bool = True) -> Checked:
    """Checks all that can be checked in ``folder``. Raises :class:`kg.graph.GraphError` where there is no graph."""
    graph = load(folder)
    texts = documents_of(folder)
    checked = Checked()
    for problem in (*_files(folder), *check_graph(graph, texts, checked.counts), *_originals(graph, texts, checked)):
        checked.problems.append(problem)
    if not shapes:
        checked.shapes = "not asked for"
    elif not (folder / "graph.ttl").is_file():
        checked.shapes = "there is no graph.ttl"
    else:
        checked.problems += _shapes(folder, graph, texts)
    checked.problems.sort()
    return checked


def check_graph(
    graph: nx.MultiDiGraph, texts: Mapping[str, str], counts: Counter[str] | None = None
) -> Iterator[Problem]:
    """What is wrong with a graph, given the source text of each Document node."""
    counts = Counter() if counts is None else counts
    for node, data in graph.nodes(data=True):
        counts["nodes"] += 1
        yield from (Problem("contract", str(node), what) for what in _node(graph, node, data))
        if data.get("type") == "Document" and not isinstance(texts.get(node), str):
            yield Problem("reference", str(node), "its text is not in documents.jsonl")
    for source, target, key, data in graph.edges(keys=True, data=True):
        counts["edges"] += 1
        where = f"{source} —{key}→ {target}"
        yield from (Problem("contract", where, what) for what in _edge(graph, source, target, key, data))
        for row in _rows(data):
            counts["evidence"] += 1
            yield from _evidence(where, row, texts, graph)


def _rows(data: Mapping[str, Any]) -> list[Any]:
    """The evidence of an edge; none where it is no list, which the contract tells."""
    evidence = data.get("evidence")
    return evidence if isinstance(evidence, list) else []


# --- the contract


def _node(graph: nx.MultiDiGraph, node: str, data: Mapping[str, Any]) -> Iterator[str]:
    kind = str(data.get("type"))
    if not isinstance(node, str):
        yield "has an id that is not text"
    if not data:
        yield "an edge speaks of it, but there is no such node"
        return
    if kind not in schema().types:
        yield f"has the type {kind!r}; there are {', '.join(schema().types)}"
        return
    if not isinstance(data.get("name"), str) or not data["name"].strip():
        yield "has no name"
    for key, value in data.items():
        strings = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not strings and not isinstance(value, (str, int, float, bool)):
            yield f"{key} is neither a scalar nor a list of strings"
    for key, types in _NEEDED.get(kind, {}).items():
        if not isinstance(data.get(key), types) or isinstance(data.get(key), bool):
            yield f"a {kind} needs {key}"
    subtypes = schema().types[kind].subtypes
    if data.get("subtype") and data["subtype"] not in subtypes:
        yield f"has the subtype {data['subtype']!r}; there are {', '.join(subtypes) or 'none'}"
    if data.get("status") and data["status"] not in list(schema().statuses):
        yield f"has the status {data['status']!r}; there are {', '.join(schema().statuses)}"
    owners = [edge for _, _, edge in graph.out_edges(node, data="predicate") if edge == "figureOf"]
    if kind == "Figure" and len(owners) != 1:
        yield f"has {len(owners)} owners, not one"


def _edge(graph: nx.MultiDiGraph, source: str, target: str, key: str, data: Mapping[str, Any]) -> Iterator[str]:
    predicate = str(data.get("predicate"))
    if predicate not in schema().relations:
        yield f"has the predicate {predicate!r}; there are {', '.join(schema().relations)}"
        return
    status = data.get("status")
    if key not in (predicate, f"{predicate}:{status}"):
        yield f"has the predicate {predicate}, which its key does not tell"
    if (predicate == "reportsStatus") != (status in list(schema().statuses)):
        yield f"has the status {status!r}"
    ends = [str(graph.nodes[end].get("type", "")) for end in (source, target)]
    if all(ends) and not schema().relations[predicate].accepts(ends[0], ends[1]):
        yield f"goes from {ends[0]} to {ends[1]}, which {predicate} may not"
    if not _rows(data):
        yield "has no evidence"


def _evidence(where: str, row: Any, texts: Mapping[str, str], graph: nx.MultiDiGraph) -> Iterator[Problem]:
    if not isinstance(row, dict) or not row.get("rule"):
        yield Problem("evidence", where, "names no rule")
        return
    document = row.get("document")
    if document is not None and (document not in graph or graph.nodes[document].get("type") != "Document"):
        yield Problem("reference", where, f"its evidence names {document}, which is no document here")
        return
    if "start" not in row and "quote" not in row:
        return  # knowledge that no article states
    start, end, quote = row.get("start"), row.get("end"), row.get("quote")
    text = texts.get(str(document))
    if not isinstance(text, str):
        yield Problem("reference", where, f"the text of {document} is missing")
    elif not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        yield Problem("evidence", where, f"{start}:{end} is not a range of {document} ({len(text)} characters)")
    elif text[start:end] != quote:
        yield Problem("evidence", where, f"{document} has {text[start:end]!r} at {start}:{end}, not {quote!r}")


# --- files


def _files(folder: Path) -> Iterator[Problem]:
    """Whether the files are those that build.json tells of."""
    path = folder / "build.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        files = dict(manifest["files"].items())
    except FileNotFoundError:
        yield Problem("files", path.name, "is missing: the build was not finished; build again")
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield Problem("files", path.name, "cannot be read; build again")
        return
    for name, digest in sorted(files.items()):
        try:
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    yield Problem("files", name, "is not the file that build.json tells of; build again")
        except (OSError, ValueError):
            yield Problem("files", name, "build.json tells of it, but it cannot be read")


def _originals(graph: nx.MultiDiGraph, texts: Mapping[str, str], checked: Checked) -> Iterator[Problem]:
    """Compares the texts with the articles' own files where these are found unchanged."""
    for node, data in graph.nodes(data=True):
        if data.get("type") != "Document":
            continue
        checked.counts["documents"] += 1
        try:
            content = Path(str(data.get("path", ""))).read_bytes()
        except (OSError, ValueError):
            continue
        if hashlib.sha256(content).hexdigest() != data.get("sha256"):
            continue
        checked.counts["originals"] += 1
        try:
            same = content.decode(str(data.get("encoding", "utf-8"))) == texts.get(node)
        except (LookupError, ValueError):  # of an encoding that is none, or not the file's
            same = False
        if not same:
            yield Problem("evidence", str(node), f"its text is not that of {data.get('path')}")


def _shapes(folder: Path, graph: nx.MultiDiGraph, texts: dict[str, str]) -> Iterator[Problem]:
    """What is wrong with graph.ttl, save the quotes that are as wrong in graph.json."""
    from kg import shapes  # noqa: PLC0415  the RDF engine is loaded only here

    try:
        found = shapes.check(folder, {node: text for node, text in texts.items() if isinstance(text, str)})
    except (SyntaxError, OSError) as error:
        yield Problem("files", "graph.ttl", f"cannot be read as Turtle ({error}); build again")
        return
    told = _misquoted(graph, texts)
    for problem in found:
        if problem.rule != "quote" or problem.node not in told:
            yield Problem("shape", problem.node, problem.text("en"))


def _misquoted(graph: nx.MultiDiGraph, texts: Mapping[str, str]) -> set[str]:
    """The ids that the graph's wrong evidence has in the RDF."""
    rows = (row for _, _, data in graph.edges(data=True) for row in _rows(data) if isinstance(row, dict))
    wrong = (row for row in rows if any(_evidence("", row, texts, graph)))
    return {f"{row.get('document')}{fragment({'end': '', **row})}" for row in wrong}

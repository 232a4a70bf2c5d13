"""RDF files of the graph, written as a stream: Turtle, N-Triples, JSON-LD, TriG and Turtle of RDF 1.2; and back.

All writers have one signature. The base of the IRIs is ``graph.graph["base"]`` where the user sets one. What the
triples look like is said in :mod:`kg.rdf.mapping`; no blank nodes, no clock, the same bytes for the same graph.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import networkx as nx

from kg.export.atomic import atomic
from kg.rdf.describe import description
from kg.rdf.mapping import Mapper
from kg.rdf.names import base_of
from kg.rdf.read import read_turtle
from kg.rdf.stream import Stream
from kg.rdf.syntax import Block, JsonLd, NTriples, Turtle, Turtle12

__all__ = ["WRITERS", "read_turtle", "write_jsonld", "write_ntriples", "write_trig", "write_turtle", "write_turtle12"]

Documents = dict[str, str]
_BATCH = 512  # blocks that are written at once: few calls, little memory


def _all(mapper: Mapper) -> Iterator[Block]:
    yield from mapper.blocks()
    yield from description(mapper)


def _write_lines(graph: nx.MultiDiGraph, path: Path, syntax: NTriples) -> None:
    with atomic(path) as file:
        mapper = Mapper(graph, syntax)
        file.write(syntax.head())
        file.flush()
        lines = Stream(mapper, syntax).lines()
        while batch := b"".join(islice(lines, _BATCH)):
            file.buffer.write(batch)
        file.writelines(map(syntax.block, description(mapper)))


def write_turtle(graph: nx.MultiDiGraph, path: Path, documents: Documents) -> None:
    """The graph as Turtle (RDF 1.1). ``documents`` is not needed: the quotes stand on the evidence."""
    _write_lines(graph, path, Turtle(base_of(graph)))


def write_ntriples(graph: nx.MultiDiGraph, path: Path, documents: Documents) -> None:
    """The graph as N-Triples: one triple a line, IRIs in full."""
    _write_lines(graph, path, NTriples(base_of(graph)))


def write_jsonld(graph: nx.MultiDiGraph, path: Path, documents: Documents) -> None:
    """The graph as flattened JSON-LD 1.1 with its context inside, one object a line."""
    syntax = JsonLd(base_of(graph))
    with atomic(path) as file:
        context = json.dumps(syntax.context(), ensure_ascii=False)
        file.write(f'{{"@context":{context},\n"@graph":[\n')
        for place, block in enumerate(_all(Mapper(graph, syntax))):
            file.write((",\n" if place else "") + syntax.block(block))
        file.write("\n]}\n")


def write_trig(graph: nx.MultiDiGraph, path: Path, documents: Documents) -> None:
    """The graph as TriG: things in the default graph, facts in one named graph an article (``<article>#facts``).

    A fact that two articles tell stands in both graphs; facts from background knowledge stand in the default graph.
    """
    syntax = Turtle(base_of(graph))
    mapper = Mapper(graph, syntax)
    by_document: dict[str, list[tuple[str, str, str]]] = {}
    for source, target, key, data in graph.edges(keys=True, data=True):
        told_by = {item.get("document", "") for item in data.get("evidence") or ()} or {""}
        for document in sorted(told_by):
            by_document.setdefault(document, []).append((source, target, key))
    with atomic(path) as file:
        file.write(syntax.head())
        for node, data in graph.nodes(data=True):
            file.writelines(map(syntax.block, mapper.described(node, data, [])))
        for document in sorted(by_document):
            name = syntax.iri(mapper.reference(document) + "#facts")
            lines = map(syntax.block, _told(mapper, by_document[document], document))
            file.write("".join(lines) if not document else f"{name} {{\n{''.join(lines)}}}\n")
        file.writelines(map(syntax.block, description(mapper)))


def _told(mapper: Mapper, edges: list[tuple[str, str, str]], document: str) -> Iterator[Block]:
    """The facts that one article tells, with its share of their evidence."""
    for source, target, key in edges:
        data = mapper.graph.edges[source, target, key]
        evidence = [item for item in data.get("evidence") or () if item.get("document", "") == document]
        yield mapper.fact(source, target, key, data)
        yield from mapper.edge(source, target, key, {**data, "evidence": evidence})


def write_turtle12(graph: nx.MultiDiGraph, path: Path, documents: Documents) -> None:
    """The graph as Turtle of RDF 1.2: each fact annotated in place (``~ <statement> {| … |}``), none reified by parts.

    For stores that read RDF 1.2 (Oxigraph, Jena 5.4 or newer); rdflib 7 does not.
    """
    _write_lines(graph, path, Turtle12(base_of(graph)))


WRITERS: dict[str, Callable[[nx.MultiDiGraph, Path, Documents], None]] = {
    "ttl": write_turtle,
    "nt": write_ntriples,
    "jsonld": write_jsonld,
    "trig": write_trig,
    "ttl12": write_turtle12,
}

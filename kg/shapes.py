"""What is wrong with a graph as RDF, in plain words: shapes, quotes, statements that lack their fact.

The part of ``kg check`` that reads graph.ttl; :mod:`kg.check` has the rest. Each problem names the entity, says what
should hold, and what was found.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import networkx as nx
import pyoxigraph as ox

from kg.graph import documents_of
from kg.rdf.describe import description
from kg.rdf.mapping import Mapper
from kg.rdf.names import DEFAULT_BASE, PREFIXES, VOCABULARY, base_of, expand
from kg.rdf.shacl import Shapes
from kg.rdf.syntax import NTriples
from kg.schema import ontology_dir, schema

_LABEL, _URI_SPACE = ox.NamedNode(expand("rdfs:label")), ox.NamedNode(expand("void:uriSpace"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one node or edge. ``rule`` names the shape; ``value`` is what was found, "" if nothing."""

    node: str
    name: str
    rule: str
    zh: str
    en: str
    value: str = ""

    def text(self, language: str = "zh") -> str:
        """One sentence in ``language`` ("zh" or "en")."""
        if language == "en":
            return f"{self.name} ({self.node}): {self.en}" + (f"; found {self.value}" if self.value else "")
        return f"{self.name}（{self.node}）：{self.zh}" + (f"；现为 {self.value}" if self.value else "")

    __str__ = text


@cache
def _shapes() -> Shapes:
    return Shapes(ontology_dir() / "shapes.ttl")


def check(source: Path | nx.MultiDiGraph, documents: dict[str, str] | None = None) -> list[Problem]:
    """All problems of a graph, or of a folder that ``kg build`` wrote (its graph.ttl and documents.jsonl).

    ``documents`` maps Document node ids to source texts; for a folder it is read from documents.jsonl where that
    exists. Without texts the quotes are not compared. FileNotFoundError where the folder holds no graph.ttl,
    SyntaxError where that is not Turtle, GraphError where documents.jsonl cannot be read.
    """
    store = ox.Store()
    if isinstance(source, Path):
        turtle = source / "graph.ttl"
        if not turtle.is_file():
            raise FileNotFoundError(f"{turtle} does not exist: build the graph first (kg build … -o {source})")
        store.bulk_load(path=str(turtle), format=ox.RdfFormat.TURTLE)
        if documents is None:
            documents = documents_of(source) if (source / "documents.jsonl").is_file() else {}
    else:
        store.bulk_load(_triples(source), ox.RdfFormat.N_TRIPLES)
    found = [*_broken(store), *_unpaired(store), *_quotes(store, documents or {})]
    return sorted(set(found), key=lambda p: (p.rule, p.node, p.value))


def violations(turtle: Path) -> list[tuple[str, str]]:
    """The shapes' findings on one Turtle file as (node id, what is wrong in English); quotes are not compared."""
    store = ox.Store()
    store.bulk_load(path=str(turtle), format=ox.RdfFormat.TURTLE)
    found = {*_broken(store), *_unpaired(store)}
    return [(p.node, p.text("en")) for p in sorted(found, key=lambda p: (p.rule, p.node, p.value))]


def _triples(graph: nx.MultiDiGraph) -> bytes:
    syntax = NTriples(base_of(graph))
    mapper = Mapper(graph, syntax)
    text = io.StringIO()
    text.writelines(map(syntax.block, mapper.blocks()))
    text.writelines(map(syntax.block, description(mapper)))
    return text.getvalue().encode()


def _rows(store: ox.Store, query: str) -> Any:
    """The solutions of a SELECT query with our prefixes."""
    return store.query(query, prefixes=PREFIXES)


def _broken(store: ox.Store) -> Iterator[Problem]:
    """What the shapes find."""
    tell = _Teller(store)
    for constraint in _shapes().constraints:
        for row in _rows(store, constraint.query):
            rule = constraint.shape.removeprefix(VOCABULARY)
            zh, en = constraint.messages["zh"], constraint.messages["en"]
            yield Problem(tell.id(row["focus"]), tell.name(row["focus"]), rule, zh, en, tell.value(row["value"]))


def _unpaired(store: ox.Store) -> Iterator[Problem]:
    """Facts without their statement and statements without their fact, which SHACL Core cannot say."""
    tell = _Teller(store)
    query = "SELECT ?statement ?s ?p ?o WHERE { ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }"
    rows = _rows(store, query)
    told = {(row["s"], row["p"], row["o"]): row["statement"] for row in rows}
    facts = set()
    for relation in schema().relations:
        for quad in store.quads_for_pattern(None, ox.NamedNode(VOCABULARY + relation), None):
            facts.add((quad.subject, quad.predicate, quad.object))
    for s, p, o in facts - told.keys():
        zh, en = "事实没有对应的陈述，因而没有依据", "the fact has no statement and so no evidence"
        value = f"{tell.term(p)} {tell.value(o)}"
        yield Problem(tell.id(s), tell.name(s), "fact-without-statement", zh, en, value)
    for fact in told.keys() - facts:
        statement = told[fact]
        zh, en = "陈述所说的事实不在图中", "the fact that the statement tells is not in the graph"
        yield Problem(tell.id(statement), tell.name(statement), "statement-without-fact", zh, en)


_QUOTES = """SELECT ?evidence ?document ?start ?end ?exact WHERE {
  ?evidence a oa:SpecificResource ; oa:hasSource ?document ; oa:hasSelector ?position , ?quote .
  ?position oa:start ?start ; oa:end ?end . ?quote oa:exact ?exact }"""


def _quotes(store: ox.Store, documents: dict[str, str]) -> Iterator[Problem]:
    """Quotes that are not what stands in the source at that place."""
    tell = _Teller(store)
    for row in _rows(store, _QUOTES):
        text = documents.get(tell.id(row["document"]))
        if text is None:
            continue
        quote = row["exact"].value
        try:
            found = text[int(row["start"].value) : int(row["end"].value)]
        except ValueError:
            continue  # a shape tells that it is no number
        if found != quote:
            zh, en = "引文与原文该处不符", "the quote is not what stands at that place of the source"
            yield Problem(tell.id(row["evidence"]), tell.name(row["evidence"]), "quote", zh, en, _short(quote))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


class _Teller:
    """Names for what a problem is about."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        spaces: list[Any] = [q.object for q in store.quads_for_pattern(None, _URI_SPACE, None)]
        self.base: str = spaces[0].value if spaces else DEFAULT_BASE

    def id(self, term: Any) -> str:
        return unquote(term.value.removeprefix(self.base))

    def term(self, term: Any) -> str:
        """A term of the vocabulary by its name, anything else by its id."""
        value: str = term.value
        return value.removeprefix(VOCABULARY) if value.startswith(VOCABULARY) else self.id(term)

    def label(self, term: Any) -> str:
        objects: list[Any] = [q.object for q in self.store.quads_for_pattern(term, _LABEL, None)]
        found: list[str] = sorted(o.value for o in objects)
        return found[0] if found else ""

    def object(self, term: Any, curie: str) -> Any:
        quads = self.store.quads_for_pattern(term, ox.NamedNode(expand(curie)), None)
        return next((q.object for q in quads), None)

    def name(self, term: Any) -> str:
        """The label of an entity, "A —relation→ B" of a statement, the article of a piece of evidence."""
        if self.label(term):
            return self.label(term)
        parts = [self.object(term, f"rdf:{part}") for part in ("subject", "predicate", "object")]
        if all(parts):
            subject, predicate, target = parts
            return f"{self.name(subject)} —{self.term(predicate)}→ {self.name(target)}"
        document = ox.NamedNode(term.value.partition("#")[0])
        return self.label(document) or self.id(document)

    def value(self, term: Any) -> str:
        if term is None:
            return ""
        if isinstance(term, ox.Literal):
            return _short(term.value)
        label = self.label(term)
        return f"{label} ({self.id(term)})" if label else self.term(term)

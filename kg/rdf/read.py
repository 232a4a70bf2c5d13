"""Turtle back into a graph: the inverse of :mod:`kg.rdf.mapping`, whatever order the triples come in."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox

from kg.rdf.mapping import BACKGROUND
from kg.rdf.names import DEFAULT_BASE, VOCABULARY, decode, expand, is_node
from kg.rdf.values import LITERALS
from kg.schema import schema

Values = dict[str, list[Any]]


class Iri(str):
    """A resource among the literal values."""

    __slots__ = ()


_NUMBERS = {expand("xsd:integer"): int, expand("xsd:decimal"): float, expand("xsd:double"): float}
_BOOLEAN, _JSON = expand("xsd:boolean"), expand("rdf:JSON")


def _value(term: Any) -> Any:
    if not isinstance(term, ox.Literal):
        return Iri(term.value if isinstance(term, ox.NamedNode) else str(term))
    datatype = term.datatype.value
    if datatype in _NUMBERS:
        return _NUMBERS[datatype](term.value)
    if datatype == _BOOLEAN:
        return term.value in ("true", "1")
    return json.loads(term.value) if datatype == _JSON else term.value


def _triples(path: Path) -> dict[str, Values]:
    """Subject → predicate → values."""
    found: dict[str, Values] = defaultdict(dict)
    known: dict[str, str] = {}
    for triple in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        predicate = triple.predicate.value
        predicate = known.setdefault(predicate, predicate)
        subject = triple.subject.value
        found[subject].setdefault(predicate, []).append(_value(triple.object))
    return found


def read_turtle(path: Path) -> nx.MultiDiGraph:
    """The graph that :func:`kg.export.rdf.write_turtle` wrote: equal in nodes, edges and every attribute.

    ValueError names the file where it is not Turtle or not one of ours.
    """
    try:
        subjects = _triples(path)
    except SyntaxError as error:
        raise ValueError(f"{path} is not Turtle: {error}") from error
    bases = [v[expand("void:uriSpace")][0] for v in subjects.values() if expand("void:uriSpace") in v]
    if not bases:
        raise ValueError(f"{path} is Turtle, but not written by kg: no void:uriSpace tells the base of its IRIs")
    return _Reader(subjects, str(bases[0])).graph()


class _Reader:
    def __init__(self, subjects: dict[str, Values], base: str) -> None:
        self.subjects, self.base = subjects, base
        self.types, self.statuses = set(schema().types), set(schema().statuses)
        self.subtypes = {s for t in schema().types.values() for s in t.subtypes}
        self.attributes = {expand(p): name for name, p in LITERALS.items()}
        self.attributes.update(
            {expand("rdfs:label"): "name", expand("skos:notation"): "code", expand("dct:title"): "title"}
        )
        self.attributes[expand("dct:issued")] = "date"
        self.extra = base + "attribute/"

    def graph(self) -> nx.MultiDiGraph:
        graph = nx.MultiDiGraph()
        dataset = self.subjects[self.base + "dataset"]
        listed = dataset.get(expand("kg:aliasesAlwaysListed"), [True])[0]
        graph.graph.update(self.extras(dataset))
        if self.base != DEFAULT_BASE:
            graph.graph["base"] = self.base
        statement = expand("rdf:Statement")
        statements = []
        for iri, values in self.subjects.items():
            if statement in values.get(expand("rdf:type"), ()):
                statements.append((iri, values))
            elif iri.startswith(self.base) and is_node(iri[len(self.base) :]):
                graph.add_node(self.id(iri), **self.node(values, listed))
        for iri, values in statements:
            self.edge(graph, iri, values)
        return graph

    def id(self, iri: str) -> str:
        return decode(iri[len(self.base) :])

    def extras(self, values: Values) -> dict[str, Any]:
        """Attributes that the vocabulary does not know."""
        start = len(self.extra)
        return {decode(p[start:]): v[0] for p, v in values.items() if p.startswith(self.extra)}

    def node(self, values: Values, listed: bool) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for iri in values.get(expand("rdf:type"), ()):
            local = iri.removeprefix(VOCABULARY)
            if local != iri:
                data["subtype" if local in self.subtypes and local not in self.types else "type"] = local
        for predicate, found in values.items():
            name = self.attributes.get(predicate)
            if name:
                data[name] = found[0]
        data.update(self.term(values, "status"))
        data.update(self.term(values, "subtype"))
        if expand("kg:within") in values:
            data["within"] = sorted(values[expand("kg:within")], reverse=True)  # nearest, with the longest code, first
        for authors in ("kg:author", "dc:creator"):  # several in a row as printed, or the only one
            if expand(authors) in values:
                data.setdefault("author", values[expand(authors)][0])
        order = values.get(expand("kg:aliasOrder"))
        aliases = order[0] if order else sorted(values.get(expand("skos:altLabel"), ()))
        if aliases or order or (listed and data.get("type") not in (None, "Document", "Figure")):
            data["aliases"] = list(aliases)
        return data | self.extras(values)

    def term(self, values: Values, name: str) -> dict[str, str]:
        found = values.get(expand(f"kg:{name}"))
        return {name: str(found[0]).removeprefix(VOCABULARY)} if found else {}

    def edge(self, graph: nx.MultiDiGraph, iri: str, values: Values) -> None:
        source, target = (self.id(values[expand(f"rdf:{part}")][0]) for part in ("subject", "object"))
        predicate = values[expand("rdf:predicate")][0].removeprefix(VOCABULARY)
        key = values.get(expand("kg:key"), [predicate])[0]
        data = {"predicate": predicate, **self.term(values, "status"), "evidence": self.evidence(values)}
        graph.add_edge(source, target, key=key, **data, **self.extras(values))

    def evidence(self, values: Values) -> list[dict[str, Any]]:
        qualified = values.get(expand("prov:qualifiedDerivation"))
        if qualified:
            parts = [self.subjects[iri] for iri in qualified]
            parts.sort(key=lambda part: part[expand("kg:place")][0])
            return [self.item(part[expand("prov:entity")][0], part) for part in parts]
        found = [self.item(iri, values) for iri in values.get(expand("prov:wasDerivedFrom"), ())]
        return sorted(found, key=lambda item: (item.get("document", ""), item.get("start", -1), item.get("end", -1)))

    def item(self, iri: str, rules: Values) -> dict[str, Any]:
        """One piece of evidence, with the rule that ``rules`` gives."""
        item: dict[str, Any] = {}
        if iri != expand(BACKGROUND):
            item["document"] = self.id(iri.partition("#")[0])
        described = self.subjects.get(iri) if "#" in iri else None
        if described:
            for selector in described[expand("oa:hasSelector")]:
                part = self.subjects[selector]
                for name in ("start", "end", "exact"):
                    if expand(f"oa:{name}") in part:
                        item["quote" if name == "exact" else name] = part[expand(f"oa:{name}")][0]
        rule = rules.get(expand("kg:rule"))
        return {**item, "rule": rule[0]} if rule else item

"""The graph as blocks of triples, one node at a time: what the data looks like in RDF is said here and in kg.ttl.

An edge is written twice: as the plain triple that queries want, and as an ``rdf:Statement`` that carries its status
and its evidence. A piece of evidence is an ``oa:SpecificResource`` whose IRI is the article's with the range of
characters as fragment (RFC 5147), so facts that rest on one sentence share it. PROV's qualified derivation is added
only where a statement's evidence was found by different rules.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import networkx as nx

from kg.rdf.names import encode, statement
from kg.rdf.syntax import Block, Syntax, Token, distinct
from kg.rdf.values import LITERALS, bounds, canonical_order, checked, datatype, fragment, needs_qualification, printed
from kg.schema import schema, toml

Pairs = list[tuple[Token, Token]]

BACKGROUND = "kg:background"


class _Tokens(dict[str, Any]):
    """Tokens by prefixed name, made when first asked for."""

    def __init__(self, make: Callable[[str], Token]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, curie: str) -> Token:
        token = self[curie] = self._make(curie)
        return token


class Mapper:
    """Blocks of one graph in one syntax. ``counts`` and ``triples`` tell afterwards what was handed out."""

    def __init__(self, graph: nx.MultiDiGraph, syntax: Syntax) -> None:
        self.graph, self.syntax, self.base = graph, syntax, syntax.base
        self.units: dict[str, str] = toml("alignment.toml")["units"]
        self.statuses, self.subtypes = set(schema().statuses), {s for t in schema().types.values() for s in t.subtypes}
        self.classes, self.relations = Counter[str](), Counter[str]()
        self.triples = 0
        self._references: dict[str, str] = {}
        self._seen: set[str | bytes] = set()
        self._p = _Tokens(syntax.predicate)
        self._t = _Tokens(syntax.term)

    def reference(self, node: str) -> str:
        found = self._references.get(node)
        if found is None:
            found = self._references[node] = encode(node)
        return found

    @cached_property
    def explicit_aliases(self) -> bool:
        """Whether some entity has no list of aliases, so that an empty list must be told from none."""
        nodes = self.graph.nodes(data=True)
        return any("aliases" not in data for _, data in nodes if data.get("type") not in ("Document", "Figure"))

    def first_time(self, name: str | bytes) -> bool:
        """Whether ``name`` has not been described before; it counts as described from now on."""
        if name in self._seen:
            return False
        self._seen.add(name)
        return True

    def blocks(self) -> Iterator[Block]:
        """Every node with its facts, then its statements and the evidence that was not yet described."""
        nodes = self.graph.nodes
        for node, neighbours in self.graph.adjacency():
            yield from self.described(node, nodes[node], self.facts(neighbours))
            for target, edges in neighbours.items():
                for key, data in edges.items():
                    yield from self.edge(node, target, key, data)

    def described(self, node: str, data: Mapping[str, Any], facts: Pairs) -> Iterator[Block]:
        """A node's attributes and ``facts``, and what belongs to a figure."""
        pairs = self.entity(node, data) + facts
        if pairs:
            yield self.counted(self.syntax.iri(self.reference(node)), pairs)
        if data.get("type") == "Figure":
            yield from self.figure_parts(node, data)

    def edge(self, source: str, target: str, key: str, data: Mapping[str, Any]) -> Iterator[Block]:
        """A reified edge with the evidence that was not yet described."""
        yield from self.reified(source, target, key, data)
        yield from self.evidence(data.get("evidence") or [])

    def reified(self, source: str, target: str, key: str, data: Mapping[str, Any]) -> Iterator[Block]:
        """A reified edge, without its evidence."""
        yield self.statement(source, target, key, data)
        evidence = data.get("evidence") or []
        if len(evidence) > 1 and needs_qualification(evidence):
            yield from self.derivations(statement(source, key, target), evidence)

    def counted(self, subject: Token, pairs: Pairs) -> Block:
        self.triples += len(pairs)
        return Block(subject, pairs)

    # --- nodes

    def entity(self, node: str, data: Mapping[str, Any]) -> Pairs:
        """The node's own attributes."""
        p, s, pairs = self._p, self.syntax, list[tuple[Token, Token]]()
        kind = data.get("type")
        if kind is not None:
            self.classes[checked(kind)] += 1
            pairs.append((p["rdf:type"], s.term(f"kg:{kind}")))
        for key, value in data.items():
            if key == "name":
                pairs.append((p["rdfs:label"], s.zh(value)))
            elif key == "aliases":
                pairs.extend(self.aliases(value, kind))
            elif key in LITERALS:
                pairs.append((p[LITERALS[key]], self.literal(value)))
            elif key not in ("type", "id") and value is not None:
                pairs.extend(self.special(key, value))
        area = data.get("scope") or data.get("area")
        # an article's own area may be a village or a zone too
        owners = [f"{kind}/{area}" for kind in ("administrativearea", "village", "place")] if area else []
        own = next((owner for owner in owners if owner in self.graph), "")
        if own:
            pairs.append((p["dct:spatial"], s.iri(self.reference(own))))
        if kind == "Figure":
            pairs.extend(self.figure(node, data))
        return pairs

    def literal(self, value: Any) -> Token:
        """Any JSON value as a literal that tells its type."""
        if isinstance(value, str):
            return self.syntax.text(value)
        if isinstance(value, bool):
            return self.syntax.boolean(value)
        if isinstance(value, int | float):
            return self.syntax.number(value)
        return self.syntax.typed(json.dumps(value, ensure_ascii=False), "rdf:JSON")

    def aliases(self, aliases: list[str], kind: str | None) -> Pairs:
        """Alternative labels; their order is kept beside them only where it is not that of the characters."""
        property_ = self._p["skos:altLabel"]
        pairs = [(property_, self.syntax.zh(alias)) for alias in dict.fromkeys(aliases)]
        unusual = self.explicit_aliases or kind in ("Document", "Figure")
        if not canonical_order(aliases) or (not aliases and unusual):
            pairs.append((self._p["kg:aliasOrder"], self.literal(list(aliases))))
        return pairs

    def special(self, key: str, value: Any) -> Pairs:
        """Attributes with a form of their own; unknown ones become properties below the base."""
        p, s = self._p, self.syntax
        if key == "subtype" and value in self.subtypes:
            return [(p["rdf:type"], s.term(f"kg:{value}"))]
        if key == "status" and value in self.statuses:
            return [(p["kg:status"], s.term(f"kg:{value}"))]
        if key in ("subtype", "status"):
            return [(p[f"kg:{key}"], self.literal(value))]
        if key == "code" and isinstance(value, str):
            return [(p["skos:notation"], s.typed(value, "kg:DivisionCode"))]
        if key == "title" and isinstance(value, str):
            return [(p["dct:title"], s.zh(value))]
        if key == "within" and isinstance(value, list) and value and canonical_order(value[::-1]):
            return [(p["kg:within"], s.text(area)) for area in value]
        if key == "author" and isinstance(value, str):
            authors = value.split("、")
            row = [(p["kg:author"], s.text(value))] if len(authors) > 1 else []
            return [*((p["dc:creator"], s.text(author)) for author in dict.fromkeys(authors)), *row]
        if key == "date" and isinstance(value, str):
            kind = datatype(value)
            return [(p["dct:issued"], s.typed(value, kind) if kind else s.text(value))]
        return [(s.property(f"attribute/{encode(key)}"), self.literal(value))]

    def figure(self, node: str, data: Mapping[str, Any]) -> Pairs:
        """What a figure says beyond its attributes: as printed, the period's bounds, the observation's parts."""
        p, s, pairs = self._p, self.syntax, list[tuple[Token, Token]]()
        if "value" in data:
            pairs.append((p["kg:printed"], s.text(printed(data["value"], str(data.get("unit", ""))))))
        days = bounds(str(data.get("period", "")))
        if days:
            pairs.append((p["kg:periodStart"], s.typed(days[0], "xsd:date")))
            pairs.append((p["kg:periodEnd"], s.typed(days[1], "xsd:date")))
        if data.get("indicator"):
            pairs.append((p["sosa:observedProperty"], s.iri(f"indicator/{encode(data['indicator'])}")))
        if data.get("base_unit") in self.units and "base_value" in data:
            pairs.append((p["sosa:hasResult"], s.iri(f"{self.reference(node)}#result")))
        return pairs

    def figure_parts(self, node: str, data: Mapping[str, Any]) -> Iterator[Block]:
        """The observation's result in QUDT's terms, and its indicator where it was not yet described."""
        p, s = self._p, self.syntax
        unit = self.units.get(data.get("base_unit", ""))
        if unit and "base_value" in data:
            yield self.counted(
                s.iri(f"{self.reference(node)}#result"),
                [
                    (p["rdf:type"], s.term("qudt:QuantityValue")),
                    (p["qudt:numericValue"], s.number(data["base_value"])),
                    (p["qudt:hasUnit"], s.term(unit)),
                ],
            )
        indicator = str(data.get("indicator") or "")
        reference = f"indicator/{encode(indicator)}"
        if indicator and self.first_time(reference):
            label = (p["rdfs:label"], s.zh(indicator))
            yield self.counted(s.iri(reference), [(p["rdf:type"], s.term("kg:Indicator")), label])

    # --- edges

    def facts(self, neighbours: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Pairs:
        """The plain triples of a node's outgoing edges (target → key → attributes)."""
        predicate, iri, reference = self.syntax.predicate, self.syntax.iri, self.reference
        pairs: Pairs = []
        for target, edges in neighbours.items():
            token = iri(reference(target))
            names = dict.fromkeys(data.get("predicate", key) for key, data in edges.items())
            pairs.extend((predicate(f"kg:{name}"), token) for name in names)
        return pairs

    def fact(self, source: str, target: str, key: str, data: Mapping[str, Any]) -> Block:
        """One edge as a plain triple."""
        pair = (self.syntax.predicate(f"kg:{data.get('predicate', key)}"), self.syntax.iri(self.reference(target)))
        return self.counted(self.syntax.iri(self.reference(source)), [pair])

    def statement(self, source: str, target: str, key: str, data: Mapping[str, Any]) -> Block:
        """The reified edge: its status, its evidence, the rule that found it."""
        p, t, s, reference = self._p, self._t, self.syntax, self.reference
        predicate = checked(data.get("predicate", key))
        self.relations[predicate] += 1
        name = statement(source, key, target)
        pairs = [
            (p["rdf:type"], t["rdf:Statement"]),
            (p["rdf:subject"], s.iri(reference(source))),
            (p["rdf:predicate"], s.term(f"kg:{predicate}")),
            (p["rdf:object"], s.iri(reference(target))),
        ]
        if key != predicate:
            pairs.append((p["kg:key"], self.literal(key)))
        pairs.extend(self.provenance(name, data.get("evidence") or []))
        for attribute, value in data.items():
            if attribute == "status":
                pairs.extend(self.special(attribute, value))
            elif attribute not in ("predicate", "evidence", "key") and value is not None:
                pairs.append((s.property(f"attribute/{encode(attribute)}"), self.literal(value)))
        return self.counted(s.iri(name), pairs)

    def source(self, item: Mapping[str, Any]) -> Token:
        """What a piece of evidence is derived from: a range of an article, an article, or background knowledge."""
        if not item.get("document"):
            return self._t[BACKGROUND]
        return self.syntax.iri(self.reference(item["document"]) + fragment(item))

    def provenance(self, name: str, evidence: list[Mapping[str, Any]]) -> Pairs:
        p, s = self._p, self.syntax
        derived = p["prov:wasDerivedFrom"]
        if len(evidence) == 1:
            pairs = [(derived, self.source(evidence[0]))]
            if "rule" in evidence[0]:
                pairs.append((p["kg:rule"], s.text(evidence[0]["rule"])))
            return pairs
        pairs = distinct((derived, self.source(item)) for item in evidence)
        rules = sorted({item["rule"] for item in evidence if "rule" in item})
        pairs.extend((p["kg:rule"], s.text(rule)) for rule in rules)
        if needs_qualification(evidence):
            qualified = p["prov:qualifiedDerivation"]
            pairs.extend((qualified, s.iri(f"{name}#{place}")) for place in range(1, len(evidence) + 1))
        return pairs

    def derivations(self, name: str, evidence: list[Mapping[str, Any]]) -> Iterator[Block]:
        """Which rule found which evidence, in the order of the graph, where the statement cannot tell."""
        p, s = self._p, self.syntax
        for place, item in enumerate(evidence, 1):
            pairs = [(p["rdf:type"], self._t["prov:Derivation"]), (p["prov:entity"], self.source(item))]
            if "rule" in item:
                pairs.append((p["kg:rule"], s.text(item["rule"])))
            pairs.append((p["kg:place"], s.number(place)))
            yield self.counted(s.iri(f"{name}#{place}"), pairs)

    def evidence(self, evidence: list[Mapping[str, Any]]) -> Iterator[Block]:
        """The ranges of text that are quoted and that were not yet described."""
        p, t, s = self._p, self._t, self.syntax
        for item in evidence:
            if "start" not in item or not item.get("document"):
                continue
            document = self.reference(item["document"])
            start, end = item["start"], item["end"]
            name = f"{document}#char={start},{end}"
            if not self.first_time(name):
                continue
            position, quote = s.iri(f"{document}#position={start},{end}"), s.iri(f"{document}#quote={start},{end}")
            kind, selector = p["rdf:type"], p["oa:hasSelector"]
            pairs = [
                (kind, t["oa:SpecificResource"]),
                (p["oa:hasSource"], s.iri(document)),
                (selector, position),
                (selector, quote),
            ]
            yield self.counted(s.iri(name), pairs)
            pairs = [(p["oa:start"], s.number(start)), (p["oa:end"], s.number(end))]
            yield self.counted(position, [(kind, t["oa:TextPositionSelector"]), *pairs])
            yield self.counted(
                quote, [(kind, t["oa:TextQuoteSelector"]), (p["oa:exact"], s.text(item.get("quote", "")))]
            )

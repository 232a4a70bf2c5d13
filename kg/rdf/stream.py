"""The lines of a graph in a text syntax, fast: what repeats by the ten thousand is filled into templates.

Four triples of five tell of statements with one piece of evidence, and of that evidence. Their text is made once by
the mapping itself, with marks in the place of what differs, and then only filled; all else goes through the mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

import networkx as nx

from kg.rdf.mapping import Mapper
from kg.rdf.names import statement
from kg.rdf.syntax import NTriples, escaped, number, quoted
from kg.rdf.values import bounds, printed

_MARKS = ("ZZ0Source", "ZZ0Target", "ZZ0Document", "ZZ0Rule", "ZZ0Quote", 987654321, 987654322)
_RANGE = "ZZ0Document#{}=987654321,987654322"
_CHARACTERS, _POSITION, _QUOTE = (_RANGE.format(part) for part in ("char", "position", "quote"))
_STATEMENT = ("ZZ0Name", "ZZ0Source", "ZZ0Target", _CHARACTERS, "ZZ0Rule")
_EVIDENCE = (_CHARACTERS, _POSITION, _QUOTE, "ZZ0Document", "987654321", "987654322", "ZZ0Quote")
_FIGURE = (
    *("ZZ0Node", "ZZ0Target", "ZZ0Name", "indicator/ZZ0Indicator", "ZZ0Indicator", "ZZ0Unit", "ZZ0BaseUnit"),
    *("9876-05-01", "9876-05-31", "9876-05", "ZZ0Printed"),
)
# numbers that are written as each datatype is, one for each of a figure's three
_NUMBERS = {
    "xsd:integer": (987654321, 987654322, 987654323),
    "xsd:decimal": (987654321.5, 987654322.5, 987654323.5),
    "xsd:double": (9.87654321e40, 9.87654322e40, 9.87654323e40),
}
_MEASURES = ("value", "base_value", "growth")
_TEXTS = {
    "name": "ZZ0Name",
    "indicator": "ZZ0Indicator",
    "unit": "ZZ0Unit",
    "base_unit": "ZZ0BaseUnit",
    "period": "9876-05",
}
_REQUIRED = ("name", "indicator", "unit", "base_unit", "about")
_FIGURES = frozenset({*_MEASURES, *_TEXTS, "type", "about"})
_USUAL = frozenset({"predicate", "evidence", "status"})


class _Template:
    """Text with places to fill, in the order that the text has them, and how many triples it tells."""

    def __init__(self, text: str, marks: tuple[str, ...], triples: int) -> None:
        parts = re.split(f"({'|'.join(marks)})", text)  # what stands, and every second time a mark
        self._parts = [part.encode() for part in parts]
        plain = [mark.replace("\\", "") for mark in marks]
        self._order = itemgetter(*(plain.index(mark) for mark in parts[1::2]))
        self.triples = triples

    def fill(self, values: tuple[bytes, ...]) -> bytes:
        parts = self._parts.copy()
        parts[1::2] = self._order(values)
        return b"".join(parts)


class Stream:
    """The UTF-8 text of a graph, block by block, in the order of :meth:`kg.rdf.mapping.Mapper.blocks`.

    Bytes, since most of the text is ASCII: joined as ``str``, one Chinese character would widen it all.
    """

    def __init__(self, mapper: Mapper, syntax: NTriples) -> None:
        self.mapper, self.syntax = mapper, syntax
        self._statements: dict[tuple[str, str], _Template] = {}
        self._references: dict[str, bytes] = {}
        self._rules: dict[str, bytes] = {}
        self._indicators: set[str] = set()
        self._figures: dict[tuple[Any, ...], _Template] = {}
        self._evidence = self._evidence_template()

    def lines(self) -> Iterator[bytes]:
        """All of the graph but its description."""
        mapper, block = self.mapper, self.syntax.block
        nodes = mapper.graph.nodes
        for node, neighbours in mapper.graph.adjacency():
            attributes = nodes[node]
            text = self._figure(node, attributes, neighbours) if attributes.get("type") == "Figure" else None
            if text is None:
                described = mapper.described(node, attributes, mapper.facts(neighbours))
                text = "".join(map(block, described)).encode()
            yield text
            for target, edges in neighbours.items():
                for key, data in edges.items():
                    yield self._edge(node, target, key, data)

    def _reference(self, node: str) -> bytes:
        found = self._references.get(node)
        if found is None:
            found = self._references[node] = self.mapper.reference(node).encode()
        return found

    def _edge(self, source: str, target: str, key: str, data: Mapping[str, Any]) -> bytes:
        """A statement and its evidence."""
        mapper = self.mapper
        evidence: list[dict[str, Any]] = data.get("evidence") or []
        predicate = data.get("predicate", key)
        if len(evidence) == 1 and key == predicate and data.keys() <= _USUAL and len(evidence[0]) == 5:
            text = self._usual(source, target, predicate, data, evidence[0])
        else:
            text = "".join(map(self.syntax.block, mapper.reified(source, target, key, data))).encode()
        for item in evidence:
            if "start" not in item or not item.get("document"):
                continue
            document, start, end = self._reference(item["document"]), item["start"], item["end"]
            name = b"%b#char=%d,%d" % (document, start, end)
            if mapper.first_time(name):
                mapper.triples += self._evidence.triples
                position = b"%b#position=%d,%d" % (document, start, end)
                quote = b"%b#quote=%d,%d" % (document, start, end)
                exact, first, last = _inside(item.get("quote", "")), b"%d" % start, b"%d" % end
                text += self._evidence.fill((name, position, quote, document, first, last, exact))
        return text

    def _usual(
        self, source: str, target: str, predicate: str, data: Mapping[str, Any], item: Mapping[str, Any]
    ) -> bytes:
        """A statement of the usual form, with one piece of evidence that has all five parts."""
        mapper, status, rule = self.mapper, data.get("status", ""), item["rule"]
        template = self._statements.get((predicate, status)) or self._statement_template(predicate, status)
        mapper.relations[predicate] += 1
        mapper.triples += template.triples
        if rule not in self._rules:
            self._rules[rule] = _inside(rule)
        return template.fill(
            (
                statement(source, predicate, target).encode(),
                self._reference(source),
                self._reference(target),
                b"%b#char=%d,%d" % (self._reference(item["document"]), item["start"], item["end"]),
                self._rules[rule],
            )
        )

    def _figure(self, node: str, data: Mapping[str, Any], neighbours: Mapping[str, Any]) -> bytes | None:
        """A figure of one thing, with the usual attributes; None for any other."""
        if (
            len(neighbours) != 1
            or not data.keys() <= _FIGURES
            or not data.keys() >= {"value", "base_value", *_REQUIRED}
        ):
            return None
        ((target, edges),) = neighbours.items()
        if edges.keys() != {"figureOf"} or edges["figureOf"].get("predicate") != "figureOf":
            return None
        measures = [number(data[name]) for name in _MEASURES if name in data]
        period = data.get("period", "")
        days = bounds(period)
        unit = self.mapper.units.get(data["base_unit"], "")
        signature = (*data, data["about"], unit, days is None, *(datatype for _, datatype in measures))
        if period and days is None:
            return None
        template = self._figures.get(signature) or self._figure_template(signature, data)
        mapper = self.mapper
        mapper.classes["Figure"] += 1
        mapper.triples += template.triples
        indicator = data["indicator"]
        start, end = days or ("", "")
        values = (
            *(self._reference(node), self._reference(target), _inside(data["name"])),
            *(b"indicator/" + self._reference(indicator), _inside(indicator), _inside(data["unit"])),
            *(_inside(data["base_unit"]), start.encode(), end.encode(), _inside(period)),
            _inside(printed(data["value"], data["unit"])),
            *(text.encode() for text, _ in measures),
        )
        return template.fill(values) + self._indicator(indicator)

    def _figure_template(self, signature: tuple[Any, ...], data: Mapping[str, Any]) -> _Template:
        """What a figure of one signature looks like: attributes, about, unit of QUDT, whether timeless, datatypes."""
        datatypes = signature[len(data) + 3 :]
        marks = {name: value for name, value in {**data, **_TEXTS}.items() if name in data}
        numbers = []
        for place, (name, datatype) in enumerate(zip([m for m in _MEASURES if m in data], datatypes, strict=True)):
            marks[name] = _NUMBERS[datatype][place]
            numbers.append(number(marks[name])[0])
        fresh = Mapper(nx.MultiDiGraph(), self.syntax)
        unit = signature[len(data) + 1]
        fresh.units = {_TEXTS["base_unit"]: unit} if unit else {}
        fresh.first_time("indicator/ZZ0Indicator")
        owner = [(self.syntax.predicate("kg:figureOf"), self.syntax.iri("ZZ0Target"))]
        text = "".join(map(self.syntax.block, fresh.described("ZZ0Node", marks, owner)))
        text = text.replace(quoted(printed(marks["value"], marks["unit"])), '"ZZ0Printed"')
        order = (*_FIGURE, *(re.escape(lexical) for lexical in numbers))
        template = self._figures[signature] = _Template(text, order, fresh.triples)
        return template

    def _indicator(self, indicator: str) -> bytes:
        """The indicator of a figure, where it was not yet described."""
        if indicator in self._indicators:
            return b""
        self._indicators.add(indicator)
        described = self.mapper.figure_parts("", {"indicator": indicator})
        return "".join(map(self.syntax.block, described)).encode()

    def _marked(self) -> dict[str, Any]:
        _, _, document, rule, quote, start, end = _MARKS
        return {"document": document, "start": start, "end": end, "quote": quote, "rule": rule}

    def _statement_template(self, predicate: str, status: str) -> _Template:
        """What a statement of one relation (and status) looks like."""
        source, target = str(_MARKS[0]), str(_MARKS[1])
        data = {"predicate": predicate, "evidence": [self._marked()], **({"status": status} if status else {})}
        block = Mapper(self.mapper.graph, self.syntax).statement(source, target, predicate, data)
        text = self.syntax.block(block).replace(statement(source, predicate, target), "ZZ0Name")
        template = _Template(text, _STATEMENT, len(block.pairs))
        self._statements[predicate, status] = template
        return template

    def _evidence_template(self) -> _Template:
        blocks = list(Mapper(self.mapper.graph, self.syntax).evidence([self._marked()]))
        text = "".join(map(self.syntax.block, blocks))
        return _Template(text, _EVIDENCE, sum(len(block.pairs) for block in blocks))


def _inside(text: str) -> bytes:
    """What stands between the quotes of a literal."""
    return escaped(text).encode()

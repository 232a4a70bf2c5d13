"""The lines of a graph in a text syntax, fast: what repeats by the ten thousand is filled into templates.

Four triples of five tell of statements with one piece of evidence, and of that evidence. Their text is made once by
the mapping itself, with marks in the place of what differs, and then only filled; all else goes through the mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from kg.rdf.mapping import Mapper
from kg.rdf.names import statement
from kg.rdf.syntax import NTriples, quoted

_MARKS = ("ZZ0Source", "ZZ0Target", "ZZ0Document", "ZZ0Rule", "ZZ0Quote", 987654321, 987654322)
_RANGE = "ZZ0Document#{}=987654321,987654322"
_CHARACTERS, _POSITION, _QUOTE = (_RANGE.format(part) for part in ("char", "position", "quote"))
_STATEMENT = ("ZZ0Name", "ZZ0Source", "ZZ0Target", _CHARACTERS, "ZZ0Rule")
_EVIDENCE = (_CHARACTERS, _POSITION, _QUOTE, "ZZ0Document", "987654321", "987654322", "ZZ0Quote")
_USUAL = frozenset({"predicate", "evidence", "status"})


class _Template:
    """Text with places to fill, in the order that the text has them, and how many triples it tells."""

    def __init__(self, text: str, marks: tuple[str, ...], triples: int) -> None:
        parts = re.split(f"({'|'.join(marks)})", text)  # what stands, and every second time a mark
        self._parts = [part.encode() for part in parts]
        self._order = itemgetter(*(marks.index(mark) for mark in parts[1::2]))
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
        self._evidence = self._evidence_template()

    def lines(self) -> Iterator[bytes]:
        """All of the graph but its description."""
        mapper, block = self.mapper, self.syntax.block
        nodes = mapper.graph.nodes
        for node, neighbours in mapper.graph.adjacency():
            described = mapper.described(node, nodes[node], mapper.facts(neighbours))
            yield "".join(map(block, described)).encode()
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
    return quoted(text)[1:-1].encode()

"""Misread place names that the gazetteer proves: 刀镇 in an article on 刁镇街道 is 刁镇."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from kg.gazetteer import gazetteer
from kg.gazetteer.index import lookalikes
from kg.gazetteer.store import Division
from kg.model import Document, Edit


def mend(document: Document, chain: Sequence[Division]) -> Document:
    """The article with look-alike characters in the names of its own area mended.

    ``chain`` is the article's known area and its parents. A form is mended only where the right name stands in the
    article more often than the wrong one, and the wrong one is no division's name itself.
    """
    text = document.text
    edits: list[Edit] = []
    for right in _names(chain):
        times = text.count(right)
        if not times:
            continue
        for wrong in _variants(right):
            seen = text.count(wrong)
            if not seen or seen >= times or gazetteer().lookup(wrong):
                continue
            at = text.find(wrong)
            while at >= 0:
                low, high = document.origin[at], document.origin[at + len(wrong) - 1] + 1
                edits.append(Edit(low, high, document.source.text[low:high], right, "mend_name"))
                at = text.find(wrong, at + 1)
            text = text.replace(wrong, right)
    if not edits:
        return document
    return dataclasses.replace(document, text=text, edits=(*document.edits, *edits))


def _names(chain: Sequence[Division]) -> Iterator[str]:
    """Full names and stems of the town and its county, and the town's villages; longer names first."""
    names: set[str] = set()
    for division in chain:
        if division.level in ("town", "county"):
            names |= {division.name, division.stem}
        if division.level == "town":
            names |= {village.label for village in gazetteer().children(division.code)}
    yield from sorted((name for name in names if len(name) >= 2), key=lambda name: (-len(name), name))


def _variants(name: str) -> Iterator[str]:
    """The name with one character replaced by one that looks like it."""
    table = lookalikes()
    for i, char in enumerate(name):
        for other in table.get(char, ""):
            yield name[:i] + other + name[i + 1 :]

"""The lines of a page, without its numbers and running heads, and without blank lines between all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kg.schema import toml

FULL = 0.8  # of a column's width is a line that reaches its edge
WIDE = 45  # a wider line is a paragraph on one line, not a column of a page
END = 64  # characters at a text's end that tell whether it is closed, or a caption

_CLOSED = re.compile(r"[。！？!?…][”\"'’」』）)\]】*]*$|[。！？][”\"]?[（(][^（()）]{0,20}[)）]$")
_BLANK = "\f\v\x85\u2028\u2029"
_LINE = re.compile(rf"[^\r\n{_BLANK}]*(?:\r\n|[\r\n{_BLANK}]|$)")
_NUMBER = re.compile(r"[0-9]{1,4}")
_PAGE = 10  # lines that a page has at least: bare numbers nearer to each other count something else
_SPREAD = 8  # lines that show how a page is set


@dataclass(slots=True)
class Line:
    """A line of the source without its outer white space."""

    text: str
    start: int
    indented: bool
    blank_before: int

    @property
    def width(self) -> float:
        return sum(0.5 if c.isascii() else 1.0 for c in self.text)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A list of layout.toml as one pattern; ``fresh`` and ``dated`` are anchored at the line's start."""
    joined = "|".join(toml("patterns/layout.toml")[name])
    return re.compile(rf"(?:{joined})")


def is_closed(text: str) -> bool:
    """Does the text end as a sentence does?"""
    return bool(_CLOSED.search(text, max(0, len(text) - END)))


def lines(text: str) -> list[Line]:
    """The text's lines of print; ``\\r\\n``, ``\\r`` and ``\\n`` end a line, form feeds count as blank."""
    return _closed_up(_without_pages(_printed(text)))


def _printed(text: str) -> list[Line]:
    found: list[Line] = []
    blank = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        stripped = raw.strip(" \t\r\n\u3000\xa0\ufeff" + _BLANK)
        if not stripped:
            blank += 1
            continue
        lead = raw.index(stripped[0])
        found.append(Line(stripped, match.start() + lead, lead >= 2 or raw[:1] == "\u3000", blank))
        blank = 0
    return found


def _without_pages(found: list[Line]) -> list[Line]:
    """The lines but for pages' numbers and heads; what goes on behind them stands as if the page had not ended."""
    numbers = {i for i, line in enumerate(found) if pattern("page_number").fullmatch(line.text)} | _bare(found)
    if not numbers:
        return found
    gone = numbers | _heads(found, numbers)
    for i in gone:
        if i + 1 < len(found):
            found[i + 1].blank_before = 0
    return [line for i, line in enumerate(found) if i not in gone]


def _bare(found: Sequence[Line]) -> set[int]:
    """Lines that are a bare number, where such lines count pages: one more each time, a page of lines between them."""
    numbers = [i for i, line in enumerate(found) if _NUMBER.fullmatch(line.text)]
    turns = ((a, b) for a, b in pairwise(numbers) if int(found[b].text) - int(found[a].text) == 1 and b - a > _PAGE)
    return {i for turn in turns for i in turn}


def _heads(found: Sequence[Line], numbers: set[int]) -> set[int]:
    """Short lines beside pages' numbers that stand there again and again; the first one stays."""
    beside = sorted({i + step for i in numbers for step in (-1, 1)} - numbers)
    beside = [i for i in beside if 0 <= i < len(found) and found[i].width < WIDE / 2 and not is_closed(found[i].text)]
    times = Counter(found[i].text for i in beside)
    first = {line.text: i for i, line in reversed(list(enumerate(found)))}
    return {i for i in beside if times[found[i].text] > 1 and i != first[found[i].text]}


def _closed_up(found: list[Line]) -> list[Line]:
    """The lines as if set without the blank lines that stand between all of them, inside sentences too."""
    if len(found) < _SPREAD:
        return found
    between = sorted(line.blank_before for line in found[1:])[len(found) // 20]
    widest = max(line.width for line in found)
    full = [line for line in found if line.width >= FULL * widest]
    cut = sum(line.text[-1].isalnum() for line in full)  # in mid-sentence, not at a mark
    if between and widest < WIDE and len(full) >= _SPREAD / 2 and cut >= len(full) / 2:
        for line in found:
            line.blank_before = max(0, line.blank_before - between)
    return found

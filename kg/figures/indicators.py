"""What a number measures: the words printed before it (工业总产值224.4亿元) or behind it (70名孤困境儿童)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.figures.units import Amount
from kg.model import Span
from kg.schema import toml

LONGEST = 14


@dataclass(frozen=True, slots=True)
class _Rules:
    stop: re.Pattern[str]
    lead: re.Pattern[str]
    trail: re.Pattern[str]
    light: re.Pattern[str]
    verb: re.Pattern[str]
    money: re.Pattern[str]
    capacity: re.Pattern[str]
    size: re.Pattern[str]
    noun_end: re.Pattern[str]
    noun_empty: re.Pattern[str]
    people_verbs: re.Pattern[str]
    area_end: re.Pattern[str]
    quoted: re.Pattern[str]
    attribute: re.Pattern[str]
    helped: re.Pattern[str]


@cache
def _rules() -> _Rules:
    data = toml("patterns/figures.toml")["indicator"]
    verbs = "|".join(sorted(data["verbs"], key=lambda verb: (-len(verb), verb)))
    names = ("stop", "lead", "trail", "light", "noun_end", "noun_empty", "people_verbs", "area_end", "quoted", "attribute", "helped")
    return _Rules(
        **{name: re.compile(data[name]) for name in names},
        verb=re.compile(verbs),
        money=re.compile(data["money_nouns"]),
        capacity=re.compile(data["capacity"]),
        size=re.compile(data["size_nouns"]),
    )


def _strip(text: str, start: int, end: int) -> Span:
    """The span without leading and trailing words that name nothing (累计, 达到, 约)."""
    rules = _rules()
    piece = text[start:end]
    trail = rules.trail.search(piece)
    if trail:
        piece = piece[: trail.start()]
    lead = rules.lead.match(piece)
    offset = lead.end() if lead else 0
    return Span(start + offset, start + len(piece))


def _shorten(text: str, span: Span) -> Span:
    """A long stretch cut to its last phrase: behind the last 的, from a verb on; light verbs go."""
    rules = _rules()
    start, end = span
    of = text.rfind("的", start, end)
    if start <= of < end - 2:
        start = of + 1
    if end - start > LONGEST:
        cuts = [match.start() for match in rules.verb.finditer(text, start, end) if match.end() < end]
        cuts += [match.end() for match in rules.area_end.finditer(text, start, end - 3)]
        start = next((cut for cut in sorted(cuts) if end - cut <= LONGEST), start)
    light = rules.light.match(text[start:end])
    if light and end - start - light.end() >= 3:
        start += light.end()
    return Span(max(start, end - 2 * LONGEST), end)


def left(text: str, start: int, floor: int) -> Span:
    """The phrase before ``start``, not reaching back over ``floor``; an empty span where there is none."""
    rules = _rules()
    window = max(floor, start - 40)
    begin = window
    for match in rules.stop.finditer(text, window, start):
        if match.end() < start or not text[match.end() : start].strip():
            begin = match.end() if match.end() < start else begin
    return _shorten(text, _strip(text, begin, start))


def right(text: str, end: int, counted: bool) -> Span:
    """The noun right behind ``end``; empty where a sign or a verb follows. What is counted may stand behind a 的."""
    rules = _rules()
    begin = end + (match.end() if (match := rules.noun_empty.match(text[end : end + 8])) else 0)
    quoted = rules.quoted.match(text[begin : begin + 24])
    head = begin + quoted.end() if quoted else begin
    stop = rules.noun_end.search(text, head, begin + 28)
    finish = stop.start() if stop else min(len(text), begin + 28)
    if counted and stop and not quoted and (match := rules.attribute.match(text[begin : begin + 30])):
        return Span(begin + match.start(1), begin + match.end(1))
    return Span(begin, min(finish, max(head, begin + LONGEST)))


def indicator(amount: Amount, text: str, floor: int, earlier: int) -> Span:
    """The span of the words that name what ``amount`` measures.

    ``floor`` is the end of the number before (or the start of the sentence), ``earlier`` the start of the sentence.
    """
    before = left(text, amount.start, floor)
    behind = right(text, amount.end, amount.kind in ("count", "people"))
    has_left, has_right = before.end > before.start, behind.end - behind.start >= 2
    direct = text[amount.end : amount.end + 1] != "的"
    if has_left and _rules().capacity.search(text[before.start : before.end]):
        return before
    if has_left and amount.kind in ("count", "people") and _rules().helped.search(text[before.start : before.end]):
        verb = _rules().people_verbs.match(text[amount.end : amount.end + 4])
        if verb:
            return Span(amount.end, amount.end + verb.end())
    if amount.kind in ("count", "people") and has_right:
        if amount.unit.endswith(("人", "人次", "户")) and (
            _rules().people_verbs.match(text[behind.start : behind.end]) and has_left
        ):
            return before
        return behind
    if amount.kind in ("money", "bare") and has_right and direct:
        match = _rules().money.match(text[amount.end : amount.end + 14])
        if match:
            return Span(amount.end + match.start(1), amount.end + match.end(1))
    if amount.kind == "measure" and has_right:
        if not (has_left and _rules().size.search(text[before.start : before.end])) and (direct or not has_left):
            return behind
    if has_left:
        return before
    if has_right:
        return behind
    return _previous(text, amount.start, earlier)


def _previous(text: str, start: int, earlier: int) -> Span:
    """The nearest earlier phrase of the sentence, for amounts with nothing of their own beside them."""
    stops = [match.start() for match in _rules().stop.finditer(text, earlier, start)]
    for stop in reversed(stops):
        span = left(text, stop, earlier)
        if span.end - span.start >= 2 and not text[span.start : span.end][-1].isdigit():
            return span
    return Span(start, start)

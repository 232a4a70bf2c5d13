"""What a number measures: the words printed before it (工业总产值224.4亿元) or behind it (70名孤困境儿童)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise

from kg import segment
from kg.figures.units import Amount
from kg.model import Span
from kg.schema import toml

LONGEST = 18  # characters of a phrase, beyond which it is cut at a verb or an area
ENOUGH = 12  # characters up to which what stands before 的 is kept


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
    places: re.Pattern[str]
    people_verbs: re.Pattern[str]
    area_end: re.Pattern[str]
    quoted: re.Pattern[str]
    attribute: re.Pattern[str]
    only_verb: re.Pattern[str]
    helped: re.Pattern[str]
    digit: re.Pattern[str]
    linked: re.Pattern[str]
    bracket: re.Pattern[str]
    total: re.Pattern[str]
    topic: re.Pattern[str]
    each: re.Pattern[str]
    item: re.Pattern[str]
    dateline: re.Pattern[str]
    said: re.Pattern[str]


@cache
def _rules() -> _Rules:
    data = toml("patterns/figures.toml")["indicator"]
    verbs = "|".join(sorted(data["verbs"], key=lambda verb: (-len(verb), verb)))
    special = {
        "verb": verbs,
        "money": data["money_nouns"],
        "size": data["size_nouns"],
        "digit": r"\d",
    }
    return _Rules(**{one.name: re.compile(special.get(one.name) or data[one.name]) for one in fields(_Rules)})


def _strip(text: str, start: int, end: int) -> Span:
    """The span without leading and trailing words that name nothing (累计, 达到, 约)."""
    rules = _rules()
    piece = text[start:end]
    bounds = segment.bounds(piece)  # 违法行为 does not end in 为, 对接企业 does not begin with 对
    last = at = len(piece)
    while (trail := rules.trail.search(piece, 0, at)) and trail.start() < at:
        at = trail.start()
        last = at if at in bounds else last
    first = at = 0
    while (lead := rules.lead.match(piece, at, last)) and lead.end() > at:
        at = lead.end()
        first = at if at in bounds else first
    return Span(start + first, start + last)


def _shorten(text: str, span: Span) -> Span:
    """A long stretch cut to its last phrase: behind the last 的, from a verb on; light verbs go."""
    rules = _rules()
    start, end = span
    of = text.rfind("的", start, end)
    if start <= of < end - 2 and end - start > ENOUGH:
        start = of + 1
    if end - start > LONGEST:
        cuts = [match.start() for match in rules.verb.finditer(text, start, end) if match.end() < end]
        cuts += [match.end() for match in rules.area_end.finditer(text, start, end) if match.end() < end - 2]
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
        begin = match.end()
    return _balanced(text, _shorten(text, _strip(text, begin, start)))


def opening(text: str, start: int) -> int:
    """Where what a sentence says begins: behind the place, date and reporter of news."""
    dateline = _rules().dateline.match(text, start)
    return dateline.end() if dateline else start


def right(text: str, end: int, counted: bool) -> Span:
    """The noun right behind ``end``; empty where a sign or a verb follows. What is counted may stand behind a 的."""
    rules = _rules()
    begin = end + (match.end() if (match := rules.noun_empty.match(text[end : end + 8])) else 0)
    quoted = rules.quoted.match(text[begin : begin + 24])
    head = begin + quoted.end() if quoted else begin
    stop = rules.noun_end.search(text, head, begin + 28)
    finish = stop.start() if stop else min(len(text), begin + 28)
    if finish > begin and (bracket := rules.bracket.match(text[finish : finish + 8])):
        finish += bracket.end()
    if counted and stop and not quoted and (match := rules.attribute.match(text[begin : begin + 30])):
        return Span(begin + match.start(1), begin + match.end(1))
    finish = _whole_words(text, begin, min(finish, max(head, begin + LONGEST)))
    return Span(begin, _of_places(text, begin, finish) if counted else finish)


def _whole_words(text: str, begin: int, finish: int) -> int:
    """The end moved back to the end of a word, where that leaves a noun (1200户村民原|来只在线下销售)."""
    for word in segment.words(text[begin : finish + 4]):
        if word.start >= 2 and begin + word.start < finish < begin + word.end:
            return begin + word.start
    return finish


def _of_places(text: str, begin: int, finish: int) -> int:
    """The end moved in front of the verb or adverb that tells of counted places (14个村|不同程度受灾)."""
    words = segment.words(text[begin:finish])
    for place, told in pairwise(words):
        named = place.tag.startswith("n") or len(place.text) == 1
        if named and _rules().places.search(place.text) and told.tag in ("v", "d", "p", "a"):
            return begin + place.end
    return finish


def indicator(amount: Amount, text: str, floor: int, last: Span) -> Span | None:
    """The span of the words that name what ``amount`` measures.

    ``floor`` is the end of the number before (or the start of the sentence), ``last`` what that one measures, which
    holds on where only a mark stands between (612户、2748人). None where nothing beside the number names it.
    """
    before = left(text, amount.start, floor)
    behind = right(text, amount.end, amount.kind in ("count", "people"))
    least = 1 if amount.kind == "count" else 2  # 3个村
    has_left, has_right = before.end > before.start, behind.end - behind.start >= least
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
    if amount.kind in ("money", "bare") and has_right:
        match = _rules().money.match(text[amount.end : amount.end + 14])
        if match:
            return Span(amount.end + match.start(1), amount.end + match.end(1))
    verb_only = has_left and bool(_rules().only_verb.match(text[before.start : before.end]))
    verb_only = verb_only or text[amount.start - 1 : amount.start] in ("了", "着")
    if amount.kind in ("measure", "ratio") and has_right and verb_only:
        return behind
    sized = has_left and bool(_rules().size.search(text[before.start : before.end]))
    if amount.kind == "measure" and has_right and not sized and (direct or not has_left):
        return behind
    if has_left:
        return before
    if has_right:
        return behind
    if last and floor >= last.start and _rules().linked.fullmatch(text, floor, amount.start):
        return last
    said = _rules().said.match(text[amount.end : amount.end + 6])
    if said and amount.kind in ("count", "people"):
        return right(text, amount.end + said.end(), counted=True)
    return None


def previous(text: str, start: int, earlier: int) -> Span:
    """The nearest earlier phrase from ``earlier`` on, for amounts with nothing of their own beside them.

    Behind ``,共`` that is the topic of the clause (中草药材以苍术、白芍为主,共2357亩 → 中草药材).
    """
    rules = _rules()
    if rules.total.search(text, earlier, start):
        begin = max(earlier, *(text.rfind(mark, earlier, start) + 1 for mark in ";。:"))
        topic = rules.topic.match(text, begin, start)
        if topic:
            return Span(topic.start(1), topic.end(1))
    begins = [earlier, *(match.end() for match in rules.stop.finditer(text, earlier, start))]
    finish = start
    for begin in reversed(begins):
        digit = rules.digit.search(text, begin, finish)
        span = _balanced(text, _shorten(text, _strip(text, begin, digit.start() if digit else finish)))
        if span.end - span.start >= 2:
            return span
        finish = max(begin - 1, earlier)
    return Span(start, start)


def respectively(amounts: list[Amount], text: str) -> dict[int, Span]:
    """Names for amounts told in a row: 甲、乙分别为1亿元和2亿元 gives 甲 to the first, 乙 to the second."""
    rules = _rules()
    shared: dict[int, Span] = {}
    for index, amount in enumerate(amounts):
        match = rules.each.search(text, max(0, amount.start - 60), amount.start)
        if not match or (index and match.start(1) < amounts[index - 1].end):
            continue
        run = 1
        while index + run < len(amounts) and rules.linked.fullmatch(
            text, amounts[index + run - 1].end, amounts[index + run].start
        ):
            run += 1
        items = [one.span() for one in rules.item.finditer(text, *match.span(1))]
        if run > 1 and len(items) == run:
            shared |= {index + offset: _strip(text, *item) for offset, item in enumerate(items)}
    return shared


def _balanced(text: str, span: Span) -> Span:
    """The span without a quotation mark that has lost its other half."""
    start, end = span
    piece = text[start:end]
    for opening, closing in ("“”", "‘’", "()", '""'):
        odd = piece.count('"') % 2 if opening == closing else piece.count(closing) != piece.count(opening)
        if odd:
            last = max(piece.rfind(opening), piece.rfind(closing))
            if last + 2 < len(piece):
                start, piece = start + last + 1, piece[last + 1 :]
            elif opening == closing or piece.endswith(closing):
                end, piece = end - 1, piece[:-1]
    return Span(start, max(start, end))

"""Whose a figure is where no choice is left: 全镇 in front of it, an enumeration's total, the work that a sum built."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from kg.gazetteer import gazetteer
from kg.model import AREAS, Quantity, Span
from kg.recognize import lists, nation
from kg.relate.context import Context, Placed
from kg.relate.home import level, reference
from kg.relate.owner_features import Before, Owner
from kg.schema import toml

_WORKS = ("Project", "ProjectGroup", "Facility")


def find(context: Context, quantity: Quantity, before: Before | None) -> list[Owner]:
    """The one owner where no choice is left: a list's total, 全镇 in front, or a sentence that begins with 其中."""
    group = _total(context, quantity)
    if group >= 0:
        return [Owner(group, "total", None)]
    if before is not None and (_changed(context, quantity, before.quantity) or _reaches(context, quantity, before)):
        return [Owner(before.owner, "row", None)]
    behind = max(_held(context, quantity), _built(context, quantity))  # never both
    if behind >= 0:
        return [Owner(behind, "object", None)]
    pointed = _paired(context, quantity)
    pointed = pointed if pointed >= 0 else max(_referred(context, quantity), _national(context, quantity))  # never both
    if pointed >= 0:
        return [Owner(pointed, "reference", None)]
    start = context.document.sentence_at(quantity.span.start).start
    named = context.within(start, quantity.span.start)
    if before is not None and context.text.startswith("其中", start) and not named:
        return [Owner(before.owner, "row", None)]
    return []


def _total(context: Context, quantity: Quantity) -> int:
    """The group that closes the enumeration which the figure opens (总投资62亿元的A、B等23个项目), or -1."""
    for placed in context.by_sentence.get(context.document.sentence_at(quantity.span.start).start, []):
        if context.entities[placed.entity].type == "ProjectGroup" and placed.span.start > quantity.span.end:
            links = lists.links(context.text, placed.span)
            if links and 0 <= links[0].start - quantity.span.end <= 2:
                return placed.entity
    return -1


def _changed(context: Context, quantity: Quantity, former: Quantity) -> bool:
    """Is it the new value of what the figure before told the former value of (由220种增加到246种)?"""
    if quantity.indicator_span != former.indicator_span:
        return False
    between = context.text[former.span.end : quantity.span.start]
    return _pattern("changed", "between").fullmatch(between) is not None


def _reaches(context: Context, quantity: Quantity, before: Before) -> bool:
    """Does it say whom the work of the figure before serves (设床位200张，辐射人口12万人), no other name between?"""
    start, end = before.quantity.span.end, quantity.span.start
    goes_on = _pattern("reaching", "between").fullmatch(context.text, start, end) is not None
    kind = context.entities[before.owner].type
    apart = not context.within(start, end + 1)
    return goes_on and apart and kind in ("Project", "Facility", "Place")


def _held(context: Context, quantity: Quantity) -> int:
    """The event that 14届 counts, where it is named right behind, or -1."""
    if quantity.unit != "届":
        return -1
    event = _starting(context, quantity.span.end, 1, ("Event",))  # a quotation mark may stand between
    return event.entity if event else -1


def _built(context: Context, quantity: Quantity) -> int:
    """The one work that the sum built (投资2.6亿元建成甲项目), or -1."""
    start, end = quantity.span
    if quantity.base_unit != "元" or not _pattern("spent", "before").search(context.text[max(0, start - 12) : start]):
        return -1
    verb = _pattern("spent", "behind").match(context.text, end)
    work = _starting(context, verb.end(), 1, _WORKS) if verb else None  # a quotation mark may stand between
    return -1 if work is None or _pattern("spent", "more").match(context.text, work.span.end) else work.entity


@cache
def _pattern(table: str, name: str) -> re.Pattern[str]:
    return re.compile(toml("patterns/home.toml")[table][name])


def _referred(context: Context, quantity: Quantity) -> int:
    """The area or village that 全镇, 该村, 街道 … in front of the figure points back to, or -1.

    The article's own area counts where it is of that level, but after one that its paragraph names instead, else the
    last one mentioned; a name between the word and the figure ends its reach.
    """
    sentence = context.document.sentence_at(quantity.span.start)
    here = context.by_sentence.get(sentence.start, [])
    words = [
        word
        for word in reference().finditer(context.text, sentence.start, quantity.span.start)
        if not any(p.span.contains(Span(*word.span())) for p in here)
    ]
    if not words or any(words[-1].end() <= p.span.start and p.span.end <= quantity.span.start for p in here):
        return -1
    if context.text.find("；", words[-1].end(), quantity.span.start) >= 0:
        return -1
    word, at = words[-1]["level"] or words[-1]["bare"], words[-1].start()
    fitting = (
        p
        for p in reversed(context.placed)
        if p.span.end <= at and context.entities[p.entity].type in AREAS and _is_of(context, p.entity, word)
    )
    last, home = next(fitting, None), context.home
    if home >= 0 and _is_of(context, home, word) and not _instead(context, last, at):
        return home
    return last.entity if last else -1


def _paired(context: Context, quantity: Quantity) -> int:
    """The first or the second of the two last named side by side that 前者, 后者 in front of the figure mean, or -1."""
    sentence = context.document.sentence_at(quantity.span.start)
    words = list(_pattern("paired", "words").finditer(context.text, sentence.start, quantity.span.start))
    if not words or context.within(words[-1].end(), quantity.span.start):
        return -1
    block = context.document.blocks[context.block(quantity.span.start)].span
    named = context.within(block.start, words[-1].start())
    for one, other in reversed(list(pairwise(named))):
        between = context.text[one.span.end : other.span.start]
        kinds = {context.entities[placed.entity].type for placed in (one, other)}
        if (
            (len(kinds) == 1 or kinds <= set(_WORKS))
            and one.entity != other.entity
            and _pattern("paired", "between").fullmatch(between)
        ):
            return one.entity if words[-1]["former"] else other.entity
    return -1


def _instead(context: Context, placed: Placed | None, at: int) -> bool:
    """Does the paragraph name this area before the place, and not the article's own?"""
    start = context.document.blocks[context.block(at)].span.start
    own = any(p.entity == context.home for p in context.within(start, at))
    return placed is not None and placed.span.start >= start and not own


def _national(context: Context, quantity: Quantity) -> int:
    """The country where it is the last name before the figure in its sentence, with no 全镇 behind it, or -1."""
    sentence = context.document.sentence_at(quantity.span.start)
    before = [p for p in context.by_sentence.get(sentence.start, []) if p.span.end <= quantity.span.start]
    if not before or not any(
        mention.rule == nation.RULE and mention.span == before[-1].span
        for mention in context.entities[before[-1].entity].mentions
    ):
        return -1
    between = before[-1].span.end, quantity.span.start
    ended = context.text.find("；", *between) >= 0 or reference().search(context.text, *between)
    return -1 if ended else before[-1].entity


def _is_of(context: Context, entity: int, word: str) -> bool:
    """Is an area of the level that a word names (镇, 省): does a form end in it, or, of a short form, the full name?"""
    area = context.entities[entity]
    known = gazetteer().by_code(area.code) if area.code and level(area) == "other" else None
    return any(form.endswith(word) for form in (area.name, *area.aliases, *([known.name] if known else ())))


def _starting(context: Context, start: int, most: int, types: Sequence[str]) -> Placed | None:
    """The first name of one of the types that starts there or at most so many characters later."""
    near = context.within(start, start + most + 1)
    return next((placed for placed in near if context.entities[placed.entity].type in types), None)

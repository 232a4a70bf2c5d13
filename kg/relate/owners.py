"""Whose a figure is: the project's, the group's, the programme's, the village's, or the reporting area's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile

from kg.model import AREAS, Figure, Quantity, Span
from kg.relate import reader, repeated, settled
from kg.relate.context import Context, Placed
from kg.relate.owner_features import Before, Owner, features
from kg.relate.reader import Reading
from kg.relate.relations import trim
from kg.schema import toml

_NEVER = ("Person", "Honor")  # that own a figure of a later sentence
_REACH = 60  # characters back to a name in the line above


def candidates(context: Context, quantity: Quantity) -> Iterator[Owner]:
    """Entities of the figure's sentence, of the sentence before in the same paragraph, and the article's own area."""
    sentence = context.document.sentence_at(quantity.span.start)
    here = context.by_sentence.get(sentence.start, [])
    nearest: dict[int, tuple[int, Span]] = {}
    titles = [placed.span for placed in here if context.entities[placed.entity].type == "Honor"]
    for placed in here:
        if _lent(context, placed, titles):
            continue
        cost = _cost(placed.span, quantity.span)
        if placed.entity not in nearest or cost < nearest[placed.entity][0]:
            nearest[placed.entity] = (cost, placed.span)
    for entity, (_, span) in sorted(nearest.items()):
        if not _grown(context, span):
            yield Owner(entity, "near", span)
    seen = set(nearest)
    block = context.document.blocks[context.block(sentence.start)].span
    earlier = sorted(s for s in context.by_sentence if block.start <= s < sentence.start)
    if earlier:
        last = context.by_sentence[earlier[-1]]
        if last[0].entity not in seen:
            seen.add(last[0].entity)
            yield Owner(last[0].entity, "before", None)
        first = context.by_sentence[earlier[0]][0].entity
        if first not in seen:
            seen.add(first)
            yield Owner(first, "block", None)
        for kind, placed in sorted(context.latest(sentence.start).items()):
            if kind not in _NEVER and placed.entity not in seen:
                seen.add(placed.entity)
                yield Owner(placed.entity, "latest", None)
    for entity in sorted(set(context.echoed(sentence.start).values()) - seen):
        if context.entities[entity].type != "Village":  # 该村 points to it (settled.py)
            seen.add(entity)
            yield Owner(entity, "latest", None)
    for placed in _speakers(context, quantity):
        if placed.entity not in seen:
            seen.add(placed.entity)
            yield Owner(placed.entity, "latest", None)
    home = -1 if context.home_level == "nation" and _of_a_place(context, here, quantity) else context.home
    for entity, mode in ((_above(context, sentence.start), "above"), (context.topic, "topic"), (home, "home")):
        if entity >= 0 and entity not in seen:
            seen.add(entity)
            yield Owner(entity, mode, None)


def _of_a_place(context: Context, here: Sequence[Placed], quantity: Quantity) -> bool:
    """Does the sentence name an area or a village before the figure? It is hardly the whole country's then."""
    return any(p.span.end <= quantity.span.start and context.entities[p.entity].type in AREAS for p in here)


def _speakers(context: Context, quantity: Quantity) -> list[Placed]:
    """Who speaks of the figure where a paragraph opens with speech: “收入达80万元。”青岚农场负责人王强说.

    Nobody where the speech names something before the figure.
    """
    text, block = context.text, context.document.blocks[context.block(quantity.span.start)].span
    said = _said().match(text, block.start, block.end)
    if not said or not said.start("quote") <= quantity.span.start < said.end("quote"):
        return []
    if context.within(block.start, quantity.span.start):
        return []
    return list(takewhile(lambda p: p.span.end <= said.end(), context.within(said.end("quote"), said.end())))


@cache
def _said() -> re.Pattern[str]:
    """A paragraph that opens with speech, up to the verb of saying."""
    return re.compile(toml("patterns/home.toml")["speech"]["opening"])


def _lent(context: Context, placed: Placed, titles: Sequence[Span]) -> bool:
    """Does an area only stand in a title (滨州市 in 滨州市文明单位)? It owns no figure then."""
    inside = context.entities[placed.entity].type == "AdministrativeArea" and placed.entity != context.home
    return inside and any(title.contains(placed.span) for title in titles)


def _above(context: Context, start: int) -> int:
    """The last name before a paragraph, line or cell that has none before this sentence; or -1."""
    at = context.first_from(start) - 1
    return context.placed[at].entity if at >= 0 and start - context.placed[at].span.end < _REACH else -1


def _grown(context: Context, span: Span) -> bool:
    """Is this what an area grows or makes (以苍术、白芍为主, 主要种植草莓)? Its figures are the area's."""
    words = toml("patterns/home.toml")["grown"]
    clause = context.clause(span.start)
    if re.search(words["before"], context.text[max(0, span.start - 30) : span.start]):
        return True
    main = words["main"]
    behind = context.text[span.end : span.end + 40]
    return main[0] in context.text[clause.start : span.start] and re.match(f"[^，。；]*{main[1]}", behind) is not None


def _cost(span: Span, number: Span) -> int:
    if span.contains(number):
        return -1
    return number.start - span.end if span.end <= number.start else 2 * (span.start - number.end)


def rivals(context: Context, quantity: Quantity, before: Before | None) -> list[Owner]:
    """All candidates, with the owner of the figure before."""
    found = list(candidates(context, quantity))
    if _of_several(quantity):
        found = [owner for owner in found if context.entities[owner.entity].type not in ("Project", "Facility")]
    if before is None or before.owner in {owner.entity for owner in found}:
        return found
    same = context.block(before.quantity.span.start) == context.block(quantity.span.start)
    return [*found, Owner(before.owner, "last" if same else "far", None)]


def _of_several(quantity: Quantity) -> bool:
    """Is it a figure of several works, and so of no single one (三个项目完成投资37.4亿元)?"""
    return re.match(toml("patterns/home.toml")["several"]["indicator"], quantity.indicator) is not None


def placed(context: Context, quantity: Quantity, owner: Owner) -> reader.Pair:
    """Where the reader looks for the figure and a candidate."""
    span = reader.place(context, owner.entity, owner.span, quantity.span.start)
    return reader.Pair(quantity.span, span, owner.span is not None)


def _best(
    reading: Reading, context: Context, quantity: Quantity, offered: list[Owner], before: Before | None
) -> tuple[Owner, float]:
    """The likeliest of the candidates, and how likely; the own area comes before a programme little likelier."""
    rows = [features(context, quantity, owner, offered, before) for owner in offered]
    chances = reading.owners([placed(context, quantity, owner) for owner in offered], rows)
    if any(owner.entity == context.home for owner in offered):
        worth: dict[str, float] = toml("patterns/thresholds.toml")["owners"]
        kinds = [context.entities[owner.entity].type for owner in offered]
        chances = [chance * worth.get(kind, 1) for chance, kind in zip(chances, kinds, strict=True)]
    return likeliest(offered, chances), max(chances)


def likeliest(offered: Sequence[Owner], scores: Sequence[float]) -> Owner:
    """The candidate with the highest score; the first of equal ones."""
    return offered[max(range(len(offered)), key=lambda i: (scores[i], -i))]


def find(context: Context, reading: Reading, quantities: list[Quantity]) -> list[Figure]:
    """Each figure with its owner; figures without any candidate (no entity near, no home area) are left out."""
    found: list[repeated.Sure] = []
    before: Before | None = None
    for quantity in sorted(quantities, key=lambda q: q.span):
        offered = settled.find(context, quantity, before) or rivals(context, quantity, before)
        if not offered:
            continue
        only = len(offered) == 1
        chosen, chance = (offered[0], 1.0) if only else _best(reading, context, quantity, offered, before)
        before = Before(quantity, chosen.entity)
        sentence = trim(context, context.document.sentence_at(quantity.span.start))
        evidence = context.document.evidence(sentence, f"{quantity.rule}:{chosen.mode}")
        found.append((Figure(quantity, context.entities[chosen.entity].key, (evidence,)), chance))
    return repeated.joined(found)

"""Whose a figure is: the project's, the group's, the programme's, the village's, or the reporting area's."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, takewhile

from kg.gazetteer import gazetteer
from kg.model import Figure, Quantity, Span
from kg.recognize import lists, nation
from kg.relate import reader
from kg.relate.context import Context, Placed
from kg.relate.home import level, reference
from kg.relate.owner_features import Before, Owner, features
from kg.relate.reader import Reading
from kg.relate.relations import trim
from kg.schema import toml

_PLACES = ("AdministrativeArea", "Village")
_WORKS = ("Project", "ProjectGroup", "Facility")
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
        if context.entities[entity].type != "Village":  # 该村 points to it: referred()
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
    return any(p.span.end <= quantity.span.start and context.entities[p.entity].type in _PLACES for p in here)


def _speakers(context: Context, quantity: Quantity) -> list[Placed]:
    """Who speaks of the figure where a paragraph opens with speech: “收入达80万元。”青岚农场负责人王强说.

    Nobody where the speech names something before the figure.
    """
    text, block = context.text, context.document.blocks[context.block(quantity.span.start)].span
    said = _said().match(text, block.start, block.end)
    if not said or not said.start("quote") <= quantity.span.start < said.end("quote"):
        return []
    if _first_from(context, block.start) < _first_from(context, quantity.span.start):
        return []
    speakers = islice(context.placed, _first_from(context, said.end("quote")), None)
    return list(takewhile(lambda p: p.span.end <= said.end(), speakers))


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
    at = _first_from(context, start) - 1
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
    if before is None or before.owner in {owner.entity for owner in found}:
        return found
    same = context.block(before.quantity.span.start) == context.block(quantity.span.start)
    return [*found, Owner(before.owner, "last" if same else "far", None)]


def referred(context: Context, quantity: Quantity) -> int:
    """The area or village that 全镇, 该村, 街道 … in front of the figure points back to, or -1.

    The article's own area counts where it is of that level, but after one that its paragraph names instead, else the
    last one mentioned; a name between the word and the figure ends its reach.
    """
    sentence = context.document.sentence_at(quantity.span.start)
    words = list(reference().finditer(context.text, sentence.start, quantity.span.start))
    here = context.by_sentence.get(sentence.start, [])
    if not words or any(words[-1].end() <= p.span.start and p.span.end <= quantity.span.start for p in here):
        return -1
    if context.text.find("；", words[-1].end(), quantity.span.start) >= 0:
        return -1
    word, at = words[-1]["level"] or words[-1]["bare"], words[-1].start()
    fitting = (
        p
        for p in reversed(context.placed)
        if p.span.end <= at and context.entities[p.entity].type in _PLACES and _is_of(context, p.entity, word)
    )
    last, home = next(fitting, None), context.home
    if home >= 0 and _is_of(context, home, word) and not _instead(context, last, at):
        return home
    return last.entity if last else -1


def _instead(context: Context, placed: Placed | None, at: int) -> bool:
    """Does the paragraph name this area before the place, and not the article's own?"""
    start = context.document.blocks[context.block(at)].span.start
    here = takewhile(lambda p: p.span.start < at, islice(context.placed, _first_from(context, start), None))
    return placed is not None and placed.span.start >= start and all(p.entity != context.home for p in here)


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


def _settled(context: Context, quantity: Quantity, before: Before | None) -> list[Owner]:
    """The one owner where no choice is left: a list's total, 全镇 in front, or a sentence that begins with 其中."""
    group = _total(context, quantity)
    if group >= 0:
        return [Owner(group, "total", None)]
    if before is not None and (_changed(context, quantity, before.quantity) or _reaches(context, quantity, before)):
        return [Owner(before.owner, "row", None)]
    behind = max(_held(context, quantity), _built(context, quantity))  # never both
    if behind >= 0:
        return [Owner(behind, "object", None)]
    pointed = max(referred(context, quantity), _national(context, quantity))  # never both
    if pointed >= 0:
        return [Owner(pointed, "reference", None)]
    start = context.document.sentence_at(quantity.span.start).start
    named = any(start <= placed.span.start < quantity.span.start for placed in context.placed)
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
    return re.fullmatch(toml("patterns/home.toml")["changed"]["between"], between) is not None


def _reaches(context: Context, quantity: Quantity, before: Before) -> bool:
    """Does it say whom the work of the figure before serves (设床位200张，辐射人口12万人), no other name between?"""
    start, end = before.quantity.span.end, quantity.span.start
    words = toml("patterns/home.toml")["reaching"]["between"]
    goes_on = re.fullmatch(words, context.text[start:end]) is not None
    kind = context.entities[before.owner].type
    at = _first_from(context, start)
    apart = at == len(context.placed) or context.placed[at].span.start > end
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
    if quantity.base_unit != "元" or not _spent("before").search(context.text[max(0, start - 12) : start]):
        return -1
    verb = _spent("behind").match(context.text, end)
    work = _starting(context, verb.end(), 0, _WORKS) if verb else None
    return -1 if work is None or _spent("more").match(context.text, work.span.end) else work.entity


@cache
def _spent(name: str) -> re.Pattern[str]:
    return re.compile(toml("patterns/home.toml")["spent"][name])


def _first_from(context: Context, start: int) -> int:
    """Which of the placed names is the first that starts there or later."""
    return bisect.bisect_left(context.placed, start, key=lambda placed: placed.span.start)


def _starting(context: Context, start: int, most: int, types: Sequence[str]) -> Placed | None:
    """The first name of one of the types that starts there or at most so many characters later."""
    behind = islice(context.placed, _first_from(context, start), None)
    near = takewhile(lambda placed: placed.span.start <= start + most, behind)
    return next((placed for placed in near if context.entities[placed.entity].type in types), None)


def placed(context: Context, quantity: Quantity, owner: Owner) -> reader.Pair:
    """Where the reader looks for the figure and a candidate."""
    span = reader.place(context, owner.entity, owner.span, quantity.span.start)
    return reader.Pair(quantity.span, span, owner.span is not None)


def _best(reading: Reading, context: Context, quantity: Quantity, offered: list[Owner], before: Before | None) -> Owner:
    """The likeliest of the candidates; the article's own area comes before a programme that is little likelier."""
    rows = [features(context, quantity, owner, offered, before) for owner in offered]
    chances = reading.owners([placed(context, quantity, owner) for owner in offered], rows)
    if any(owner.entity == context.home for owner in offered):
        worth: dict[str, float] = toml("patterns/thresholds.toml")["owners"]
        kinds = [context.entities[owner.entity].type for owner in offered]
        chances = [chance * worth.get(kind, 1) for chance, kind in zip(chances, kinds, strict=True)]
    return likeliest(offered, chances)


def likeliest(offered: Sequence[Owner], scores: Sequence[float]) -> Owner:
    """The candidate with the highest score; the first of equal ones."""
    return offered[max(range(len(offered)), key=lambda i: (scores[i], -i))]


def find(context: Context, reading: Reading, quantities: list[Quantity]) -> list[Figure]:
    """Each figure with its owner; figures without any candidate (no entity near, no home area) are left out."""
    found = []
    before: Before | None = None
    for quantity in sorted(quantities, key=lambda q: q.span):
        offered = _settled(context, quantity, before) or rivals(context, quantity, before)
        if not offered:
            continue
        chosen = offered[0] if len(offered) == 1 else _best(reading, context, quantity, offered, before)
        before = Before(quantity, chosen.entity)
        sentence = trim(context, context.document.sentence_at(quantity.span.start))
        evidence = context.document.evidence(sentence, f"{quantity.rule}:{chosen.mode}")
        found.append(Figure(quantity, context.entities[chosen.entity].key, (evidence,)))
    return found

"""Whose a figure is: the project's, the group's, the programme's, the village's, or the reporting area's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.model import Figure, Quantity, Span
from kg.recognize import lists
from kg.relate.context import Context
from kg.relate.maxent import model
from kg.relate.relations import trim
from kg.relate.triggers import trigger_classes
from kg.schema import toml

_PLACES = ("AdministrativeArea", "Village")


@dataclass(frozen=True, slots=True)
class Owner:
    """A candidate; ``span`` is its nearest mention in the figure's sentence, None when it is not named there."""

    entity: int
    mode: str  # near, before, block, home
    span: Span | None


def candidates(context: Context, quantity: Quantity) -> Iterator[Owner]:
    """Entities of the figure's sentence, of the sentence before in the same paragraph, and the article's own area."""
    sentence = context.document.sentence_at(quantity.span.start)
    here = context.by_sentence.get(sentence.start, [])
    nearest: dict[int, tuple[int, Span]] = {}
    for placed in here:
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
    if context.home >= 0 and context.home not in seen:
        yield Owner(context.home, "home", None)


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


def _bucket(n: int) -> str:
    return (
        str(n)
        if n < 3
        else "3-5"
        if n < 6
        else "6-10"
        if n < 11
        else "11-20"
        if n < 21
        else "21-40"
        if n < 41
        else "41+"
    )


_AREAL = re.compile(
    r"(?:全|我|本|该|辖|各)(?:省|市|县|区|镇|乡|村|街道|社区|旗|州|盟|苏木|园区?|域)|[镇乡县市区村]内|[镇县乡市]里|境内|辖区|街道(?=[^\u4e00-\u9fff]|上|共|现|总|下)"
)


@dataclass(frozen=True, slots=True)
class Before:
    """The figure before this one and who it was given to."""

    quantity: Quantity
    owner: int


def features(
    context: Context, quantity: Quantity, owner: Owner, offered: list[Owner], before: Before | None = None
) -> list[str]:
    """String features of one candidate owner; ``before`` is the figure that stands before this one."""
    kind = context.entities[owner.entity].type
    home = owner.entity == context.home
    tag = f"{kind}{'*' if home else ''}|{owner.mode}"
    indicator = quantity.indicator
    found = [f"t={tag}", f"u={quantity.unit}|{tag}", f"i2={indicator[-2:]}|{tag}", f"i={indicator}|{tag}"]
    found += [f"iw={indicator[:2]}|{tag}", f"name={context.entities[owner.entity].name[-2:]}|{tag}"]
    found += _continued(context, quantity, owner, before, tag)
    near = [rival for rival in offered if rival.span is not None]
    found.append(f"rivals={'+'.join(sorted({context.entities[r.entity].type for r in near}))}|{tag}")
    if owner.span is None:
        sentence = context.document.sentence_at(quantity.span.start)
        lead = context.text[sentence.start : quantity.span.start]
        left = [r for r in near if r.span is not None and r.span.end <= quantity.span.start]
        found += [f"left={'+'.join(sorted({context.entities[r.entity].type for r in left}))}|{tag}"]
        clause = context.clause(quantity.span.start)
        same = [r for r in left if r.span is not None and r.span.start >= clause.start]
        found += [f"cl={'+'.join(sorted({context.entities[r.entity].type for r in same}))}|{tag}"]
        found += [f"trig={c}|{tag}" for c in sorted(set(trigger_classes(lead)))]
        found += [f"lead={lead[:2]}|{tag}"]
        return found
    return found + _placed(context, quantity, owner, near, tag)


def _continued(context: Context, quantity: Quantity, owner: Owner, before: Before | None, tag: str) -> list[str]:
    """Does the row of figures go on with the same owner, and does the text say 全镇, 境内 …?"""
    document = context.document
    sentence = document.sentence_at(quantity.span.start)
    clause = context.clause(quantity.span.start)
    text = context.text
    found = [f"areal={bool(_AREAL.search(text[clause.start : quantity.span.start]))}|{tag}"]
    last = None
    for last in _AREAL.finditer(text, sentence.start, quantity.span.start):  # noqa: B007  the last one counts
        pass
    entity = context.entities[owner.entity]
    if last is not None:
        later = owner.span is not None and last.end() <= owner.span.start
        fits = any(form.endswith(_level(last.group())) for form in (entity.name, *entity.aliases))
        found += [
            f"ref={last.group()[-1]}|{later}|{tag}",
            f"fits={fits}|{later}|{owner.mode}",
            f"fits={fits}|{last.start() >= clause.start}|{entity.type}",
        ]
    if owner.span is not None and quantity.indicator:
        low, high = quantity.indicator_span
        if owner.span.start < high and low < owner.span.end:
            found += [f"named={'start' if owner.span.start <= low else 'in'}|{tag}", f"named|{entity.type}", "named"]
        elif owner.span.end <= low:
            gap = context.text[owner.span.end : low]
            found += [f"gap={min(len(gap), 6)}|{tag}", f"gapc={context.clause_marks(owner.span.end, low)}|{tag}"]
            if len(gap) <= 4:
                found.append(f"gapt={gap}|{entity.type}")
    if owner.span is not None and clause.start <= owner.span.start < quantity.span.start:
        others = sum(
            clause.start <= p.span.start < quantity.span.start for p in context.by_sentence.get(sentence.start, [])
        )
        found += [f"inclause={min(others, 3)}|{tag}", f"clausefirst={owner.span.start - clause.start < 3}|{tag}"]
    if before is not None:
        low, high = before.quantity.span.end, quantity.span.start
        where = (
            "clause"
            if low >= clause.start
            else "sentence"
            if low >= sentence.start
            else "block"
            if context.block(low) == context.block(high)
            else "far"
        )
        stops = text.count("；", low, high) + text.count("。", low, high)
        same = before.owner == owner.entity
        moved = any(low <= placed.span.start < high for placed in context.by_sentence.get(sentence.start, []))
        found += [
            f"same={same}|{where}|{min(stops, 2)}|{moved}",
            f"same={same}|{where}|{tag}|{moved}",
            f"same={same}|{where}|{min(context.clause_marks(low, high), 3)}",
        ]
    return found


def _level(reference: str) -> str:
    """全镇 → 镇, 村内 → 村, 辖区 → 区."""
    return reference[0] if reference[-1] in "内里" else reference[1:] if len(reference) > 1 else reference


def _placed(context: Context, quantity: Quantity, owner: Owner, near: list[Owner], tag: str) -> list[str]:
    number, span, index = quantity.span, owner.span, owner.entity
    assert span is not None
    if span.contains(number):
        return [f"inside|{tag}", f"inside|{tag}|{number.start - span.start < 3}"]
    order = "before" if span.end <= number.start else "after"
    low, high = (span.end, number.start) if order == "before" else (number.end, span.start)
    text = context.text[low:high]
    tag = f"{order}|{tag}"
    between = [
        r for r in near if r.entity != index and r.span is not None and low <= r.span.start and r.span.end <= high
    ]
    kinds = sorted({context.entities[r.entity].type for r in between})
    marks = context.clause_marks(low, high)
    stops = text.count("；") + text.count("。")
    found = [
        f"o={tag}",
        f"d={_bucket(max(high - low, 0))}|{tag}",
        f"m={min(marks, 5)}|{tag}",
        f"st={min(stops, 3)}|{tag}",
    ]
    found += [
        f"btw={'+'.join(kinds)}|{tag}",
        f"nb={min(len(between), 4)}|{tag}",
        f"ms={min(marks, 3)}{min(stops, 2)}{bool(between)}|{tag}",
    ]
    same = sum(context.entities[r.entity].type == context.entities[index].type for r in between)
    found.append(f"same={min(same, 3)}|{tag}")
    if len(text) <= 8:
        found.append(f"txt={text}|{tag}")
    found += [f"b2={text[:2]}|{tag}", f"e2={text[-2:]}|{tag}"]
    found += [f"tr={c}|{tag}" for c in sorted(set(trigger_classes(text)))]
    found += [
        f"i2o={quantity.indicator[-2:]}|{order}|{min(marks, 3)}|{bool(between)}",
        f"u={quantity.unit}|{min(marks, 3)}|{tag}",
    ]
    words = context.words_between(low, high)
    found += [f"w={w.text}|{tag}" for w in words[:6] if len(w.text) > 1 and w.tag[:1] != "m"]
    sentence = context.document.sentence_at(number.start)
    first = context.by_sentence[sentence.start][0]
    found.append(f"first={first.entity == index}|{tag}")
    if order == "after":
        found.append(f"head={text[-1:]}|{_bucket(len(text))}|{tag}")
    return found


def rivals(context: Context, quantity: Quantity, before: Before | None) -> list[Owner]:
    """All candidates, with the owner of the figure before in the same paragraph."""
    found = list(candidates(context, quantity))
    if before is None or before.owner in {owner.entity for owner in found}:
        return found
    if context.block(before.quantity.span.start) == context.block(quantity.span.start):
        found.append(Owner(before.owner, "last", None))
    return found


def referred(context: Context, quantity: Quantity) -> int:
    """The area or village that 全镇, 该村, 街道 … in front of the figure points back to, or -1.

    The article's own area counts where it is of that level, else the last one mentioned that is; a name between the
    word and the figure ends its reach.
    """
    sentence = context.document.sentence_at(quantity.span.start)
    words = list(_reference().finditer(context.text, sentence.start, quantity.span.start))
    here = context.by_sentence.get(sentence.start, [])
    if not words or any(words[-1].end() <= p.span.start and p.span.end <= quantity.span.start for p in here):
        return -1
    if context.text.find("；", words[-1].end(), quantity.span.start) >= 0:
        return -1
    level, at = words[-1]["level"] or words[-1]["bare"], words[-1].start()
    if context.home >= 0 and _ends(context, context.home, level):
        return context.home
    fitting = (
        p.entity
        for p in reversed(context.placed)
        if p.span.end <= at and context.entities[p.entity].type in _PLACES and _ends(context, p.entity, level)
    )
    return next(fitting, -1)


@cache
def _reference() -> re.Pattern[str]:
    return re.compile(toml("patterns/home.toml")["reference"])


def _ends(context: Context, entity: int, level: str) -> bool:
    return any(form.endswith(level) for form in (context.entities[entity].name, *context.entities[entity].aliases))


def _settled(context: Context, quantity: Quantity, before: Before | None) -> list[Owner]:
    """The one owner where no choice is left: a list's total, 全镇 in front, or a sentence that begins with 其中."""
    group = _total(context, quantity)
    if group >= 0:
        return [Owner(group, "total", None)]
    pointed = referred(context, quantity)
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


def find(context: Context, quantities: list[Quantity]) -> list[Figure]:
    """Each figure with its owner; figures without any candidate (no entity near, no home area) are left out."""
    chooser = model("owners")
    found = []
    before: Before | None = None
    for quantity in sorted(quantities, key=lambda q: q.span):
        offered = _settled(context, quantity, before) or rivals(context, quantity, before)
        if not offered:
            continue
        scores = [
            chooser.probabilities(features(context, quantity, owner, offered, before)).get("yes", 0.0)
            for owner in offered
        ]
        chosen = offered[max(range(len(offered)), key=lambda i: (scores[i], -i))]
        before = Before(quantity, chosen.entity)
        sentence = trim(context, context.document.sentence_at(quantity.span.start))
        evidence = context.document.evidence(sentence, f"{quantity.rule}:{chosen.mode}")
        found.append(Figure(quantity, context.entities[chosen.entity].key, (evidence,)))
    return found

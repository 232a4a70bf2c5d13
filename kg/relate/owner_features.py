"""What speaks for and against a candidate owner of a figure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Quantity, Span
from kg.relate.context import Context
from kg.relate.triggers import trigger_classes


@dataclass(frozen=True, slots=True)
class Owner:
    """A candidate; ``span`` is its nearest mention in the figure's sentence, None when it is not named there."""

    entity: int
    mode: str  # near, before, block, latest, above, topic, home, last, far
    span: Span | None


@dataclass(frozen=True, slots=True)
class Before:
    """The figure before this one and who it was given to."""

    quantity: Quantity
    owner: int


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


def features(
    context: Context, quantity: Quantity, owner: Owner, offered: list[Owner], before: Before | None = None
) -> list[str]:
    """String features of one candidate owner; ``before`` is the figure that stands before this one."""
    kind = context.entities[owner.entity].type
    home = owner.entity == context.home
    tag = f"{kind}{'*' if home else '^' if owner.entity == context.topic else ''}|{owner.mode}"
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
        echo = context.echo(owner.entity, Span(sentence.start, quantity.span.start))
        found += [f"echo={echo}|{tag}", f"echo={bool(echo)}|{tag}", f"echo={echo}|{kind}"]
        return [*found, f"away={min(context.away(owner.entity, sentence.start), 4)}|{tag}"]
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

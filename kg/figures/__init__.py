"""Quantities in text: amounts, counts, shares and growth, with period, rank and what they measure.

Five steps, a module each: numbers (numerals), units (a number with its unit), select (which are figures), growth,
periods and indicators. All word lists are data: ``ontology/patterns/figures.toml`` and ``ontology/lexicon/units.tsv``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from kg.figures import growth, select
from kg.figures.indicators import indicator, opening, previous, respectively
from kg.figures.numbers import fold
from kg.figures.periods import Period, head_period, is_stock, printed_periods, so_far
from kg.figures.units import amounts
from kg.model import Quantity, Span

__all__ = ["find"]


def find(text: str, sentences: Sequence[Span], date: str = "", title: str = "") -> list[Quantity]:
    """The quantities of a repaired text, in order; spans count its code points.

    ``sentences`` cover the text in order. ``date`` (ISO) and ``title`` settle months and relative years.
    The rule is ``figure``, ``growth`` (a growth or share without an amount) or ``group-count`` (N个项目).
    """
    folded = fold(text)
    found = amounts(folded)
    rules = [select.rule(amount, folded) for amount in found]
    found, rules = [a for a, r in zip(found, rules, strict=True) if r], [r for r in rules if r]
    grown, used = growth.attach(found, folded)
    spans = _sentences(sentences, len(text))
    starts = [span.start for span in spans]
    title = fold(title)
    timeline = _Timeline(folded, printed_periods(folded, starts, date, title), head_period(folded, date, title))
    annual = {spans[max(0, bisect_right(starts, found[index].start) - 1)].start for index in grown}
    quantities: list[Quantity] = []
    floor, label, sign = 0, Span(0, 0), 0
    shared = respectively(found, folded)
    for index, amount in enumerate(found):
        if index in used:
            floor = amount.end
            continue
        sentence = spans[max(0, bisect_right(starts, amount.start) - 1)]
        begin = min(opening(folded, sentence.start), amount.start)
        before = sign if index and growth.linked(found[index - 1], amount, folded) else 0
        sign, words = 0, amount.start
        if amount.kind == "ratio":
            row = index and growth.linked(found[index - 1], amount, folded)
            sign, words = (before, words) if row else growth.own_sign(amount, folded)
        anchor = amount._replace(start=words) if sign and words >= max(floor, begin) else amount
        label = (
            shared.get(index)
            or indicator(anchor, folded, max(floor, begin), label)
            or previous(folded, anchor.start, begin)
        )
        minus = -1 if (sign < 0 and amount.unit == "%") or select.negative(amount, folded) else 1
        follows = index + 1 in used
        end = found[index + 1].end if follows else amount.end
        quantities.append(
            Quantity(
                span=Span(amount.start, amount.end),
                value=amount.value * minus,
                unit=amount.unit,
                base_value=amount.base_value * minus,
                base_unit=amount.base_unit,
                indicator=text[label.start : label.end],
                indicator_span=label,
                about=amount.about,
                period=timeline.at(amount.start, sentence, sentence.start in annual, folded[label.start : label.end]),
                growth=grown.get(index, sign * amount.value if sign and amount.unit == "%" else None),
                rank=growth.rank(end, folded),
                rule="growth" if sign else rules[index],
            )
        )
        floor = amount.end
    return quantities


def _sentences(sentences: Sequence[Span], length: int) -> Sequence[Span]:
    return sentences if sentences else [Span(0, length)]


class _Timeline:
    """Which period holds at a place: printed before it in its sentence, opened in its paragraph, or the title's."""

    def __init__(self, text: str, found: list[Period], default: str) -> None:
        self._text, self._found, self._default = text, found, default
        self._starts = [period.start for period in found]

    def at(self, position: int, sentence: Span, annual: bool, name: str) -> str:
        """The period at ``position``; sentences that tell growth (``annual``) fall back on the article's own.

        ``name`` is what is measured: up to a month's end, flows are of the months so far and levels of that month.
        """
        index = bisect_right(self._starts, position) - 1
        while index >= 0:
            period = self._found[index]
            if period.start >= sentence.start:
                if not period.local or not any(c.isdigit() for c in self._text[period.end : position]):
                    return so_far(period.value) if period.until and annual and not is_stock(name) else period.value
            elif "\n" in self._text[period.end : position]:
                break
            elif period.carried:
                return period.value
            index -= 1
        return self._default if annual else ""

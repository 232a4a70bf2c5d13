"""Figures that an article tells twice are one figure with both sentences; different things with one number stay two."""

from __future__ import annotations

import pytest

from kg.model import Evidence, Figure, Quantity, Span
from kg.relate.repeated import joined

TOWN, FIRM = "AdministrativeArea/青岚镇", "Organization/青岚春茶业"


def figure(
    start: int, owner: str, value: float, indicator: str, *, period: str = "", growth: float | None = None
) -> Figure:
    span = Span(start, start + 3)
    quantity = Quantity(span, value, "万元", value * 1e4, "元", indicator, span, period=period, growth=growth)
    sentence = start // 100 * 100
    return Figure(quantity, owner, (Evidence("a", sentence, sentence + 50, "…", f"figure:way-{start}"),))


def test_told_twice_it_is_one_figure_with_both_sentences() -> None:
    summary = figure(10, TOWN, 860, "鲜叶加工收入")
    told = figure(310, TOWN, 860, "加工收入", period="2024", growth=8.1)
    (one,) = joined([(summary, 0.6), (told, 0.9)])
    assert one.owner == TOWN
    assert [evidence.start for evidence in one.evidence] == [0, 300]
    assert one.quantity.indicator == "鲜叶加工收入"
    assert (one.quantity.period, one.quantity.growth) == ("2024", 8.1)


def test_of_two_owners_the_likelier_counts() -> None:
    first, second = figure(10, TOWN, 860, "加工收入"), figure(310, FIRM, 860, "加工收入")
    assert [one.owner for one in joined([(first, 0.4), (second, 0.8)])] == [FIRM]
    assert [one.owner for one in joined([(first, 0.8), (second, 0.4)])] == [TOWN]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (figure(10, TOWN, 860, "加工收入"), figure(40, TOWN, 860, "加工收入")),  # a sentence of two things
        (figure(10, TOWN, 860, "加工收入"), figure(310, TOWN, 860, "道路投资")),
        (figure(10, TOWN, 860, "加工收入"), figure(310, TOWN, 861, "加工收入")),
        (figure(10, TOWN, 860, "加工收入", period="2023"), figure(310, TOWN, 860, "加工收入", period="2024")),
        (figure(10, TOWN, 8, "加工收入"), figure(310, FIRM, 8, "加工收入")),
        (figure(10, TOWN, 8_000_000, "加工收入"), figure(310, FIRM, 8_000_000, "加工收入")),
        (figure(10, TOWN, 860, "加工收入"), figure(310, FIRM, 860, "鲜叶收入")),
    ],
)
def test_two_things_stay_two(one: Figure, other: Figure) -> None:
    assert joined([(one, 0.5), (other, 0.5)]) == [one, other]

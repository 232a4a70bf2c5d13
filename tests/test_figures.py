"""Quantities: the cases of cases/figures.yaml, and what must hold for any text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.figures import find
from kg.figures.numbers import chinese, number
from kg.figures.units import units
from kg.model import Span

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "figures.yaml").read_text(encoding="utf-8"))


def sentences(text: str) -> list[Span]:
    return [Span(*match.span()) for match in re.finditer(r"[^。！？\n]*[。！？\n]|[^。！？\n]+$", text)]


def parameters() -> list[Any]:
    rows = []
    for group, cases in CASES.items():
        for case in cases:
            marks = [pytest.mark.xfail(reason=case["known_failure"], strict=True)] if "known_failure" in case else []
            rows.append(pytest.param(case, id=f"{group}: {case['text'][:24]}", marks=marks))
    return rows


@pytest.mark.parametrize("case", parameters())
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    found = find(text, sentences(text), case.get("date", ""), case.get("title", ""))
    figures = [quantity for quantity in found if quantity.rule != "group-count"]
    groups = [[quantity.value, quantity.unit] for quantity in found if quantity.rule == "group-count"]
    assert groups == case.get("groups", [])
    assert [(f.value, f.unit) for f in figures] == [(want["value"], want["unit"]) for want in case["find"]]
    for figure, want in zip(figures, case["find"], strict=True):
        assert figure.indicator == want["indicator"]
        assert figure.about == want.get("about", False), figure.indicator
        assert figure.period == want.get("period", ""), figure.indicator
        assert figure.growth == want.get("growth"), figure.indicator
        assert figure.rank == want.get("rank", ""), figure.indicator
        if "base" in want:
            assert [figure.base_value, figure.base_unit] == want["base"]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("三千五百", 3500),
        ("一万二千", 12000),
        ("三亿零五百万", 305000000),
        ("二点五", 2.5),
    ],
)
def test_chinese_numerals(numeral: str, value: float) -> None:
    assert chinese(numeral) == value


@pytest.mark.parametrize("numeral", ["三五", "七八", "二〇二四"])
def test_no_one_number(numeral: str) -> None:
    assert number(numeral) is None


words = [*units(), *"万亿千百十余多近约超。，、；\n至—第年月日的", "同比增长", "分别为", "项目", "2024年"]
pieces = st.lists(
    st.one_of(
        st.sampled_from(words),
        st.from_regex(r"\A[0-9一二两三十百]{1,4}(\.[0-9]{1,2})?\Z"),
        st.text(alphabet="产值投资农户补贴（）“”ab% ", max_size=5),
    ),
    max_size=30,
).map("".join)


@given(pieces)
def test_any_text(text: str) -> None:
    found = find(text, sentences(text), "2024-05-01", "")
    last = 0
    for quantity in found:
        assert last <= quantity.span.start < quantity.span.end <= len(text)
        assert text[quantity.indicator_span.start : quantity.indicator_span.end] == quantity.indicator
        assert quantity.unit
        last = quantity.span.end
    assert found == find(text, sentences(text), "2024-05-01", "")


def test_no_sentences_given() -> None:
    assert [quantity.unit for quantity in find("新增床位50张", [])] == ["张"]

"""The trained labeller on a text of our own: names with their offsets, the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from kg.model import Mention, Span
from kg.recognize import tagger

TEXT = (
    "江口县双溪镇2024年工作综述。今年以来，由云岭食品有限公司投资3200万元的速冻果蔬加工项目竣工投产。"
    "双溪镇获评全省乡村振兴先进集体，石桥村举办首届双溪枇杷文化节。镇党委书记王建国介绍，该镇推行“网格红管家”工作法。\n"
)


def sentences(text: str) -> list[Span]:
    ends = [at + 1 for at, character in enumerate(text) if character in "。\n"]
    return [Span(start, end) for start, end in zip([0, *ends], ends, strict=False) if end > start]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("双溪镇", "AdministrativeArea"),
        ("石桥村", "Village"),
        ("王建国", "Person"),
        ("云岭食品有限公司", "Organization"),
    ],
)
def test_finds_plain_names(name: str, kind: str) -> None:
    assert (name, kind) in {(m.text, m.type) for m in tagger.find_text(TEXT, sentences(TEXT))}


def test_spans_are_the_text_and_do_not_overlap() -> None:
    found = tagger.find_text(TEXT, sentences(TEXT))
    assert found
    for mention, after in zip(found, [*found[1:], None], strict=True):
        assert TEXT[mention.span.start : mention.span.end] == mention.text
        assert 0 < mention.score <= 1
        assert after is None or mention.span.end <= after.span.start


def test_text_without_names_and_empty_text() -> None:
    assert tagger.find_text("", []) == []
    assert tagger.find_text("\n", [Span(0, 1)]) == []


def test_same_mentions_each_time() -> None:
    assert tagger.find_text(TEXT, sentences(TEXT)) == tagger.find_text(TEXT, sentences(TEXT))


@pytest.mark.parametrize(
    ("tags", "runs"),
    [
        (["O", "B-A", "I-A", "E-A", "S-B"], [(1, 4, "A"), (4, 5, "B")]),
        (["B-A", "B-B", "E-B"], [(0, 1, "A"), (1, 3, "B")]),
        (["I-A", "I-A", "O", "B-B"], [(0, 2, "A"), (3, 4, "B")]),
    ],
)
def test_runs_of_tags(tags: list[str], runs: list[tuple[int, int, str]]) -> None:
    assert list(tagger.spans(tags)) == runs


def test_count_of_a_group() -> None:
    assert tagger.count_of("23个重点项目") == 23
    assert tagger.count_of("一批项目") is None


TAGS = ["O", "B-Project", "I-Project", "E-Project"]


def chances(project: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Of 新修水渠 being a project, in a sentence of seven characters."""
    table = np.zeros((7, len(TAGS)))
    table[:, 0] = 1.0
    for at, tag in enumerate((1, 2, 2, 3), start=2):
        table[at, tag], table[at, 0] = project, 1 - project
    return table


def test_a_name_that_is_a_little_less_likely_than_none_is_offered_too() -> None:
    text, span = "去年新修水渠。", Span(0, 7)
    offered = list(tagger.faint_names(text, span, chances(0.4), TAGS, []))
    assert [(m.text, m.type, m.score, m.rule) for m in offered] == [("新修水渠", "Project", 0.4, tagger.FAINT_RULE)]
    assert not list(tagger.faint_names(text, span, chances(0.15), TAGS, []))


def test_a_name_that_was_found_is_not_offered_again() -> None:
    text, span = "去年新修水渠。", Span(0, 7)
    found = [Mention(Span(2, 6), "新修水渠", "Project", tagger.RULE, 0.6)]
    assert not list(tagger.faint_names(text, span, chances(0.6), TAGS, found))

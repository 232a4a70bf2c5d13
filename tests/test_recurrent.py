"""The recurrent labeller: its probabilities, what a chunk may depend on, well-formed tags."""

from __future__ import annotations

import numpy as np

from kg.model import Span
from kg.recognize import recurrent, tagger
from kg.recognize.features import resources
from kg.recognize.language import Floats, Places, language

FIRST = "双溪镇投资3200万元的云岭食品有限公司速冻果蔬加工项目竣工投产。"
SECOND = "石桥村举办首届双溪枇杷文化节，镇党委书记王建国介绍，该镇推行“网格红管家”工作法，惠及群众1.2万人次。" * 4


def chances(text: str, *spans: Span) -> list[tuple[Places, recurrent.Doubles, list[Floats]]]:
    known = list(tagger.sequences(text, spans, (), resources()))
    batches = language().read(text, [span for span, _ in known])
    return sorted(recurrent.model().chances(batches, known), key=lambda item: item[0][0])


def test_probabilities() -> None:
    text = FIRST + SECOND
    found = chances(text, Span(0, len(FIRST)), Span(len(FIRST), len(text)))
    assert [place for places, *_ in found for place in places] == list(range(len(text)))
    for _, table, layers in found:
        for one in (table, *layers):
            assert np.allclose(one.sum(1), 1)


def test_a_chunk_does_not_depend_on_longer_ones_beside_it() -> None:
    alone = chances(FIRST, Span(0, len(FIRST)))[0][1]
    text = FIRST + SECOND
    beside = chances(text, Span(0, len(FIRST)), Span(len(FIRST), len(text)))[0][1]
    # what repeats in the article is a feature, and so may differ a little; the names may not
    tags = recurrent.model().tags
    assert recurrent.best(alone, tags) == recurrent.best(beside[: len(FIRST)], tags)


def test_best_tags_are_well_formed() -> None:
    tags = ["O", "B-A", "I-A", "E-A", "S-A"]
    table = np.full((3, 5), 0.05)
    table[0, 1], table[1, 0], table[2, 3] = 0.8, 0.5, 0.8  # B O E: the middle has to give way
    table[1, 2] = 0.35
    assert recurrent.best(table, tags) == ["B-A", "I-A", "E-A"]

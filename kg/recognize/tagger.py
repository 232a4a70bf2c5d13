"""The trained sequence labeller: a conditional random field over characters (Lafferty et al. 2001).

The weights stand in ontology/models/tagger.crfsuite.xz, written by training/train_tagger.py. They are applied in
double precision and in a fixed order, so a text gets the same mentions on any machine.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import pycrfsuite

from kg.model import Block, Document, Mention, Span
from kg.recognize.features import (
    Resources,
    block_kinds,
    normalize,
    repetition,
    resources,
    sentence_features,
)
from kg.schema import ontology_dir

RULE = "tagger"
MODEL = "tagger.crfsuite.xz"
_COUNT = re.compile(r"(\d+)\s*(?:个|项|家|大|条|处|座|件|类|批|宗|所|户|期|段|套|种|组|片|对|名|口)?")


@cache
def _weights() -> bytes:
    """The weights, held for the process's life: crfsuite reads them in place and keeps no copy."""
    return lzma.decompress((ontology_dir() / "models" / MODEL).read_bytes())


@cache
def _model() -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(_weights())
    return tagger


def find(document: Document) -> list[Mention]:
    """The names that the labeller sees in an article, in order, with the probability of each as its score.

    Raises FileNotFoundError where the weights are not installed.
    """
    return find_text(document.text, document.sentences, document.blocks)


def find_text(text: str, sentences: Iterable[Span], blocks: Sequence[Block] = ()) -> list[Mention]:
    """The same for a text whose sentences are given as spans."""
    return list(_tagged(_model(), text, tuple(sentences), blocks))


def sequences(
    text: str, sentences: Sequence[Span], blocks: Sequence[Block], known: Resources
) -> Iterator[tuple[Span, list[list[str]]]]:
    """Each sentence without its line end, and the features of its characters. Training uses the same."""
    repeated = repetition(normalize(text))
    kinds = block_kinds([(*block.span, block.kind) for block in blocks], [span.start for span in sentences])
    for span, kind in zip(sentences, kinds, strict=True):
        raw = text[span.start : span.end].rstrip()
        if raw:
            trimmed = Span(span.start, span.start + len(raw))
            yield trimmed, sentence_features(raw, known, repeated, span.start, kind)


def spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The runs that BIOES tags describe; an ill-formed run ends where its type changes or a new one begins."""
    start, current = 0, ""
    for at, tag in enumerate(tags):
        place, _, kind = tag.partition("-")
        if current and (place in "OBS" or kind != current):
            yield start, at, current
            current = ""
        if place != "O" and not current:
            start, current = at, kind
        if place in "ES":
            yield start, at + 1, current
            current = ""
    if current:
        yield start, len(tags), current


def count_of(text: str) -> int | None:
    """The number of members that a group's name prints."""
    found = _COUNT.search(text)
    return int(found[1]) if found else None


def _tagged(
    model: pycrfsuite.Tagger, text: str, sentences: Sequence[Span], blocks: Sequence[Block]
) -> Iterator[Mention]:
    for span, features in sequences(text, sentences, blocks, resources()):
        model.set(features)
        tags = model.tag()
        for start, end, kind in spans(tags):
            score = min(model.marginal(tags[at], at) for at in range(start, end))
            whole = Span(span.start + start, span.start + end)
            name = text[whole.start : whole.end]
            count = count_of(name) if kind == "ProjectGroup" else None
            yield Mention(whole, name, kind, RULE, round(score, 4), count=count)

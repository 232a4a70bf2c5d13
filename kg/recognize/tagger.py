"""The trained sequence labeller: a conditional random field over characters (Lafferty et al. 2001).

Two labellers vote, and a third looks for places inside longer names. The weights stand in
ontology/models/tagger*.crfsuite.xz, written by training/train_tagger.py. They are applied in
double precision and in a fixed order, so a text gets the same mentions on any machine.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
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
from kg.schema import ontology_dir, toml

RULE = "tagger"
INNER_RULE = "tagger:inner"
MODEL = "tagger.crfsuite.xz"  # learnt from annotated articles, renamed copies and news that a teacher labelled
SECOND = "tagger-annotated.crfsuite.xz"  # learnt from annotated articles alone
INNER = "tagger-inner.crfsuite.xz"  # areas, villages and places inside longer names
_LEAST_INNER = 0.5
_TOGETHER, _ALONE = 0.15, 0.6  # what agreement adds to a score, and what is left of a lone voice's
_HOLD_NONE = ("AdministrativeArea", "Person")
_HOLDS = 3  # a name must be longer than this to hold another
_COUNT = re.compile(r"(\d+)\s*(?:个|项|家|大|条|处|座|件|类|批|宗|所|户|期|段|套|种|组|片|对|名|口)?")


@cache
def _weights(name: str) -> bytes:
    return lzma.decompress((ontology_dir() / "models" / name).read_bytes())


def _open(name: str) -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(_weights(name))  # reads where the bytes lie: they must outlive the tagger
    return tagger


@cache
def _model() -> pycrfsuite.Tagger:
    return _open(MODEL)


@cache
def _second() -> pycrfsuite.Tagger:
    return _open(SECOND)


@cache
def _inner() -> pycrfsuite.Tagger:
    return _open(INNER)


def find(document: Document) -> list[Mention]:
    """The names that the labeller sees in an article, in order, with the probability of each as its score.

    Raises FileNotFoundError where the weights are not installed.
    """
    return find_text(document.text, document.sentences, document.blocks)


def find_text(text: str, sentences: Iterable[Span], blocks: Sequence[Block] = ()) -> list[Mention]:
    """The same for a text whose sentences are given as spans. Names inside a longer one follow it."""
    outer, second, inner = _model(), _second(), _inner()
    mentions: list[Mention] = []
    nested: list[Mention] = []
    for span, features in sequences(text, tuple(sentences), blocks, resources()):
        items = pycrfsuite.ItemSequence(features)  # converted once for both layers
        votes = (_tagged(model, items, text, span.start, RULE) for model in (outer, second))
        found = vote(*votes)
        mentions += found
        if any(len(mention.text) > _HOLDS and mention.type not in _HOLD_NONE for mention in found):
            places = _tagged(inner, items, text, span.start, INNER_RULE)
            nested += [place for place in places if any(_inside(place, mention) for mention in found)]
    known = {mention.text for mention in mentions}
    nested = [place for place in nested if _believed(place, known)]
    return sorted([*agreed(mentions), *nested], key=lambda mention: (mention.span.start, -mention.span.end))


def vote(first: Iterable[Mention], second: Iterable[Mention]) -> list[Mention]:
    """What two labellers see: together they are surer than either, alone each is believed less."""
    one = {(mention.span, mention.type): mention for mention in first}
    two = {(mention.span, mention.type): mention for mention in second}
    found = []
    for key in sorted({*one, *two}):
        mention = one.get(key) or two[key]
        score = mention.score * _ALONE
        if key in one and key in two:
            score = min(1.0, (one[key].score + two[key].score) / 2 + _TOGETHER)
        found.append(replace(mention, score=round(score, 4)))
    return found


def agreed(mentions: Sequence[Mention]) -> list[Mention]:
    """One type for a name throughout an article: the one that its mentions are surest of together."""
    votes: dict[str, dict[str, float]] = {}
    for mention in mentions:
        types = votes.setdefault(mention.text, {})
        types[mention.type] = types.get(mention.type, 0.0) + mention.score
    chosen = {name: max(sorted(types), key=types.__getitem__) for name, types in votes.items()}
    return [
        mention if mention.type == chosen[mention.text] else replace(mention, type=chosen[mention.text], count=None)
        for mention in mentions
    ]


def _believed(place: Mention, known: set[str]) -> bool:
    """A bare stem inside a longer name (清泉 in 清泉食品) is an area only where it also stands alone."""
    if place.score < _LEAST_INNER:
        return False
    return place.type == "Place" or place.text.endswith(_suffixes()) or place.text in known


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(toml("models/words.toml")["areas"].split())


def _inside(mention: Mention, other: Mention) -> bool:
    return other.span.contains(mention.span) and other.span != mention.span and other.type != mention.type


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
    model: pycrfsuite.Tagger, items: pycrfsuite.ItemSequence, text: str, offset: int, rule: str
) -> Iterator[Mention]:
    """The mentions of one sentence. A mention is as sure as the least sure of its characters."""
    model.set(items)
    tags = model.tag()
    for start, end, kind in spans(tags):
        score = min(model.marginal(tags[at], at) for at in range(start, end))
        whole = Span(offset + start, offset + end)
        name = text[whole.start : whole.end]
        count = count_of(name) if kind == "ProjectGroup" else None
        yield Mention(whole, name, kind, rule, round(score, 4), count=count)

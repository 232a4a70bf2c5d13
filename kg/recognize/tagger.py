"""The trained sequence labeller (kg/recognize/recurrent.py) on an article, and the names that it finds.

It gives each character a probability for each tag; the likeliest well-formed tags are the names. Two layers of it
look inside longer names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain

import numpy as np

from kg.model import AREAS, Block, Document, Entity, Mention, Span
from kg.recognize import recurrent
from kg.recognize.features import (
    Resources,
    block_kinds,
    normalize,
    repetition,
    resources,
    sentence_features,
)
from kg.recognize.language import Batch, language
from kg.schema import toml

RULE = "tagger"
INNER_RULE = "tagger:inner"
FAINT_RULE = "tagger:faint"
_LEAST_INNER = 0.5
_DOUBT = 0.3  # what "in no name" weighs where fainter names are looked for
_FAINTEST = 0.2  # a character that is less likely in a name is not looked at for that
_HOLD_NONE = ("AdministrativeArea", "Person")
_HOLDS = 3  # a name must be longer than this to hold another
Support = tuple[float, float]  # how likely something is a name of its type, and any name
_COUNT = re.compile(r"(\d[\d,]{0,8})\s*(?:个|项|家|大|条|处|座|件|类|批|宗|所|户|期|段|套|种|组|片|对|名|口)?")


@dataclass(frozen=True)
class Reading:
    """What the labeller sees in an article: the names, and for each character the probability of each tag."""

    text: str
    mentions: list[Mention]
    chances: recurrent.Doubles
    tags: Sequence[str]
    batches: Sequence[Batch] = ()  # what the language model makes of the characters

    def support(self, span: Span, kind: str) -> float:
        """How likely the span is a name of the type: as likely as the least likely of its characters' tags."""
        size = span.end - span.start
        inside = [f"I-{kind}"] * (size - 2)
        wanted = [f"S-{kind}"] if size == 1 else [f"B-{kind}", *inside, f"E-{kind}"]
        numbers = self._numbers
        if not all(tag in numbers for tag in set(wanted)):
            return 0.0
        return float(min(self.chances[span.start + at, numbers[tag]] for at, tag in enumerate(wanted)))

    def supports(self, entities: Iterable[Entity]) -> list[Support]:
        """How surely each entity is seen, at its surest mention."""
        found = []
        for entity in entities:
            spans = [mention.span for mention in entity.mentions]
            found.append((max(self.support(s, entity.type) for s in spans), max(min(self.edges(s)[:2]) for s in spans)))
        return found

    def edges(self, span: Span) -> tuple[float, float, float]:
        """How likely some name begins and ends as the span does, and how likely a character inside is in none."""
        begins = self.chances[span.start, self._places["B"] + self._places["S"]].sum()
        ends = self.chances[span.end - 1, self._places["E"] + self._places["S"]].sum()
        outside = self.chances[span.start : span.end, self._places["O"]].max()
        return float(begins), float(ends), float(outside)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {tag: at for at, tag in enumerate(self.tags)}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        return {place: [at for at, tag in enumerate(self.tags) if tag[0] == place] for place in "BIESO"}


def read(document: Document) -> Reading:
    """An article as the labeller sees it; the names in order, each with its probability as its score.

    Raises FileNotFoundError where the weights are not installed.
    """
    return read_text(document.text, document.sentences, document.blocks)


def find(document: Document) -> list[Mention]:
    """The names that it reads, without the fainter ones."""
    return _sure(read(document).mentions)


def read_text(text: str, sentences: Iterable[Span], blocks: Sequence[Block] = ()) -> Reading:
    """The same for a text whose sentences are given as spans. Names inside a longer one follow it.

    Names that are a little less likely than none, or than others, are among them, with a rule of their own.
    """
    mentions: list[Mention] = []
    nested: list[Mention] = []
    faint: list[Mention] = []
    known = list(sequences(text, tuple(sentences), blocks, resources()))
    labeller = recurrent.model()
    tags, layers = labeller.tags, labeller.layers
    table, *inner = (np.zeros((len(text), len(columns))) for columns in (tags, *layers))
    batches = language().read(text, [span for span, _ in known])
    for places, chances, inside in labeller.chances(batches, known):
        table[places] = chances
        for layer, values in zip(inner, inside, strict=True):
            layer[places] = values
    for span, _ in known:
        found = list(_decoded(text, span, table, tags, RULE))
        mentions += found
        faint += faint_names(text, span, table, tags, found)
        if any(len(mention.text) > _HOLDS and mention.type not in _HOLD_NONE for mention in found):
            held = chain.from_iterable(
                _decoded(text, span, layer, columns, INNER_RULE) for layer, columns in zip(inner, layers, strict=True)
            )
            nested += [name for name in held if any(_inside(name, mention) for mention in found)]
    names = {mention.text for mention in mentions}
    nested = [name for name in nested if _believed(name, names)]
    ordered = sorted(
        [*agreed([*mentions, *faint]), *nested], key=lambda mention: (mention.span.start, -mention.span.end)
    )
    return Reading(text, ordered, table, tags, batches)


def find_text(text: str, sentences: Iterable[Span], blocks: Sequence[Block] = ()) -> list[Mention]:
    """The same for a text whose sentences are given as spans."""
    return _sure(read_text(text, sentences, blocks).mentions)


def _sure(mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.rule != FAINT_RULE]


def _decoded(
    text: str,
    span: Span,
    table: recurrent.Doubles,
    known: Sequence[str],
    rule: str,
    *,
    weights: recurrent.Doubles | float = 1.0,
) -> Iterator[Mention]:
    """The mentions of one sentence. A mention is as sure as the least sure of its characters.

    ``weights`` of the tags say which of two likely readings is taken.
    """
    chances = table[span.start : span.end]
    tags = recurrent.best(chances * weights, known)
    for start, end, kind in spans(tags):
        score = min(float(chances[at, known.index(tags[at])]) for at in range(start, end))
        yield _mention(text, Span(span.start + start, span.start + end), kind, rule, score)


def faint_names(
    text: str, span: Span, table: recurrent.Doubles, tags: Sequence[str], found: Sequence[Mention]
) -> Iterator[Mention]:
    """Names of a sentence that the labeller holds possible where it reads none, or others."""
    outside = tags.index("O")
    nothing = table[span.start : span.end, outside].copy()
    for mention in found:
        nothing[mention.span.start - span.start : mention.span.end - span.start] = 1.0
    if nothing.min(initial=1.0) > 1 - _FAINTEST:
        return
    weights = np.ones(len(tags))
    weights[outside] = _DOUBT
    known = {mention.span for mention in found}
    for mention in _decoded(text, span, table, tags, FAINT_RULE, weights=weights):
        if mention.span not in known:
            yield mention


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


def _believed(name: Mention, known: set[str]) -> bool:
    """A bare stem inside a longer name (清泉 in 清泉食品) is an area only where it also stands alone."""
    if name.score < _LEAST_INNER:
        return False
    return name.type not in AREAS or name.text.endswith(_suffixes()) or name.text in known


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
    bare = trimmed(text, sentences)
    kinds = block_kinds([(*block.span, block.kind) for block in blocks], [span.start for span in bare])
    for span, kind in zip(bare, kinds, strict=True):
        yield span, sentence_features(text[span.start : span.end], known, repeated, span.start, kind)


def trimmed(text: str, sentences: Iterable[Span]) -> list[Span]:
    """Sentences without their line ends; those of white space alone are left out."""
    sizes = [(span.start, len(text[span.start : span.end].rstrip())) for span in sentences]
    return [Span(start, start + size) for start, size in sizes if size]


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
    return int(found[1].replace(",", "")) if found else None


def _mention(text: str, span: Span, kind: str, rule: str, score: float) -> Mention:
    name = text[span.start : span.end]
    return Mention(span, name, kind, rule, round(score, 4), count=count_of(name) if kind == "ProjectGroup" else None)

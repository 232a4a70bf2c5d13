"""The reader of facts: which pairs of names are related, how far projects are, whose figures are.

Upon the language model's states (kg/recognize/language.py) a pair of LSTMs reads the article with its names and
figures marked. A candidate is judged by the states at its names (Lample et al. 2016 for the layers; the start and end
states of a mention as in Lee et al. 2017, https://aclanthology.org/D17-1018), the mean of the states between them,
what it looks at around them (kg/relate/attention.py), and by string features, whose weights are learnt beside it.
Trained by training/reader.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from kg.model import Quantity, Span
from kg.recognize.language import Batch, Floats, Graph, Places, load, softmax, together
from kg.relate import attention
from kg.relate.context import Context
from kg.schema import ontology_dir

MODEL = "reader.npz"
NONE = "none"  # the label of pairs that are not related, and of works whose status is not told
SLIGHT = 0.1  # chance of a place that still counts as telling something
FAR = 150  # characters between two names that are still averaged
STRETCH = 360  # characters that are read in one go
K = TypeVar("K", int, tuple[int, int])
P = TypeVar("P")
_PLACES = ("B", "I", "E", "S")
_TASKS = ("relations", "statuses", "owners")
LOOKING = _TASKS  # the tasks whose candidates look at what stands around them


@dataclass(frozen=True)
class Stretch:
    """Some sentences that are read in one go: the places of their characters, and the language model's states."""

    places: Places
    _parts: Sequence[Floats]

    @property
    def states(self) -> Floats:
        """Put together only when asked for: they are most of what an article needs of memory."""
        return np.concatenate(self._parts)


def stretches(batches: Sequence[Batch]) -> list[Stretch]:
    """The chunks of the language model in the order of the text, neighbours put together."""
    chunks = [(places, batch.states[: len(places), at]) for batch in batches for at, places in batch.columns()]
    groups: list[list[tuple[Places, Floats]]] = []
    size = 0
    for places, states in sorted(chunks, key=lambda chunk: int(chunk[0][0])):
        if not groups or size + len(places) > STRETCH:
            groups.append([])
            size = 0
        groups[-1].append((places, states))
        size += len(places)
    return [Stretch(np.concatenate([places for places, _ in group]), [part for _, part in group]) for group in groups]


def rows_of(places: Sequence[Places], size: int) -> Places:
    """For each place of a text of the size, and its end, the row of the first character there or behind it."""
    if not places:
        return np.zeros(size + 1, np.int64)
    return np.searchsorted(np.concatenate(places), np.arange(size + 1))


@dataclass(frozen=True)
class States:
    """The states of an article's characters, those of white space between sentences left out."""

    values: Floats
    rows: Places  # by place in the text

    def ends(self, spans: Sequence[Span]) -> Places:
        """The rows of each span's first and last character."""
        found: Places = self.rows[np.array(spans) - (0, 1)]
        return np.minimum(found, len(self.values) - 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Where two things stand; ``together`` in one sentence, so that what stands between them counts."""

    one: Span
    other: Span
    together: bool


class Reader:
    """The trained weights."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.types = weights["types"].split(" ")
        self.labels = {task: weights[f"{task}.labels"].split(" ") for task in _TASKS}
        self._graph = Graph(weights["graph"])
        self._w: dict[str, Floats] = {
            name: value.astype(np.float32)
            for name, value in weights.items()
            if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        }
        self._bags: dict[str, npt.NDArray[np.int8]] = {task: weights[f"{task}.features.weight"] for task in _TASKS}
        self._features = {
            task: {feature: at for at, feature in enumerate(weights[f"{task}.features"].split("\n"))} for task in _TASKS
        }

    def read(self, batches: Sequence[Batch], marks: Places) -> States:
        """The states of an article's characters."""
        parts = stretches(batches)
        bases = np.cumsum([0, *(len(part.places) for part in parts)])
        found = np.zeros((bases[-1], self._w["relations.between.weight"].shape[1]), np.float32)
        for group in together([part.places for part in parts]):
            lengths = np.array([len(parts[at].places) for at in group], np.int32)
            given = np.zeros((lengths[0], len(group), batches[0].states.shape[2]), np.float32)
            marked = np.zeros((lengths[0], len(group)), np.int64)
            for column, at in enumerate(group):
                given[: lengths[column], column] = parts[at].states
                marked[: lengths[column], column] = marks[parts[at].places]
            states = self._graph.run(states=given, marks=marked, lengths=lengths)
            for column, at in enumerate(group):
                found[bases[at] : bases[at + 1]] = states[: lengths[column], column]
        return States(found, rows_of([part.places for part in parts], len(marks)))

    def mentions(self, layer: str, states: States, spans: Sequence[Span]) -> Floats:
        """A row for each span, from the states of its first and last character."""
        known = {span: at for at, span in enumerate(dict.fromkeys(spans))}
        ends = states.ends(list(known))
        both = np.concatenate([states.values[ends[:, 0]], states.values[ends[:, 1]]], 1)
        table: Floats = np.tanh(self._linear(layer, both))
        return table[[known[span] for span in spans]]

    def sums(self, layer: str, states: States) -> Floats:
        """What stands between two names, as sums up to each row."""
        values = np.tanh(self._linear(layer, states.values))
        return np.concatenate([np.zeros((1, values.shape[1]), np.float32), values.cumsum(0)])

    def looked_at(self, task: str, states: States) -> tuple[Floats, Floats]:
        """What candidates of a task may look at: keys and values, a row for each character."""
        return self._linear(f"{task}.key", states.values), np.tanh(self._linear(f"{task}.value", states.values))

    def look(self, task: str, around: tuple[Floats, Floats], seen: Floats, seats: Places) -> Floats:
        """What candidates make of the characters around them."""
        queries = self._linear(f"{task}.query", seen)
        return attention.attend(queries, *around, seats, self._w[f"{task}.near.weight"])

    def features(self, task: str, rows: Sequence[Sequence[str]]) -> Floats:
        """The summed weights and embeddings of each row's features."""
        known = self._features[task]
        # number 0 stands for none and weighs nothing; it keeps every row from being empty
        ids = [{0, *filter(None, map(known.get, row))} for row in rows]
        flat = np.fromiter(chain.from_iterable(ids), np.int64)
        starts = np.concatenate([[0], np.cumsum([len(row) for row in ids])[:-1]])
        sums = np.add.reduceat(self._bags[task][flat], starts, axis=0, dtype=np.int32)
        return sums * self._w[f"{task}.features.scale"]

    def scores(self, task: str, seen: Sequence[Floats], features: Floats) -> Floats:
        """Scores of a task's labels: what the states say and what the features say, added."""
        count = self._w[f"{task}.out.weight"].shape[0]
        given = np.concatenate([*seen, features[:, count:]], 1)
        hidden = np.maximum(self._linear(f"{task}.hidden", given), 0)
        return self._linear(f"{task}.out", hidden) + features[:, :count]

    def _linear(self, name: str, values: Floats) -> Floats:
        return values @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"]


class Reading:
    """An article as the reader sees it."""

    def __init__(self, reader: Reader, context: Context, batches: Sequence[Batch], quantities: Sequence[Quantity]):
        self._reader = reader
        self._states = reader.read(batches, marks(context, quantities, reader.types))
        self._sums = {task: reader.sums(f"{task}.between", self._states) for task in ("relations", "owners")}
        self._around = {task: reader.looked_at(task, self._states) for task in LOOKING}

    def relations(self, pairs: Sequence[Pair], rows: Sequence[Sequence[str]]) -> list[dict[str, float]]:
        """Of each pair of subject and object the probability of each relation, and of ``none``."""
        return self._chances("relations", self._pairs("relations", pairs), rows) if pairs else []

    def statuses(self, spans: Sequence[Span], rows: Sequence[Sequence[str]]) -> list[dict[str, float]]:
        """Of each mention of a project, facility or place the probability of each status, and of ``none``."""
        if not spans:
            return []
        mention = self._reader.mentions("statuses.mention", self._states, spans)
        ends = self._states.ends(spans)
        seats = np.concatenate([ends, ends], 1)
        seen = [mention, self._reader.look("statuses", self._around["statuses"], mention, seats)]
        return self._chances("statuses", seen, rows)

    def owners(self, pairs: Sequence[Pair], rows: Sequence[Sequence[str]]) -> list[float]:
        """Of each pair of a figure and a candidate the probability that it is the owner; they sum to one."""
        reader = self._reader
        scores = reader.scores("owners", self._pairs("owners", pairs), reader.features("owners", rows))
        return [float(chance) for chance in softmax(scores[:, 0])]

    def _pairs(self, task: str, pairs: Sequence[Pair]) -> list[Floats]:
        reader = self._reader
        ones, others = [pair.one for pair in pairs], [pair.other for pair in pairs]
        one = reader.mentions(f"{task}.one", self._states, ones)
        other = reader.mentions(f"{task}.other", self._states, others)
        both = np.concatenate([one, other, one * other], 1)
        seen = [both, self._between(self._sums[task], pairs)]
        if task in LOOKING:
            seats = np.concatenate([self._states.ends(ones), self._states.ends(others)], 1)
            seen.append(reader.look(task, self._around[task], both, seats))
        return seen

    def _between(self, sums: Floats, pairs: Sequence[Pair]) -> Floats:
        """The states between the two of each pair, summed and damped by their number."""
        gaps = self._states.rows[np.array([gap(pair) for pair in pairs])]
        size = np.maximum(gaps[:, 1] - gaps[:, 0], 1).astype(np.float32)
        damped: Floats = (sums[gaps[:, 1]] - sums[gaps[:, 0]]) / np.sqrt(size)[:, None]
        return damped

    def _chances(self, task: str, seen: list[Floats], rows: Sequence[Sequence[str]]) -> list[dict[str, float]]:
        labels = self._reader.labels[task]
        chances = softmax(self._reader.scores(task, seen, self._reader.features(task, rows)))
        return [dict(zip(labels, map(float, row), strict=True)) for row in chances]


class Told(Generic[P]):
    """A fact that several places may tell: how sure it is that one of them does, and the most telling place."""

    def __init__(self, place: P) -> None:
        self.place = place
        self.best, self._missed = -1.0, 1.0
        self.times = 0  # places that tell it not wholly unlikely

    @property
    def chance(self) -> float:
        return 1 - self._missed

    def add(self, chance: float, place: P) -> None:
        """One more place that tells it with the given probability."""
        self._missed *= 1 - chance
        self.times += chance >= SLIGHT
        if chance > self.best:
            self.best, self.place = chance, place


Labels = dict[str, Told[P]]  # what may be told of one thing or pair


def gathered(told: Iterable[tuple[K, P, Mapping[str, float]]]) -> dict[K, Labels[P]]:
    """The labels of each key beside ``none``, from all places that may tell them."""
    found: dict[K, Labels[P]] = {}
    for key, place, chances in told:
        labels = found.setdefault(key, {})
        for label, chance in chances.items():
            if label != NONE:
                if label not in labels:
                    labels[label] = Told(place)
                labels[label].add(chance, place)
    return dict(sorted(found.items()))


def likeliest(labels: Labels[P]) -> tuple[str, Told[P]]:
    """The likeliest label; the first of equal ones."""
    return max(sorted(labels.items()), key=lambda one: one[1].chance)


def gap(pair: Pair) -> tuple[int, int]:
    """The stretch between the two of a pair; empty where they are apart, far, or overlap."""
    low, high = min(pair.one.end, pair.other.end), max(pair.one.start, pair.other.start)
    return (low, high) if pair.together and 0 < high - low < FAR else (low, low)


def place(context: Context, entity: int, span: Span | None, anchor: int) -> Span:
    """Where an entity is read: at ``span``, else where it was named last before ``anchor``, else first."""
    if span is not None:
        return span
    spans = sorted(mention.span for mention in context.entities[entity].mentions)
    return next((span for span in reversed(spans) if span.start <= anchor), spans[0])


def marks(context: Context, quantities: Sequence[Quantity], types: Sequence[str]) -> Places:
    """A number for each character: of which type of name it is a part, and which part; the longest name counts."""
    found = np.zeros(len(context.text), np.int64)
    for quantity in quantities:
        found[quantity.span.start : quantity.span.end] = count(types) - 1
        found[quantity.span.start] = count(types) - 2
    for placed in sorted(context.placed, key=lambda placed: placed.span.end - placed.span.start):
        start, end = placed.span
        first = 1 + len(_PLACES) * types.index(context.entities[placed.entity].type)
        found[start:end] = first + 1
        found[start], found[end - 1] = first, first + 2
        if end - start == 1:
            found[start] = first + 3
    return found


def count(types: Sequence[str]) -> int:
    """How many marks there are."""
    return 1 + len(_PLACES) * len(types) + 2


@cache
def model() -> Reader:
    """The shipped reader. Raises FileNotFoundError where it is not installed."""
    return read(ontology_dir() / "models" / MODEL)


def read(path: Path) -> Reader:
    """Weights from a file that training/reader.py wrote."""
    return Reader(load(path))

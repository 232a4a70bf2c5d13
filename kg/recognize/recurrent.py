"""The recurrent labeller: characters in context, LSTMs, a linear-chain CRF (Lample et al. 2016).

Upon the language model's states (kg/recognize/language.py) and the labeller's narrow features, several pairs of LSTMs
learnt names from annotated articles (training/recurrent.py); their scores are averaged. Layers upon the states of all
of them tell names inside longer names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.model import Span
from kg.recognize.language import Batch, Floats, Graph, Places, load, softmax
from kg.schema import ontology_dir

Doubles = npt.NDArray[np.float64]
MODEL = "tagger-recurrent.npz"
Rows = Sequence[tuple[Span, list[list[str]]]]  # sentences with the features of their characters


class Recurrent:
    """The weights and what is computed with them. ``chances`` is all that others need."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.tags: list[str] = weights["tags"].split(" ")
        self.layers: list[list[str]] = [row.split(" ") for row in weights["layers"].split("\n")]
        self._features = {f: at for at, f in enumerate(weights["features"].split("\n"))}
        self._bag: Floats = weights["bag"].astype(np.float32)
        self._graph = Graph(weights["graph"])
        step, first = follow(tuple(self.tags))
        self._follow = (weights["step"].astype(np.float32) + step).astype(np.float64)
        self._first = (weights["first"].astype(np.float32) + first).astype(np.float64)

    def chances(self, batches: Sequence[Batch], sentences: Rows) -> Iterator[tuple[Places, Doubles, list[Floats]]]:
        """Places of the text, the probability of each tag there and of each layer's, a few sentences at a time."""
        sizes = np.cumsum([len(self.tags), *map(len, self.layers)])
        bags = self._bags(sentences)
        for batch in batches:
            scores = self._graph.run(states=batch.states, bags=bags[batch.places], lengths=batch.lengths)
            outer, *layers = np.split(scores.transpose(1, 0, 2), sizes[:-1], axis=2)
            both = posterior(outer, batch.lengths, self._follow, self._first)
            inner = [softmax(layer) for layer in layers]
            for at, places in batch.columns():
                yield places, both[at, : len(places)], [layer[at, : len(places)] for layer in inner]

    def _bags(self, sentences: Rows) -> Floats:
        """The summed embeddings of each character's features, by its place in the text."""
        known = self._features
        table = np.zeros((max((span.end for span, _ in sentences), default=0), self._bag.shape[1]), np.float32)
        for span, rows in sentences:
            ids = [list(filter(None, map(known.get, row))) for row in rows]  # 0 is none
            flat = np.fromiter(chain.from_iterable(ids), np.int64)
            starts = np.concatenate([[0], np.cumsum([len(row) for row in ids])[:-1]])
            table[span.start : span.end] = np.add.reduceat(self._bag[flat], starts, axis=0)  # no row is empty
        return table


@cache
def follow(tags: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Which BIOES tags may follow which, and begin: 0, else a very small score."""
    never = -1e4
    table = np.full((len(tags), len(tags)), never, np.float32)
    for i, before in enumerate(tags):
        for j, after in enumerate(tags):
            inside = before[0] in "BI"
            if (after[0] in "IE" and before[2:] == after[2:]) if inside else after[0] in "OBS":
                table[i, j] = 0
    return table, np.array([0.0 if tag[0] in "OBS" else never for tag in tags], np.float32)


def posterior(scores: Floats, lengths: npt.ArrayLike, step: Doubles, first: Doubles) -> Doubles:
    """Probability of each tag at each position of each chunk (forward-backward, Rabiner 1989)."""
    rows, width, count = scores.shape
    move = np.exp(step)
    values = scores.astype(np.float64)
    local = np.exp(values - values.max(2, keepdims=True))
    alpha = np.zeros((rows, width, count))
    beta = np.ones((rows, width, count))
    begin = values[:, 0] + first
    alpha[:, 0] = np.exp(begin - begin.max(1, keepdims=True))
    alpha[:, 0] /= alpha[:, 0].sum(1, keepdims=True)
    for at in range(1, width):
        alpha[:, at] = (alpha[:, at - 1] @ move) * local[:, at]
        alpha[:, at] /= alpha[:, at].sum(1, keepdims=True) + 1e-300
    ends = np.asarray(lengths)[:, None]
    for at in range(width - 2, -1, -1):
        now = (local[:, at + 1] * beta[:, at + 1]) @ move.T
        now /= now.sum(1, keepdims=True) + 1e-300
        beta[:, at] = np.where(at < ends - 1, now, 1.0)
    both = alpha * beta
    return both / (both.sum(2, keepdims=True) + 1e-300)  # type: ignore[no-any-return]


def best(chances: Doubles, tags: Sequence[str]) -> list[str]:
    """The likeliest well-formed tags for probabilities a position (Viterbi)."""
    step, first = follow(tuple(tags))
    top = chances.argmax(1)
    if first[top[0]] == 0 and not step[top[:-1], top[1:]].any():
        return [tags[at] for at in top]  # the best of each position are well-formed together
    scores = np.log(chances + 1e-6)
    alpha = scores[0] + first
    back = []
    for row in scores[1:]:
        paths = alpha[:, None] + step
        back.append(paths.argmax(0))
        alpha = paths.max(0) + row
    path = [int(alpha.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return [tags[at] for at in reversed(path)]


def read(path: Path) -> Recurrent:
    """Weights from a file that training/recurrent.py wrote."""
    return Recurrent(load(path))


@cache
def model() -> Recurrent:
    """The shipped labeller. Raises FileNotFoundError where it is not installed."""
    return read(ontology_dir() / "models" / MODEL)

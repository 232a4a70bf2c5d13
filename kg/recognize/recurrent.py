"""The recurrent labeller: characters in context (Peters et al. 2018), LSTMs, a linear-chain CRF (Lample et al. 2016).

The lower LSTMs are a language model of Chinese news; the upper ones learnt names from annotated articles
(training/recurrent.py). Here the weights are only applied, with numpy, an article at a time.
"""

from __future__ import annotations

import io
import lzma
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from kg.model import Span
from kg.recognize.features import normalize
from kg.schema import ontology_dir

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
MODEL = "tagger-recurrent.npz.xz"
CHUNK = 120  # characters read together: a few sentences


@dataclass
class Chunk:
    """A run of sentences: where its characters stand in the text, their ids and their features' ids."""

    places: list[int]
    characters: list[int]
    features: list[list[int]]


def characters(text: str) -> str:
    """Normalized text in which every Latin letter is one symbol and every white space a line end."""
    return re.sub(r"\s", "\n", re.sub("[a-z]", "a", normalize(text)))


def chunks(
    text: str, sequences: Sequence[tuple[Span, list[list[str]]]], known: dict[str, int], features: dict[str, int]
) -> list[Chunk]:
    """Sentences with their features, put together to chunks."""
    result: list[Chunk] = []
    for span, rows in sequences:
        ids = [known.get(c, 1) for c in characters(text[span.start : span.end])]
        if not result or len(result[-1].characters) + len(ids) > CHUNK:
            result.append(Chunk([], [], []))
        last = result[-1]
        last.places += range(span.start, span.end)
        last.characters += ids
        last.features += [[features[f] for f in row if f in features] for row in rows]
    return result


class Recurrent:
    """The weights and what is computed with them. ``chances`` is all that others need."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self.tags: list[str] = str(weights["tags"]).split(" ")
        self.known = {c: at for at, c in enumerate(["<pad>", "<unk>", *str(weights["characters"])])}
        self.features = {f: at for at, f in enumerate(str(weights["features"]).split("\n"))}
        self._w: dict[str, Floats] = {
            name: np.ascontiguousarray(value, dtype=np.float32)
            for name, value in weights.items()
            if name not in ("tags", "characters", "features")
        }

    def chances(self, text: str, sequences: Sequence[tuple[Span, list[list[str]]]]) -> list[tuple[list[int], Doubles]]:
        """Positions of the text and the probability of each tag there, a few sentences at a time."""
        parts = chunks(text, sequences, self.known, self.features)
        result = []
        parts.sort(key=lambda part: -len(part.characters))
        for at in range(0, len(parts), 16):
            some = parts[at : at + 16]
            with _threads().limit(limits=1, user_api="blas"):  # one order of sums; workers do not crowd each other
                scores = self._scores(some)
            both = posterior(scores, [len(part.characters) for part in some], self._follow, self._first)
            result += [(part.places, both[row, : len(part.characters)]) for row, part in enumerate(some)]
        return sorted(result, key=lambda item: item[0][0])

    @cached_property
    def _follow(self) -> Doubles:
        return (self._w["tr"] + follow(tuple(self.tags))[0]).astype(np.float64)

    @cached_property
    def _first(self) -> Doubles:
        return (self._w["st"] + follow(tuple(self.tags))[1]).astype(np.float64)

    def _scores(self, parts: Sequence[Chunk]) -> Floats:
        """Chunk × position × tag."""
        w = self._w
        lengths = np.array([len(part.characters) for part in parts])
        width = int(lengths.max())
        ids = np.zeros((len(parts), width), np.int64)
        bags = np.zeros((len(parts), width, w["bag.weight"].shape[1]), np.float32)
        for row, part in enumerate(parts):
            ids[row, : lengths[row]] = part.characters
            counts = [len(f) for f in part.features]
            flat = np.fromiter((f for row_ in part.features for f in row_), np.int64, sum(counts))
            starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
            # every character has features, so no segment is empty
            bags[row, : lengths[row]] = np.add.reduceat(w["bag.weight"][flat], starts, axis=0)
        embedded = w["emb.weight"][ids]
        lower = [self._lstm("f", embedded, lengths), self._backward("b", embedded, lengths)]
        wide = np.concatenate([embedded, lower[0] * 2, lower[1] * 2, bags], 2)
        wide = np.tanh(wide @ w["pr.weight"].T + w["pr.bias"])
        upper = np.concatenate([self._lstm("r", wide, lengths), self._backward("q", wide, lengths), bags], 2)
        return upper @ w["out.weight"].T + w["out.bias"]

    @cached_property
    def _layers(self) -> dict[str, tuple[Floats, Floats, Floats]]:
        """By layer: weights of inputs and of the state, and biases, in the order input, forget, output, new value.

        Those of the three gates are halved: sigmoid(x) is (tanh(x/2) + 1) / 2, so one tanh serves all four.
        """
        result = {}
        for name in ("f", "b", "r", "q"):
            inputs, state = self._w[f"{name}.weight_ih_l0"], self._w[f"{name}.weight_hh_l0"]
            bias = self._w[f"{name}.bias_ih_l0"] + self._w[f"{name}.bias_hh_l0"]
            size = state.shape[1]
            order = np.r_[0 : 2 * size, 3 * size : 4 * size, 2 * size : 3 * size]
            scale = np.where(np.arange(4 * size) < 3 * size, 0.5, 1.0).astype(np.float32)
            result[name] = (
                np.ascontiguousarray((inputs[order] * scale[:, None]).T),
                np.ascontiguousarray((state[order] * scale[:, None]).T),
                bias[order] * scale,
            )
        return result

    def _lstm(self, name: str, values: Floats, lengths: npt.NDArray[np.int64]) -> Floats:
        """States at each position; the rows come longest first, and a row is left when it has ended."""
        weights, step, bias = self._layers[name]
        rows, width, size = *values.shape[:2], step.shape[0]
        given = np.ascontiguousarray(values.transpose(1, 0, 2)).reshape(width * rows, -1) @ weights
        given += bias
        given = given.reshape(width, rows, 4 * size)
        hidden, cell = np.zeros((2, rows, size), np.float32)
        all_gates = np.empty((rows, 4 * size), np.float32)
        result = np.zeros((width, rows, size), np.float32)
        going = [int((lengths > at).sum()) for at in range(width)]
        for at, k in enumerate(going):
            gates = all_gates[:k]
            np.dot(hidden[:k], step, out=gates)
            gates += given[at, :k]
            np.tanh(gates, out=gates)
            three = gates[:, : 3 * size]
            three *= 0.5
            three += 0.5
            now = cell[:k]
            now *= gates[:, size : 2 * size]
            now += gates[:, :size] * gates[:, 3 * size :]
            hidden = result[at, :k]
            np.tanh(now, out=hidden)
            hidden *= gates[:, 2 * size : 3 * size]
        return result.transpose(1, 0, 2)

    def _backward(self, name: str, values: Floats, lengths: npt.NDArray[np.int64]) -> Floats:
        """The same from the right; padding stays at the end."""
        places = np.broadcast_to(np.arange(values.shape[1]), values.shape[:2])
        turned = lengths[:, None] - 1 - places
        turned = np.where(turned < 0, places, turned)[:, :, None]
        hidden = self._lstm(name, np.take_along_axis(values, turned, 1), lengths)
        return np.take_along_axis(hidden, turned, 1)


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


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def posterior(scores: Floats, lengths: Sequence[int], step: Doubles, first: Doubles) -> Doubles:
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
    ends = np.array(lengths)[:, None]
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
    with np.load(io.BytesIO(lzma.decompress(path.read_bytes())), allow_pickle=False) as saved:
        return Recurrent({name: saved[name] for name in saved.files})


@cache
def model() -> Recurrent:
    """The shipped labeller. Raises FileNotFoundError where it is not installed."""
    return read(ontology_dir() / "models" / MODEL)

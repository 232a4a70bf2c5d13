"""Characters in context (Peters et al. 2018): what a small language model makes of each character of an article.

Two LSTMs over characters, one from each side, trained on unannotated news (training/pretrain.py). The labeller of
names (kg/recognize/recurrent.py) and the reader of facts (kg/relate/reader.py) build upon their states.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from threadpoolctl import ThreadpoolController

from kg.model import Span
from kg.recognize.features import normalize
from kg.schema import ontology_dir

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
MODEL = "language.npz"
CHUNK = 120  # characters read together: a few sentences
BATCH = 8  # chunks computed together: more do not stay in the processor's cache


@dataclass(frozen=True)
class Batch:
    """Some chunks of an article, a column each; ``places`` says where the characters stand in the text.

    Behind a chunk's end ``places`` repeats its last character and ``states`` mean nothing.
    """

    places: Places  # position × chunk
    lengths: npt.NDArray[np.int32]
    states: Floats  # position × chunk × size

    def columns(self) -> Iterator[tuple[int, Places]]:
        """Each chunk's column and its characters' places."""
        for at, length in enumerate(self.lengths):
            yield at, self.places[:length, at]


def characters(text: str) -> str:
    """Normalized text in which every Latin letter is one symbol and every white space a line end."""
    return re.sub(r"\s", "\n", re.sub("[a-z]", "a", normalize(text)))


def chunks(spans: Iterable[Span]) -> list[list[int]]:
    """The places of sentences put together to chunks; a longer sentence is a chunk of its own."""
    result: list[list[int]] = []
    for span in spans:
        if not result or len(result[-1]) + span.end - span.start > CHUNK:
            result.append([])
        result[-1] += range(*span)
    return [chunk for chunk in result if chunk]


def together(parts: Sequence[Sized]) -> list[list[int]]:
    """Which parts are computed together: those of nearly equal length, longest first, as many in each batch."""
    order = np.argsort([-len(part) for part in parts], kind="stable")
    return [group.tolist() for group in np.array_split(order, -(-len(parts) // BATCH))] if parts else []


class Language:
    """The model. ``read`` is all that others need."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._known = {c: at for at, c in enumerate(["<pad>", "<unk>", *weights["characters"]])}
        self._graph = Graph(weights["graph"])

    def read(self, text: str, sentences: Iterable[Span]) -> list[Batch]:
        """The states of all characters in the sentences, longest chunks first."""
        ids = np.array([self._known.get(c, 1) for c in characters(text)], np.int64)
        parts = chunks(sentences)
        return [self._batch(ids, [parts[at] for at in group]) for group in together(parts)]

    def _batch(self, ids: Places, parts: list[list[int]]) -> Batch:
        width = len(parts[0])
        places = np.array([part + part[-1:] * (width - len(part)) for part in parts], np.int64).T
        lengths = np.array([len(part) for part in parts], np.int32)
        return Batch(places, lengths, self._graph.run(ids=ids[places], lengths=lengths))


class Graph:
    """An ONNX graph of one output, run on one thread: one order of sums, and workers do not crowd each other."""

    def __init__(self, graph: npt.NDArray[np.uint8]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # articles differ in length: an arena would keep a block for each
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(graph.tobytes(), options, providers=["CPUExecutionProvider"])

    def run(self, **inputs: npt.NDArray[Any]) -> Floats:
        found: Floats = self._session.run(None, inputs)[0]
        return found


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    powers: Floats = np.exp(scores - scores.max(-1, keepdims=True))
    chances: Floats = powers / powers.sum(-1, keepdims=True)
    return chances


def one_thread() -> AbstractContextManager[object]:
    """Within it numpy's products run on one thread too."""
    return _pools().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()


def load(path: Path) -> dict[str, Any]:
    """The arrays of a zipped npz; texts as such. (numpy's str() of an array is slow and swallows Ctrl-C.)"""
    with np.load(path, allow_pickle=False) as saved:
        arrays = {name: saved[name] for name in saved.files}
    return {name: value.item() if value.dtype.kind == "U" else value for name, value in arrays.items()}


@cache
def language() -> Language:
    """The shipped model. Raises FileNotFoundError where it is not installed."""
    return Language(load(ontology_dir() / "models" / MODEL))

"""What articles teach the reader of facts, as its training (training/reader.py) reads it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from torch import Tensor

from kg.model import Span
from kg.relate.reader import Pair

Numbers = npt.NDArray[np.int64]


class Index:
    """Features as numbers while material is gathered."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._known: dict[str, int] = {}

    def codes(self, features: Sequence[str]) -> array[int]:
        known = self._known
        found = array("i")
        for feature in features:
            number = known.get(feature)
            if number is None:
                number = known[feature] = len(self.names)
                self.names.append(feature)
            found.append(number)
        return found


@dataclass
class Sample:
    """What one article teaches, with its names as annotated or as recognized."""

    name: str
    stretches: list[Numbers]  # places of the characters read together
    states: list[Tensor]  # of the language model, a stretch each; shared by an article's samples
    marks: Numbers
    relations: list[tuple[Pair, array[int], int]] = field(default_factory=list)  # label -1: open
    statuses: list[tuple[Span, array[int], int]] = field(default_factory=list)
    facts: dict[str, list[int]] = field(default_factory=lambda: {"relations": [], "statuses": []})  # of each row
    owners: list[tuple[list[Pair], list[array[int]], list[bool]]] = field(default_factory=list)

    def rows(self, task: str) -> list[array[int]]:
        """The features of all rows of a task."""
        if task == "owners":
            return [row for _, rows, _ in self.owners for row in rows]
        return [row for _, row, _ in getattr(self, task)]

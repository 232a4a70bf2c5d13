"""A trained chooser: maximum entropy over string features, stored as a crfsuite model of one-item sequences.

crfsuite serves here because its models are compact, load at once and score thousands of candidates a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kg.schema import ontology_dir


class MaxEnt:
    """``probabilities(features)`` gives label → probability."""

    def __init__(self, path: Path) -> None:
        import pycrfsuite  # noqa: PLC0415

        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self.labels: tuple[str, ...] = tuple(sorted(self._tagger.labels()))

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        self._tagger.set([list(features)])
        return {label: self._tagger.marginal(label, 0) for label in self.labels}


def train(
    path: Path, rows: Sequence[tuple[list[str], str]], c1: float = 0.3, c2: float = 0.02, iterations: int = 120
) -> None:
    """Trains on (features, label) rows by L-BFGS with elastic-net penalties; the same rows give the same file."""
    import pycrfsuite  # noqa: PLC0415

    trainer: Any = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": iterations, "feature.minfreq": 2})
    for features, label in rows:
        trainer.append([features], [label])
    trainer.train(str(path))


@cache
def model(name: str) -> MaxEnt:
    """A shipped model of ontology/models/."""
    return MaxEnt(ontology_dir() / "models" / f"{name}.crfsuite")

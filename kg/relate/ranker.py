"""A trained ranker: a conditional logit (McFadden 1974) over string features, one choice among offered candidates.

Trained by training/rank.py. The weights are a table of features, so that a choice can be explained by reading it.
"""

from __future__ import annotations

import lzma
import math
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from kg.schema import ontology_dir


class Ranker:
    """``chances(candidates)`` gives the probability of each candidate to be the one."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._weights = weights

    def chances(self, candidates: Sequence[Iterable[str]]) -> list[float]:
        """Candidates are given by their features; the probabilities sum to one."""
        known = self._weights
        scores = [sum(known.get(feature, 0.0) for feature in features) for features in candidates]
        top = max(scores)
        powers = [math.exp(score - top) for score in scores]
        total = sum(powers)
        return [power / total for power in powers]

    @classmethod
    def read(cls, path: Path) -> Ranker:
        """From an xz-packed table: feature, tab, weight in thousandths."""
        weights: dict[str, float] = {}
        for line in lzma.decompress(path.read_bytes()).decode("utf-8").split("\n"):
            if line:
                feature, _, weight = line.rpartition("\t")
                weights[feature] = int(weight) / 1000
        return cls(weights)

    def write(self, path: Path) -> None:
        """As ``read`` reads it, in order of the features."""
        lines = [f"{feature}\t{round(weight * 1000)}" for feature, weight in sorted(self._weights.items())]
        path.write_bytes(lzma.compress("\n".join(lines).encode("utf-8"), preset=9))


@cache
def ranker(name: str) -> Ranker:
    """A shipped table of ontology/models/."""
    return Ranker.read(ontology_dir() / "models" / f"{name}.tsv.xz")

"""A ranker of owners by features alone: a conditional logit (McFadden 1974), one choice among offered candidates.

The reader of facts (training/reader.py) meets its guesses as the owners of figures before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

Choice = tuple[list[list[str]], list[bool]]


class Ranker:
    """``scores(candidates)``: what speaks for each, by its features."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._weights = weights

    def scores(self, candidates: Sequence[Iterable[str]]) -> list[float]:
        known = self._weights
        return [sum(known.get(feature, 0.0) for feature in features) for features in candidates]


def train(choices: Sequence[Choice], least: int = 2, decay: float = 0.15, epochs: int = 14) -> Ranker:
    """Maximizes the likelihood of the right candidates by Adam, with a Gaussian prior on the weights.

    Choices without a right candidate teach nothing. Features seen less than ``least`` times are left out.
    ``decay`` is the prior's precision. The same choices give the same table.
    """
    torch.set_num_threads(1)
    useful = [(rows, right) for rows, right in choices if any(right) and not all(right)]
    counts = Counter(feature for rows, _ in useful for row in rows for feature in set(row) if "\n" not in feature)
    names = sorted(feature for feature, n in counts.items() if n >= least)
    index = {feature: at for at, feature in enumerate(names)}
    weights = torch.zeros(len(names), 1, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.05)
    coded = [([[index[f] for f in row if f in index] for row in rows], right) for rows, right in useful]
    order = np.random.default_rng(1)
    size = 256
    for epoch in range(epochs):
        for settings in optimizer.param_groups:
            settings["lr"] = 0.05 * (1 - epoch / epochs)
        shuffled = order.permutation(len(coded))
        for at in range(0, len(coded), size):
            some = [coded[i] for i in shuffled[at : at + size]]
            loss = _loss(weights, some) + decay * (weights**2).sum() * len(some) / len(coded)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    values = weights.detach().numpy()[:, 0]
    return Ranker({name: float(value) for name, value in zip(names, values, strict=True) if abs(value) >= 0.002})


def _loss(weights: Tensor, some: Sequence[tuple[list[list[int]], list[bool]]]) -> Tensor:
    """Minus the log-likelihood of the right candidates of some choices."""
    flat: list[int] = []
    starts: list[int] = []
    for rows, _ in some:
        for row in rows:
            starts.append(len(flat))
            flat.extend(row)
    scores = torch.nn.functional.embedding_bag(torch.tensor(flat), weights, torch.tensor(starts), mode="sum")[:, 0]
    width = max(len(rows) for rows, _ in some)
    table = torch.full((len(some), width), -1e9)
    places = torch.tensor([[i, j] for i, (rows, _) in enumerate(some) for j in range(len(rows))])
    table = table.index_put((places[:, 0], places[:, 1]), scores)
    right = torch.zeros((len(some), width), dtype=torch.bool)
    for i, (_, marks) in enumerate(some):
        right[i, : len(marks)] = torch.tensor(marks)
    return (torch.logsumexp(table, 1) - torch.logsumexp(table.masked_fill(~right, -1e9), 1)).sum()

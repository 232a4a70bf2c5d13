"""What the networks that are trained here share: cheap dropout, layers run from the right, halves, averages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

_STRIP = 1 << 24
_KEPT = 0.998  # of averaged weights at each step


@cache
def _strip(chance: float) -> Tensor:
    """Zeros with the given chance, else what keeps the mean."""
    generator = torch.Generator().manual_seed(1)
    return (torch.rand(_STRIP, generator=generator) >= chance).float() / (1 - chance)


def dropout(values: Tensor, chance: float, training: bool) -> Tensor:
    """As torch.nn.functional.dropout, which takes a quarter of a training's time to draw its masks.

    The masks here are cut from one long random strip; where, is drawn from torch's generator.
    """
    size = values.numel()
    if not training or size == 0:
        return values
    if size >= _STRIP:
        return torch.nn.functional.dropout(values, chance, training)
    start = int(torch.randint(0, _STRIP - size, ()).item())
    return values * _strip(chance)[start : start + size].view_as(values)


def backward(layer: nn.LSTM, values: Tensor, lengths: Tensor) -> Tensor:
    """A layer run from the right; padding stays at the end."""
    places = torch.arange(values.shape[1])[None, :].expand(values.shape[:2])
    turned = lengths[:, None] - 1 - places
    turned = torch.where(turned < 0, places, turned)[:, :, None]
    hidden, _ = layer(torch.gather(values, 1, turned.expand(-1, -1, values.shape[2])))
    return torch.gather(hidden, 1, turned.expand(-1, -1, hidden.shape[2]))


def half() -> torch.autocast:
    """Products within it are of bfloat16 numbers: three times as fast where the processor knows them (AMX)."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


@torch.no_grad()
def average(averaged: nn.Module, network: nn.Module, step: int) -> None:
    """Averages the weights of the last few hundred steps, the later ones more: a little better than the last alone.

    ``step`` counts from 1. After Polyak and Juditsky 1992, https://doi.org/10.1137/0330046.
    """
    kept = min(_KEPT, step / (step + 10))
    for mean, last in zip(averaged.parameters(), network.parameters(), strict=True):
        mean.lerp_(last, 1 - kept)


def tensors(weights: Mapping[str, npt.NDArray[Any]]) -> dict[str, Tensor]:
    """Stored weights in full precision, as PyTorch loads them."""
    return {name: torch.from_numpy(np.ascontiguousarray(value, np.float32)) for name, value in weights.items()}


def mean(weights: Sequence[Mapping[str, Tensor]]) -> dict[str, npt.NDArray[Any]]:
    """Weights of like networks, averaged: trainings that went on from one another read a little better so.

    After Izmailov et al. 2018, https://arxiv.org/abs/1803.05407.
    """
    return {name: torch.stack([one[name] for one in weights]).mean(0).numpy() for name in weights[0]}

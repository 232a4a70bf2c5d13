"""Dropout that draws its masks from one long random strip: drawing new ones takes a quarter of a training's time."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

_STRIP = 1 << 24


@cache
def _strip(chance: float) -> Tensor:
    """Zeros with the given chance, else what keeps the mean."""
    generator = torch.Generator().manual_seed(1)
    return (torch.rand(_STRIP, generator=generator) >= chance).float() / (1 - chance)


def dropout(values: Tensor, chance: float, training: bool) -> Tensor:
    """As torch.nn.functional.dropout; where in the strip the mask lies is drawn from torch's generator."""
    size = values.numel()
    if not training or size == 0:
        return values
    if size >= _STRIP:
        return torch.nn.functional.dropout(values, chance, training)
    start = int(torch.randint(0, _STRIP - size, ()).item())
    return values * _strip(chance)[start : start + size].view_as(values)

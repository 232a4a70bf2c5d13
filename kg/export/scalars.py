"""Attributes as scalars, for formats that hold nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_NUMBERS = frozenset({"value", "base_value", "growth"})


def flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Lists and dicts as JSON strings, missing values left out, and each number column of one kind."""
    out: dict[str, Any] = {}
    for key, value in data.items():
        if value is None:
            continue
        if isinstance(value, (list, tuple, dict)):
            out[key] = json.dumps(value, ensure_ascii=False)
        else:
            out[key] = float(value) if key in _NUMBERS else value
    return out

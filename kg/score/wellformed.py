"""What scoring needs of a gold file and of a graph; what they lack is told by list, row and field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Any

from kg.schema import schema
from kg.score.counts import RELATIONS, TYPES

_NUMBER = (int, float)
_STRINGS, _ALIASES, _EVIDENCE = "a list of names", "a list of aliases", "a list of evidence with its rule"
#: list → field → what it may be; the fields that a row must have are in _NEEDED
_FIELDS: dict[str, dict[str, Any]] = {
    "entities": {"name": str, "type": str, "also": _STRINGS, "or": _STRINGS, "optional": bool, "count": int},
    "figures": {
        "of": str,
        "indicator": str,
        "value": (*_NUMBER, str),
        "unit": (str, NoneType),
        "or": _STRINGS,
        "optional": bool,
        "about": bool,
        "growth": (*_NUMBER, NoneType),
        "period": (str, int, NoneType),
    },
    "nodes": {"id": str, "name": str, "aliases": _ALIASES, "count": _NUMBER, "growth": _NUMBER},
    "links": {"source": str, "target": str, "evidence": _EVIDENCE},
}
_NEEDED = {
    "entities": ("name", "type"),
    "figures": ("of", "indicator", "value", "unit"),
    "nodes": ("id",),
    "links": ("source", "target"),
}
_ROWS = {
    "relations": ("subject", "predicate", "object"),
    "optional relations": ("subject", "predicate", "object"),
    "statuses": ("project", "status"),
}
_WORDS = {str: "text (in quotes, if YAML takes it for something else)", bool: "true or false", int: "a whole number"}


def gold_problems(gold: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a gold annotation, one sentence a row; a list may be empty or missing."""
    for name in ("entities", "figures"):
        yield from _table(name, gold.get(name))
    for name, parts in _ROWS.items():
        yield from _listed(name, gold.get(name), parts)
    if not isinstance(gold.get("entities"), list):
        return
    for number, row in enumerate(gold["entities"], 1):
        if isinstance(row, dict) and row.get("type") not in TYPES:
            yield f"entities, row {number}: there is no type {row.get('type')!r}; there are {', '.join(TYPES)}"


def graph_problems(graph: Mapping[str, Any]) -> Iterator[str]:
    """What keeps a graph in node-link form from being scored."""
    for name, rows in (("nodes", graph.get("nodes")), ("links", graph.get("links", graph.get("edges", [])))):
        yield from _table(name, "" if rows is None else rows)


def _table(name: str, rows: Any) -> Iterator[str]:
    """Rows with fields."""
    if rows is None:
        return
    if not isinstance(rows, list):
        yield f"{name} is not a list"
        return
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield f"{name}, row {number}: {_shown(row)} is not a row of fields; it needs {', '.join(_NEEDED[name])}"
            continue
        for field in _NEEDED[name]:
            if field not in row:
                yield f"{name}, row {number} ({_shown(row)}): {field} is missing"
        for field, wanted in _FIELDS[name].items():
            if field in row and (what := _unfit(row[field], wanted, field)):
                yield f"{name}, row {number}: {field} is {_shown(row[field])}, not {what}"


def _unfit(value: Any, wanted: Any, field: str) -> str:
    """What the value should have been; '' where it is that."""
    if isinstance(wanted, str):
        if wanted == _ALIASES and (value is None or isinstance(value, str)):
            return ""
        if wanted == _EVIDENCE and isinstance(value, str):  # as formats without lists have it
            value = _parsed(value, json.loads)
        kind = dict if wanted == _EVIDENCE else str
        return "" if isinstance(value, list) and all(isinstance(item, kind) for item in value) else wanted
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return "a number" if float in kinds else _WORDS[kinds[0]]
    return "a number" if field == "value" and _parsed(value, float) is None else ""


def _parsed(value: Any, parse: Callable[[Any], Any]) -> Any:
    try:
        return parse(value)
    except ValueError:
        return None


def _listed(name: str, rows: Any, parts: tuple[str, ...]) -> Iterator[str]:
    """Rows that are lists themselves: relations and statuses."""
    if rows is None:
        return
    if not isinstance(rows, list):
        yield f"{name} is not a list"
        return
    known = {"predicate": RELATIONS, "status": tuple(schema().statuses)}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(parts):
            yield f"{name}, row {number}: {_shown(row)} is not [{', '.join(parts)}]"
            continue
        for part, value in zip(parts, row, strict=True):
            if not isinstance(value, str):
                yield f"{name}, row {number}: {part} is {_shown(value)}, not {_WORDS[str]}"
            elif part in known and value not in known[part]:
                yield f"{name}, row {number}: there is no {part} {value!r}; there are {', '.join(known[part])}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"

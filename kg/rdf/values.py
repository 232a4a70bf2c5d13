"""Plain values on their way into RDF: which property holds an attribute, dates, periods, the order of lists."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

#: attributes that become one literal each, and the property that holds it
LITERALS = {
    "count": "kg:count",
    "scope": "kg:scope",
    "area": "kg:area",
    "path": "kg:path",
    "sha256": "kg:sha256",
    "encoding": "kg:encoding",
    "indicator": "kg:indicator",
    "value": "kg:value",
    "unit": "kg:unit",
    "base_value": "kg:baseValue",
    "base_unit": "kg:baseUnit",
    "about": "kg:about",
    "period": "kg:period",
    "growth": "kg:growth",
    "rank": "kg:rank",
}

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_MOMENT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z")
_DATATYPES = {1: "xsd:gYear", 2: "xsd:gYearMonth", 3: "xsd:date"}


def moment(text: str) -> tuple[int, ...] | None:
    """(year,), (year, month) or (year, month, day) where ``text`` is a real date, else None."""
    match = _MOMENT.match(text)
    if not match:
        return None
    parts = tuple(int(p) for p in match.groups() if p)
    if parts[0] < 1 or (len(parts) > 1 and not 1 <= parts[1] <= 12):
        return None
    if len(parts) > 2 and not 1 <= parts[2] <= calendar.monthrange(parts[0], parts[1])[1]:
        return None
    return parts


def datatype(date: str) -> str | None:
    """The XSD type of a date as precise as ``date`` is, None where it is no date."""
    parts = moment(date)
    return _DATATYPES[len(parts)] if parts else None


def bounds(period: str) -> tuple[str, str] | None:
    """First and last day of a period (YYYY, YYYY-MM, YYYY-MM-DD or two of them with a slash), as ISO dates."""
    ends = [moment(part) for part in period.split("/")]
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or first is None or last is None:
        return None
    year, month, day = (*first, 1, 1)[:3]
    last_month = last[1] if len(last) > 1 else 12
    last_day = last[2] if len(last) > 2 else calendar.monthrange(last[0], last_month)[1]
    return f"{year:04d}-{month:02d}-{day:02d}", f"{last[0]:04d}-{last_month:02d}-{last_day:02d}"


def printed(value: Any, unit: str) -> str:
    """A figure as it is printed: 224.4 and 亿元 give 224.4亿元."""
    text = repr(value) if isinstance(value, float) else str(value)
    return text.removesuffix(".0") + unit


def canonical_order(aliases: list[str]) -> bool:
    """Whether a list of aliases is what a reader makes of an unordered set."""
    return all(a < b for a, b in pairwise(aliases))


def fragment(item: Mapping[str, Any]) -> str:
    return f"#char={item['start']},{item['end']}" if "start" in item else ""


def evidence_order(item: Mapping[str, Any]) -> tuple[str, int, int]:
    return (item.get("document", ""), item.get("start", -1), item.get("end", -1))


def needs_qualification(evidence: list[Mapping[str, Any]]) -> bool:
    """Whether the set of sources and the set of rules do not tell the list of evidence."""
    keys = [evidence_order(item) for item in evidence]
    rules = {item.get("rule") for item in evidence}
    return len(rules) > 1 or any(not a < b for a, b in pairwise(keys))


def checked(name: str) -> str:
    """``name`` if it can be a term of the vocabulary, else ValueError."""
    if not _NAME.match(name):
        raise ValueError(f"{name!r} cannot be the name of a type or relation in RDF: use Latin letters and digits")
    return name

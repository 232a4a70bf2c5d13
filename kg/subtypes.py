"""What kind of organization a name shows: company, cooperative, party body … (``ontology/patterns/subtypes.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kg import companies
from kg.schema import schema, toml


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["subtype"], re.compile(row["names"])) for row in toml("patterns/subtypes.toml")["kinds"])


def of(kind: str, names: Iterable[str]) -> str:
    """The subtype of an entity of type ``kind`` that is called ``names``, "" where none of them shows it.

    The first name that shows one decides, so the preferred name stands first. Types without subtypes have none.
    """
    if not schema().types[kind].subtypes:
        return ""
    called = list(names)
    shown = (subtype for name in called for subtype, ending in _kinds() if ending.search(name))
    return next(shown, "Company" if any(companies.parse(name) for name in called) else "")

"""What the graph's building needs to know of areas: which area a name begins with, and what lies above a code."""

from __future__ import annotations

from functools import cache

from kg.gazetteer import Division, gazetteer

_LONGEST = 15


@cache
def prefix(name: str, unique: bool = False) -> str:
    """The longest area name, printed in full or short, that ``name`` begins with; '' for none.

    Provinces, cities and counties count with and without their suffix (济南市, 济南), towns with theirs only.
    With ``unique``, only a name that belongs to one area of the country.
    """
    index = gazetteer()
    for length in range(min(len(name), _LONGEST), 1, -1):
        start = name[:length]
        codes = {*index.full.get(start, ()), *index.areas["short"].get(start, ()), *index.areas["stem"].get(start, ())}
        if codes and (length > 2 or any(len(code) == 6 for code in codes)) and (not unique or len(codes) == 1):
            return start
    return ""


def above(code: str) -> tuple[Division, ...]:
    """The areas that hold ``code``, nearest first; none for a code that the gazetteer does not know."""
    return gazetteer().parents(code)

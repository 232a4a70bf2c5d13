"""Names that are the whole country's, under all their printed forms: programmes, bodies, companies.

The lists are data: ``ontology/lexicon/national-*.tsv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kg.names import norm
from kg.schema import printed_forms

TYPES = frozenset({"Program", "Event", "Facility", "Organization"})  # of what is listed
LISTS = ("national-programs.tsv", "national-bodies.tsv", "national-companies.tsv")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a printed form stands for, and which list says so."""

    name: str
    table: str


def find(name: str, kind: str) -> Listed | None:
    """What a name of a type stands for in the whole country, or None."""
    return _forms().get(norm(name)) if kind in TYPES else None


@cache
def _forms() -> dict[str, Listed]:
    """Every printed form, as compared; the first list that has it counts."""
    found: dict[str, Listed] = {}
    for table in LISTS:
        for name, forms in printed_forms(table):
            for form in forms:
                found.setdefault(norm(form), Listed(name, table))
    return found

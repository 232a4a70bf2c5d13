"""ontology/ read once: types, relations and statuses as closed namespaces, and the way to its other files.

A mistyped name is an error that lists what would have been accepted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

_HERE = Path(__file__).parent
T = TypeVar("T")


def ontology_dir() -> Path:
    """The folder of language and domain data: inside the installed wheel, or beside ``kg/`` in a checkout."""
    for candidate in (_HERE / "_ontology", _HERE.parent / "ontology"):
        if (candidate / "schema.toml").is_file():
            return candidate
    raise FileNotFoundError(
        f"ontology/schema.toml is neither in {_HERE / '_ontology'} nor beside {_HERE}; reinstall kg"
    )


class Namespace(Mapping[str, T]):
    """A mapping with fixed keys, whose KeyError tells what there is."""

    def __init__(self, kind: str, items: dict[str, T]) -> None:
        self._kind, self._items = kind, items

    def __getitem__(self, key: str) -> T:
        try:
            return self._items[key]
        except KeyError:
            raise KeyError(f"no {self._kind} {key!r}; there are {', '.join(self._items)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


@dataclass(frozen=True, slots=True)
class EntityType:
    """A node type. ``scope`` says within what a name is unique: code, area, global or document."""

    name: str
    zh: str
    en: str
    comment_zh: str
    comment_en: str
    scope: str
    subtypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """An edge type; ``domain`` and ``range`` are type names, ``*`` for any."""

    name: str
    zh: str
    en: str
    inverse_zh: str
    inverse_en: str
    domain: tuple[str, ...]
    range: tuple[str, ...]

    def accepts(self, subject_type: str, object_type: str) -> bool:
        return ("*" in self.domain or subject_type in self.domain) and ("*" in self.range or object_type in self.range)


@dataclass(frozen=True, slots=True)
class Status:
    """A project's state; ``order`` is its place in a project's life."""

    name: str
    zh: str
    en: str
    order: int


@dataclass(frozen=True)
class Schema:
    types: Namespace[EntityType]
    relations: Namespace[Relation]
    statuses: Namespace[Status]


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}


@cache
def schema() -> Schema:
    """The types, relations and statuses of ``ontology/schema.toml``."""
    with (ontology_dir() / "schema.toml").open("rb") as file:
        data = tomllib.load(file)
    return Schema(
        types=Namespace("type", {n: EntityType(n, **_tuples(f)) for n, f in data["types"].items()}),
        relations=Namespace("relation", {n: Relation(n, **_tuples(f)) for n, f in data["relations"].items()}),
        statuses=Namespace("status", {n: Status(n, **_tuples(f)) for n, f in data["statuses"].items()}),
    )


@cache
def toml(name: str) -> dict[str, Any]:
    """A TOML file of ontology/, e.g. ``toml("patterns/statuses.toml")``."""
    with (ontology_dir() / name).open("rb") as file:
        return tomllib.load(file)


@cache
def words(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a tab-separated list under ontology/lexicon/; blank lines and lines with # are comments."""
    text = (ontology_dir() / "lexicon" / name).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line.strip() and not line.startswith("#"))


def printed_forms(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names of such a list, each with all its printed forms: itself and those its second column parts by |."""
    for canonical, *others in words(name):
        yield canonical, (canonical, *(others[0].split("|") if others else ()))


def alternatives(choices: Iterable[str]) -> str:
    """Patterns or words as the alternatives of a regular expression, longest first, so that none hides a longer one."""
    return "|".join(sorted(choices, key=lambda choice: (-len(choice), choice)))

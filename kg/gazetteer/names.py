"""How division names are built: stems, short forms and the ways in which a village's name is printed.

Pure functions of a name; the suffixes and ethnic names are data (``ontology/gazetteer/names.toml``).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from kg.schema import toml

LEVELS = ("province", "city", "county", "town", "village")


@cache
def rules() -> dict[str, Any]:
    """The tables of ``ontology/gazetteer/names.toml``."""
    return toml("gazetteer/names.toml")


@cache
def suffixes(level: str) -> tuple[str, ...]:
    """The suffixes of a level's names, longest first."""
    found: list[str] = rules()["suffixes"][level]
    return tuple(sorted(found, key=len, reverse=True))


@cache
def _ethnic() -> tuple[str, ...]:
    return tuple(sorted(rules()["suffixes"]["ethnic"], key=len, reverse=True))


def _without_ethnic(stem: str) -> str:
    """威宁彝族回族苗族 → 威宁; a name that is nothing but ethnic keeps its last one (东乡族 → 东乡)."""
    changed = True
    while changed:
        changed = False
        for name in _ethnic():
            if stem.endswith(name) and len(stem) - len(name) >= 2:
                stem, changed = stem[: -len(name)], True
                break
    return stem.removesuffix("族") if len(stem) > 2 else stem


def village_root(name: str) -> str:
    """A village's name without committee, 村 and 社区: 徐毛村委会 → 徐毛, 清平社区居委会 → 清平, 王村村委会 → 王."""
    body = village_body(name)
    for tail in ("社区", "村"):
        if body.endswith(tail) and len(body) > len(tail):
            return body[: -len(tail)]
    return body


def village_forms(name: str) -> tuple[str, ...]:
    """The forms in which a village's official name is printed: 徐毛村委会 → 徐毛村, 徐毛社区, 徐毛村民委员会 …"""
    root, body = village_root(name), village_body(name)
    found = dict.fromkeys((name, body, *(root + tail for tail in rules()["village"]["printed"])))
    bare = root if body == root and not body.endswith(("村", "社区")) else ""
    return tuple(form for form in found if len(form) > 1 and form != bare)


def village_label(name: str) -> str:
    """The name as articles print it: 徐毛村委会 → 徐毛村, 清平社区居委会 → 清平社区."""
    body = village_body(name)
    if body.endswith(("村", "社区")):
        return body
    if name.endswith(("居委会", "居民委员会")):
        return body + "社区"
    return body + "村" if name != body else body


def village_body(name: str) -> str:
    """The name without its committee: 徐毛村委会 → 徐毛, 清平社区居委会 → 清平社区."""
    for suffix in suffixes("village"):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


@lru_cache(maxsize=1 << 16)
def stem(name: str, level: str) -> str:
    """The name without its suffix; unchanged where less than two characters would remain (泾县, 刁镇).

    A village's stem is its root, or its printed label where the root has one character.
    """
    if level == "village":
        root = village_root(name)
        return root if len(root) > 1 else village_label(name)
    if level == "county" and name.endswith(tuple(rules()["suffixes"]["whole"])):
        return name
    for suffix in suffixes(level):
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            rest = name[: -len(suffix)]
            if name.endswith(tuple(rules()["suffixes"]["autonomous"])):
                rest = _without_ethnic(rest)
            return rest
    return name


def short_forms(name: str, level: str) -> tuple[str, ...]:
    """Other printed forms: 威宁彝族回族苗族自治县 → 威宁县, 济南高新技术产业开发区 → 济南高新区."""
    found = []
    for ending, plain in rules()["plain"].items():
        if name.endswith(ending):
            found += [stem(name, level) + suffix for suffix in plain]
    for ending, plain in rules()["zones"].items():
        if name.endswith(ending) and len(name) > len(ending):
            found += [name[: -len(ending)] + suffix for suffix in plain]
    if level == "town" and name.endswith(("族乡", "族镇")):
        found.append(stem(name, level) + name[-1])
    return tuple(form for form in dict.fromkeys(found) if form != name and len(form) > 2)

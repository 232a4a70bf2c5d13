"""Company names taken apart: area, stem, industry, legal form; and when a short and a full one are the same company.

    济南圣泉集团股份有限公司 → area 济南, stem 圣泉, industry (), group True, legal 股份有限公司

The word lists are data: ``ontology/patterns/companies.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import areas
from kg.schema import toml

_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")


@dataclass(frozen=True, slots=True)
class Company:
    """The parts of a company's name. ``legal`` is '' for a name without its legal form, a short form."""

    area: str
    stem: str
    industry: tuple[str, ...]
    group: bool
    legal: str


@cache
def _data() -> dict[str, Any]:
    return toml("patterns/companies.toml")


@cache
def _longest_first(key: str) -> tuple[str, ...]:
    return tuple(sorted(_data()[key], key=lambda word: (-len(word), word)))


def is_company(name: str) -> bool:
    """Whether the name alone shows a company: it ends in a legal form or in 集团."""
    return name.endswith((*_longest_first("legal"), *_data()["group"]))


def names_its_area(name: str) -> bool:
    """Whether an organization's name says of which area (or of the whole country) it is, and so is unique anywhere."""
    return name.startswith(tuple(_data()["national_prefixes"])) or bool(areas.prefix(name, unique=True))


def names_the_country(name: str) -> bool:
    """Whether a programme's or event's name says that it is the whole country's: 全国两会, 中国农民丰收节."""
    bare = name.lstrip("“‘\"'《")
    return bare.startswith(tuple(_data()["national_openings"])) and not bare.startswith(tuple(_data()["not_national"]))


@cache
def parse(name: str) -> Company | None:
    """The parts of a company's name; None where no stem of two characters or more is left, or only a generic one."""
    whole = _BRACKETS.sub("", name).strip()
    area = areas.prefix(whole)
    return _parts(area, whole[len(area) :]) or (_parts("", whole) if area else None)


def _parts(area: str, rest: str) -> Company | None:
    rest, legal = _strip(rest, "legal")
    rest, group = _strip(rest, "group")
    industry: list[str] = []
    while True:
        shorter, word = _strip(rest, "industry")
        if not word or len(shorter) < 2:
            break
        industry.insert(0, word)
        rest = shorter
    words = {*_data()["generic_stems"], *_data()["industry"]}
    if len(rest) < 2 or rest in words or not (legal or group or industry):
        return None
    return Company(area, rest, tuple(industry), bool(group), legal)


def _strip(name: str, key: str) -> tuple[str, str]:
    for word in _longest_first(key):
        if name.endswith(word):
            return name[: -len(word)], word
    return name, ""


def same(short: str, full: str) -> str:
    """Why ``short`` is a shorter name of the company ``full``; '' where the names do not bear it out.

    The stem must be equal and 集团 on both sides or on neither; the industry words equal, or the short name's the
    first of the full one's (海润新材料 in 海润新材料科技); areas must not contradict. Two different full
    registered names are two companies, save that one may leave out the area.
    """
    a, b = parse(short), parse(full)
    if a is None or b is None or a == b or a.stem != b.stem or a.group != b.group:
        return ""
    if not (a.industry == b.industry or (a.industry and b.industry[: len(a.industry)] == a.industry)):
        return ""
    if a.area and b.area and not (a.area.startswith(b.area) or b.area.startswith(a.area)):
        return ""
    shorter = (len(a.legal), len(a.area), len(a.industry), len(short)) < (
        len(b.legal),
        len(b.area),
        len(b.industry),
        len(full),
    )
    if not shorter or (a.legal and (a.legal != b.legal or a.industry != b.industry or a.area)):
        return ""
    parts = [f"{short} and {full} have the stem {a.stem}"]
    if a.group:
        parts.append("集团")
    if a.industry:
        parts.append("and the industry " + "".join(a.industry))
    return " ".join(parts)

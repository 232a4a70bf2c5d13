"""Copies of annotated articles with other names and with reading errors, so that the labeller learns forms, not names.

Villages, towns, persons and companies of an article get names drawn from the gazetteer, from surnames and given-name
characters, and from a list of companies, the same one wherever the name stands. Then some characters are misread.
"""

from __future__ import annotations

import random
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kg.gazetteer import store
from kg.model import Block, Document, Span
from kg.recognize.features import resources
from kg.repair.document import sentences
from training.data import Article, Label

_STEM = re.compile(r"([一-鿿]{2,3}?)(村|社区|镇|乡|街道|县|区|市)")
_COMPANY = re.compile(r"[一-鿿]{2,4}")
GIVEN = (  # characters of given names
    "建国明华军伟强平志文海波玉兰秀英丽红芳杰涛磊鹏飞宇浩晓东小林春燕永福德云龙新民金凤桂花雪梅子涵思远家豪立成庆生光辉"
)
MISREAD = 0.006
LOST_MARK = 0.04


@dataclass(frozen=True)
class Pools:
    """Names to put in place of others."""

    villages: Sequence[str]
    towns: Sequence[str]
    companies: dict[int, list[str]]
    given: Sequence[str]
    shapes: dict[str, str]


@cache
def pools(lists: Path) -> Pools:
    """From the gazetteer and the lists of companies and look-alike characters in a folder."""
    names = store.division_names()
    towns = sorted({m[1] for n in names.values() if (m := _STEM.fullmatch(n))})
    villages: set[str] = set()
    for city in sorted({code[:4] for code in names})[::5]:
        for town in store.villages(city).values():
            villages.update(m[1] for name in town.values() if (m := _STEM.fullmatch(name)))
    companies: dict[int, list[str]] = {}
    for line in (lists / "company-short-forms.txt").read_text(encoding="utf-8").splitlines()[3:]:
        if _COMPANY.fullmatch(line.strip()):
            companies.setdefault(len(line.strip()), []).append(line.strip())
    shapes: dict[str, str] = {}
    for line in (lists / "similar-shapes.txt").read_text(encoding="utf-8").splitlines():
        character, _, others = line.partition(" ")
        shapes[character] = others.strip()
    return Pools(sorted(villages), towns, companies, GIVEN, shapes)


def renamed(article: Article, pool: Pools, chance: random.Random) -> dict[str, str]:
    """Name → other name for about two thirds of the article's villages, towns, persons and companies."""
    swaps: dict[str, str] = {}
    for entity in article.gold["entities"]:
        kind, name = entity["type"], entity["name"]
        if chance.random() < 0.35:
            continue
        found = _STEM.fullmatch(name)
        if kind == "Village" and found:
            swaps[found[1]] = chance.choice(pool.villages)
        elif kind == "AdministrativeArea" and found and found[2] in "镇乡街道县":
            swaps[found[1]] = chance.choice(pool.towns)
        elif kind == "Person" and 2 <= len(name) <= 3 and name[0] in resources().surnames:
            other = chance.choice(sorted(resources().surnames))
            swaps[name] = other + "".join(chance.choice(pool.given) for _ in name[1:])
        elif entity.get("subtype") == "Company":
            for form in entity.get("also", []):
                if len(form) in pool.companies and form != name and form in name and not form.endswith("公司"):
                    swaps[form] = chance.choice(pool.companies[len(form)])
                    break
    return {name: other for name, other in swaps.items() if len(name) > 1}


def copy(article: Article, pool: Pools, seed: int) -> Article:
    """The article under other names, some characters misread and some marks lost."""
    chance = random.Random(f"{article.name} {seed}")
    swaps = renamed(article, pool, chance)
    text = article.document.text
    chunks: list[str] = []
    place = array("l")  # old position → new position
    length = 0
    noisy = chance.random() < 0.5
    finder = re.compile("|".join(map(re.escape, sorted(swaps, key=lambda n: (-len(n), n)))) or "(?!)")
    at = 0
    for match in [*finder.finditer(text), None]:
        for character in text[at : match.start() if match else len(text)]:
            place.append(length)
            misread = _misread(character, pool, chance) if noisy else character
            chunks.append(misread)
            length += len(misread)
        if match:
            other = swaps[match[0]]
            place.extend(length + min(i, len(other)) for i in range(len(match[0])))
            chunks.append(other)
            length += len(other)
            at = match.end()
    place.append(length)
    new = "".join(chunks)
    blocks = tuple(Block(_moved(block.span, place), block.kind) for block in article.document.blocks)
    document = Document(article.document.source, new, array("l", range(length)), blocks, sentences(new))
    layers = (_relabelled(which, place) for which in (article.labels, article.inner, article.held))
    return Article(article.name, document, article.gold, *layers)


def _misread(character: str, pool: Pools, chance: random.Random) -> str:
    if character in '“”"' and chance.random() < LOST_MARK:
        return ""
    if chance.random() < MISREAD and pool.shapes.get(character):
        return chance.choice(pool.shapes[character])
    return character


def _moved(span: Span, place: array[int]) -> Span:
    return Span(place[span.start], place[span.end])


def _relabelled(labels: list[Label], place: array[int]) -> list[Label]:
    moved = (replace(label, span=_moved(label.span, place)) for label in labels)
    return [label for label in moved if label.span.end > label.span.start]

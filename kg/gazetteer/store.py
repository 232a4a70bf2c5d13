"""The gazetteer's data files: divisions down to towns at once, villages a prefecture at a time when asked for.

Source, date and licence stand in ``ontology/gazetteer/README.md``; ``training/build_gazetteer.py`` writes the files.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kg.gazetteer import names
from kg.schema import ontology_dir

# What the ending letters a, b, c … of villages.bin stand for.
ENDINGS = ("村委会", "村民委员会", "社区居民委员会", "社区居委会", "居委会", "居民委员会", "生活区", "虚拟社区", "")
_VILLAGE = re.compile(r"([0-9]*)([a-i]?)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division. ``code`` has 6 digits down to counties, 9 for towns, 12 for villages.

    ``level`` is province, city, county, town or village; ``parent`` the code above it, empty for provinces.
    """

    code: str
    name: str
    level: str
    parent: str

    @property
    def stem(self) -> str:
        """The name without its suffix: 章丘, 刁镇, 威宁, 内蒙古, 清平."""
        return names.stem(self.name, self.level)

    @property
    def label(self) -> str:
        """The name as articles print it; differs for villages only: 徐毛村委会 → 徐毛村."""
        return names.village_label(self.name) if self.level == "village" else self.name


def level_of(code: str) -> str:
    """The level that a code's form tells. Counties directly under a province (4190…) are counties."""
    if len(code) > 6:
        return "town" if len(code) == 9 else "village"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _file(name: str) -> Path:
    return ontology_dir() / "gazetteer" / name


@cache
def division_names() -> dict[str, str]:
    """Code → name for provinces to towns, in the order of codes."""
    text = gzip.decompress(_file("divisions.tsv.gz").read_bytes()).decode("utf-8")
    fields = text.replace("\n", "\t").split("\t")
    return dict(zip(fields[::2], fields[1::2], strict=False))


@cache
def renamed() -> tuple[tuple[str, str], ...]:
    """(former or newer name, code of today's division)."""
    lines = _file("renamed.tsv").read_text(encoding="utf-8").splitlines()
    return tuple((line.split("\t")[0], line.split("\t")[1]) for line in lines if not line.startswith("#"))


@cache
def ordinary_words() -> frozenset[str]:
    """Names that are also words of the language (jieba's dictionary)."""
    return frozenset(lzma.decompress(_file("words.txt.xz").read_bytes()).decode("utf-8").split("\n"))


def parent_code(code: str, known: Mapping[str, str]) -> str:
    """The code above ``code`` that is in ``known``: a pseudo level such as 4190 (省直辖) is stepped over."""
    chain = [code[:length] for length in (9, 6) if len(code) > length]
    for above in (*chain, code[:4] + "00", code[:2] + "0000"):
        if above != code and above in known:
            return above
    return ""


@cache
def _village_index() -> tuple[Path, dict[str, tuple[int, int]]]:
    path = _file("villages.bin")
    with path.open("rb") as file:
        sizes = []
        while line := file.readline().strip():
            sizes.append(line.decode().split(" "))
        offset, index = file.tell(), {}
    for city, size in sizes:
        index[city] = (offset, int(size))
        offset += int(size)
    return path, index


@lru_cache(maxsize=64)
def villages(city: str) -> dict[str, dict[str, str]]:
    """Villages of a prefecture by its code's first four digits: town code → village code → official name.

    Empty for a prefecture that the source does not have.
    """
    path, index = _village_index()
    if city not in index:
        return {}
    offset, size = index[city]
    with path.open("rb") as file:
        file.seek(offset)
        text = bz2.decompress(file.read(size)).decode("utf-8")
    found: dict[str, dict[str, str]] = {}
    town, number, ending = "", 0, 0
    for line in text.split("\n"):
        if line.startswith("\t"):
            town, number = city + line[1:], 0
            found[town] = {}
            continue
        match = _VILLAGE.fullmatch(line)
        assert match is not None
        digits, letter, body = match.groups()
        number = int(digits[:3]) if digits else number + 1
        ending = ord(letter) - 97 if letter else ending
        found[town][f"{town}{number:03d}"] = body + ENDINGS[ending]
    return found

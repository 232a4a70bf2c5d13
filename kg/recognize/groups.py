"""Counted sets of projects: …等23个项目, 25个重点项目, 共富项目45个."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from kg.model import Document, Mention, Span
from kg.schema import toml

_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


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
    """12, 三, 十二 → 12, 3, 12."""
    if text.isdigit():
        return int(text)
    if text.startswith("十"):
        return 10 + _NUMERALS.get(text[1:], 0)
    return _NUMERALS[text]


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


def _introduction(match: re.Match[str]) -> int:
    """How much of the name before the count is verb or enumeration: 打造甲等共富项目45个 is 共富项目45个."""
    if match.start("n") == match.start("name"):
        return 0
    name, count = match["name"], match.start("n") - match.start("name")
    start = max(name.rfind("等", 0, count), name.rfind("的", 0, count)) + 1
    last = 0
    for verb in _verb().finditer(name, start, count):
        last = verb.end()
    return last if last and not name[last:].startswith(("项目", "工程")) else start


@cache
def _verb() -> re.Pattern[str]:
    """A verb that a group's name does not hold: 投资2.6亿元建成清洁能源项目62个."""
    return re.compile("(?:" + "|".join(toml("patterns/groups.toml")["verbs"]) + ")了?")


def _plausible(text: str, match: re.Match[str], start: int, patterns: dict[str, Any]) -> bool:
    count = number(match["n"])
    end = match.end("name")
    left = text[max(0, start - 14) : start]
    if count < 2 or (match["n"] in "两二三" and not left.endswith("等") and "、" not in left):
        return count >= 2 and match["n"].isdigit() and not patterns["not_after"].search(left)
    if patterns["not_after"].search(left) or patterns["not_before"].match(text[end : end + 8]):
        return False
    return not patterns["not_holding"].search(text[start : match.end("mod")] if match["mod"] else "")

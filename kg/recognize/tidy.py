"""The labeller's names with their edges set right: quotation marks, measures and verbs in front, titles behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from kg.model import AREAS, Mention, Span
from kg.recognize import groups
from kg.schema import toml

_OPEN, _CLOSE = "“‘《", "”’》"
_PAIR = dict(zip(_CLOSE, _OPEN, strict=True))
_ROW = re.compile(r"(?<=[”’》])[、及和与]?(?=[“‘《])")
_NUMBER = re.compile(r"\d|[两二三四五六七八九十百]")


@cache
def _lead(name: str) -> re.Pattern[str]:
    return re.compile(toml("patterns/names.toml")["lead"][name])


@cache
def _honor_tail() -> re.Pattern[str]:
    return re.compile(r"[”’》]?" + toml("patterns/names.toml")["honor"]["tail"])


def tidied(mentions: Iterable[Mention], text: str) -> Iterator[Mention]:
    """The mentions as a reader would cut them; what is left of a bad cut may be several or none."""
    for mention in mentions:
        for span in _rows(mention.span, mention.type, text):
            trimmed = _trim(span, mention.type, text)
            name = text[trimmed.start : trimmed.end]
            if len(name) >= 2 and _plausible(mention, name):
                kind = _kind(mention.type, name, text[trimmed.end : trimmed.end + 20])
                called = _acted(kind, text, trimmed) or mention.name
                yield replace(mention, span=trimmed, text=name, type=kind, name=called)


def _acted(kind: str, text: str, span: Span) -> str:
    """The name of a work that is told in a sentence: 对农贸市场进行改造 is 农贸市场改造; else ""."""
    said = _lead("acted").fullmatch(text, span.start, span.end) if kind == "Project" else None
    return said["thing"] + said["act"] if said else ""


def _kind(labelled: str, name: str, behind: str) -> str:
    """What it is by its own last word and the words behind it: a centre that is put into use is a facility."""
    for kind, ends, words, meant in _retyped():
        if kind == labelled and ends.search(name) and words.match(behind):
            return meant
    return labelled


@cache
def _retyped() -> list[tuple[str, re.Pattern[str], re.Pattern[str], str]]:
    rows = toml("patterns/names.toml")["retyped"]
    return [(row["type"], re.compile(row["name"]), re.compile(row["behind"]), row["meant"]) for row in rows]


def _rows(span: Span, kind: str, text: str) -> Iterator[Span]:
    """“甲”“乙” taken for one name are two, and so are 半程马拉松、拔河比赛."""
    start = span.start
    for match in _row(kind).finditer(text, span.start, span.end):
        if not _ROW.match(text, match.start()) and text.count("“", start, match.start()) > text.count(
            "”", start, match.start()
        ):
            continue  # inside quotation marks
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, span.end)


@cache
def _row(kind: str) -> re.Pattern[str]:
    between = toml("patterns/names.toml")["rows"].get(kind)
    return re.compile(f"{_ROW.pattern}|{between}") if between else _ROW


def _trim(span: Span, kind: str, text: str) -> Span:
    start, end = span
    cut = re.search(r"[。；！？\n]", text[start:end])
    if cut:
        end = start + cut.start()
    changed = True
    while changed and start < end:
        before = (start, end)
        start, end = _quotes(start, end, text)
        start = _front(start, end, kind, text)
        if kind == "ProjectGroup":
            start = groups.opening(text, start, end)
        end = _back(start, end, kind, text)
        if kind in ("Place", "Village"):
            start -= _lead("road").fullmatch(text, start, end) is not None
        while end > start and (text[end - 1] in "，、：的（ " or _unopened(text[start:end])):
            end -= 1
        changed = (start, end) != before
    return Span(start, end)


def _unopened(name: str) -> bool:
    """Does it end in a bracket that closes nothing?"""
    return name[-1] in ")）" and not re.search(r"[(（]", name)


def _front(start: int, end: int, kind: str, text: str) -> int:
    name = text[start:end]
    patterns = ["particles"] if kind not in ("Person", *AREAS) else []
    if kind in ("Project", "Facility", "Place", "ProjectGroup", "Program", "Event"):
        patterns = ["measured", *patterns]
    if kind in ("Project", "Facility", "Place", "Organization", "Village"):
        patterns.append("clause")
    if kind == "Event":
        patterns.append("counted")
    if kind == "Village":
        patterns.append("stationed")
    for pattern in patterns:
        match = _lead(pattern).match(name)
        if match and len(name) - match.end() >= 2:
            return start + match.end()
    return start


# What goes on behind a name, by its type: the pattern, and how much has to stay.
_TAILS = {
    "Honor": ("tail", 3),
    "Person": ("person", 0),
    "AdministrativeArea": ("area", 2),
    **dict.fromkeys(("Place", "Village"), ("place", 2)),
    **dict.fromkeys(("Organization", "Facility", "Project"), ("behind", 3)),
}


def _back(start: int, end: int, kind: str, text: str) -> int:
    name = text[start:end]
    if kind == "Program":
        quoted = _lead("built").search(name)
        return start + quoted.start() + 1 if quoted else end
    if kind not in _TAILS or (kind == "Person" and len(name) <= 3):
        return end
    pattern, least = _TAILS[kind]
    tail = (_honor_tail() if kind == "Honor" else _lead(pattern)).search(name)
    return start + tail.start() if tail and tail.start() >= least else end


def _quotes(start: int, end: int, text: str) -> tuple[int, int]:
    """Takes in the partner of a quotation mark at the edge, or drops the mark that has none."""
    name = text[start:end]
    for close, open_ in _PAIR.items():
        opens, closes = name.count(open_), name.count(close)
        if opens > closes:
            if end < len(text) and text[end] == close:
                return start, end + 1
            at = name.rindex(open_)
            return (start + 1, end) if at == 0 else (start, start + at) if at >= len(name) - 2 else (start, end)
        if closes > opens:
            if start and text[start - 1] == open_:
                return start - 1, end
            at = name.index(close)
            return (start, start + at) if at >= 2 else (start + at + 1, end)
    if len(name) > 2 and name[0] in _OPEN and name[-1] in _CLOSE and not re.search(r"[“”‘’《》]", name[1:-1]):
        return start + 1, end - 1
    return start, end


@cache
def _no_names() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(pattern) for kind, pattern in toml("patterns/names.toml")["no_names"].items()}


def _generic(kind: str, name: str) -> bool:
    """Is this a class of things, or a phrase with a verb, rather than a name?"""
    pattern = _no_names().get(kind)
    return pattern is not None and pattern.search(name) is not None


_DATE = re.compile(r"[\d年月日.~～—\-－至个万亿元亩人次%]+")


def _plausible(mention: Mention, name: str) -> bool:
    if _DATE.fullmatch(name) or _generic(mention.type, name):
        return False
    if mention.type == "ProjectGroup":
        several = mention.count is None or mention.count >= 2
        return several and bool(_NUMBER.search(name)) and "、" not in name
    if mention.type == "AdministrativeArea":
        return not name.endswith(tuple(toml("patterns/names.toml")["no_area"]["endings"]))
    if mention.type == "Person":
        return re.fullmatch(r"[\u4e00-\u9fff·]{2,16}|[A-Za-z .·]+", name) is not None
    return re.search(r"[\u4e00-\u9fffA-Za-z]", name) is not None

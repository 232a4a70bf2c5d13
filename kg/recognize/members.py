"""Groups that list their members in quotation marks: “治污、护岸、造林”三大工程.

As many members as the group counts: that is proof enough, no judge is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kg.model import Document, Mention, Span
from kg.recognize.groups import number
from kg.schema import alternatives, toml

RULE = "members:counted"
_QUOTE = r"[“‘](?P<list>[^“”‘’，。；：\n]{3,80})[”’]"
_COUNTED = r"(?P<n>\d{1,2}|[两二三四五六七八九十])(?:大|项|个)"
_SCORE = 1.0
_QUOTED, _LINK = re.compile(_QUOTE), re.compile(r"[^、]+")


@cache
def _patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    """The type of the group, that of its members, and the pattern."""
    listed = toml("patterns/groups.toml")["listed"]
    return [
        (
            kind["group"],
            kind["member"],
            re.compile(_QUOTE + _COUNTED + f"[\u4e00-\u9fff]{{0,4}}?(?:{alternatives(kind['heads'])})"),
        )
        for kind in listed
    ]


def find(document: Document, labelled: Sequence[Mention]) -> list[Mention]:
    """Each such group and its members, where there are as many as it counts.

    A group that the labeller calls a programme is one, and so are its members.
    """
    programs = {mention.span for mention in labelled if mention.type == "Program"}
    found: list[Mention] = []
    for group, member, pattern in _patterns():
        for match in pattern.finditer(document.text):
            span = Span(*match.span())
            inside, count = links(document.text, span), number(match["n"])
            if len(inside) != count or count < 2:
                continue
            kind, part = ("Program", "Program") if span in programs else (group, member)
            counted = count if kind == "ProjectGroup" else None
            found.append(Mention(span, match.group(), kind, RULE, _SCORE, count=counted))
            found += [Mention(s, document.text[s.start : s.end], part, RULE, _SCORE) for s in inside]
    return found


def links(text: str, group: Span) -> list[Span]:
    """The members that a group's name lists in quotation marks; none where it lists none."""
    listed = _QUOTED.match(text, group.start, group.end)
    return [Span(*at.span()) for at in _LINK.finditer(text, *listed.span("list"))] if listed else []

"""Chains of areas in one name, cut into their links: 贵州省毕节市威宁县石门乡团结村 is five names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.model import AREAS, Mention, Span

_LINK = re.compile(
    r"(?P<province>[\u4e00-\u9fff]{2,7}?(?:省|自治区))|(?P<city>[\u4e00-\u9fff]{2,8}?(?:市|自治州|州|盟|地区))"
    r"|(?P<county>[\u4e00-\u9fff]{1,10}?(?:自治县|自治旗|新区|县|区|旗|市))|(?P<town>[\u4e00-\u9fff]{2,8}?(?:街道|镇|乡|苏木))"
)
_ORDER = ("province", "city", "county", "town")


def split(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Area and village mentions one link each; other mentions as they are."""
    for mention in mentions:
        if mention.type not in AREAS or len(mention.text) < 5:
            yield mention
        else:
            yield from _links(mention)


def _links(mention: Mention) -> Iterator[Mention]:
    text, at, level = mention.text, 0, -1
    cuts: list[int] = []
    while True:
        match = _LINK.match(text, at)
        if not match or match.end() >= len(text):
            break
        found = _ORDER.index(match.lastgroup or "town")
        rest = text[match.end() :]
        if found <= level or len(match.group()) < 2 or not _name_like(rest):
            break
        level, at = found, match.end()
        cuts.append(at)
    starts = [0, *cuts]
    ends = [*cuts, len(text)]
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        last = i == len(starts) - 1
        kind = mention.type if last else "AdministrativeArea"
        span = Span(mention.span.start + start, mention.span.start + end)
        yield Mention(
            span,
            text[start:end],
            kind,
            mention.rule,
            mention.score,
            name="" if not last or cuts else mention.name,
            code=mention.code if last else "",
        )


def _name_like(rest: str) -> bool:
    """Is what follows a name of its own, and not the tail of a longer one (XX镇街道)?"""
    return len(rest) >= 2 and rest not in ("街道", "社区", "新区", "城区", "片区", "地区", "城镇")

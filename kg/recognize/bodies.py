"""Party and government bodies named relative to the article's area: 区委 is the committee of its own district."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kg.gazetteer.store import Division
from kg.model import Document, Mention, Span
from kg.schema import toml


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(toml("patterns/bodies.toml")[name])


def find(document: Document, areas: Sequence[Mention], chain: Sequence[Division]) -> list[Mention]:
    """Relative bodies with their full names.

    ``areas`` are the article's area mentions, ``chain`` its own area and that area's parents, nearest first. A body
    whose area is not known keeps its printed name.
    """
    data = toml("patterns/bodies.toml")
    found: list[Mention] = []
    for match in _pattern("pattern").finditer(document.text):
        level, organ = match[1], match[2]
        start, end = match.span()
        if any(mention.span.start < start < mention.span.end or mention.span.end == start for mention in areas):
            continue  # 章丘区委: named outright, the labeller's business
        if any(mention.span.start < end and start + len(level) < mention.span.end for mention in areas):
            continue
        if start and re.match(r"[\u4e00-\u9fff]", document.text[start - 1]) and not _free(document.text, start):
            continue
        area = _area_of(level, areas, chain, data["levels"])
        double = re.fullmatch(r"委(市|县|区|省|镇)政府", organ)
        parts = (
            [("委", Span(start, start + len(level) + 1)), ("政府", Span(start + len(level) + 1, end))]
            if double
            else [(organ, Span(start, end))]
        )
        for part, span in parts:
            printed = document.text[span.start : span.end]
            full = area + part if area else ""
            found.append(Mention(span, printed, "Organization", "body:relative", 0.96, data["organs"][part], name=full))
    return found


def institutions(document: Document) -> list[Mention]:
    """Clinics, schools and unions that only their area's level names: 镇卫生院."""
    return [
        Mention(Span(*match.span()), match.group(), "Organization", "body:institution", 0.9, "Institution")
        for match in _pattern("institutions").finditer(document.text)
    ]


def _free(text: str, start: int) -> bool:
    """May a relative body begin here? After verbs and joining words, not inside a longer name."""
    return text[max(0, start - 1) : start] in set("获在的和与及由对向为以从经被让把将受给至到着了扣绕照") or text[
        max(0, start - 2) : start
    ] in {
        "紧扣",
        "围绕",
        "根据",
        "按照",
        "配合",
        "争取",
        "落实",
        "贯彻",
        "获得",
        "全面",
        "经由",
        "通过",
        "协助",
        "依托",
        "接受",
        "成立",
    }


def _area_of(level: str, areas: Sequence[Mention], chain: Sequence[Division], levels: dict[str, list[str]]) -> str:
    endings = tuple(levels[level])
    for division in chain:
        if (
            division.name.endswith(endings)
            and division.level != "village"
            and (division.level != "city" or level in "市州盟")
        ):
            return division.name
    counts: dict[str, int] = {}
    for mention in areas:
        name = mention.form
        if name.endswith(endings):
            tail = _own_name(name, endings)
            counts[tail] = counts.get(tail, 0) + 1
    return max(counts, key=lambda name: (counts[name], -len(name), name)) if counts else ""


def _own_name(name: str, endings: tuple[str, ...]) -> str:
    """无棣县柳泊镇 → 柳泊镇: what stands after the last other level's suffix."""
    parts = re.split(r"(?<=[省市县区州旗盟])(?=[\u4e00-\u9fff]{2})", name)
    return parts[-1] if parts and parts[-1].endswith(endings) and len(parts[-1]) > 2 else name

"""Names in quotation marks: with a head word behind them, after a verb that announces one, or in a row."""

from __future__ import annotations

import re
from functools import cache

from kg.model import Document, Mention, Span
from kg.schema import alternatives, toml

_NAME = r"[“‘](?P<core>[^“”‘’。；\n]{2,24})[”’]"


@cache
def _heads() -> list[tuple[str, re.Pattern[str]]]:
    heads = toml("patterns/names.toml")["heads"]
    found = []
    for kind, words in heads.items():
        found.append((kind, re.compile(rf"{_NAME}(?P<head>[\u4e00-\u9fff]{{0,9}}?(?:{alternatives(words)}))")))
    return found


@cache
def _announced() -> re.Pattern[str]:
    words = alternatives(toml("patterns/names.toml")["announce"]["Program"])
    return re.compile(
        rf"(?:{words})了?(?:的|以|[^，。；“”]{{0,4}})?(?P<row>(?:{_NAME.replace('?P<core>', '')}[、和与及]?)+)"
    )


@cache
def _row() -> re.Pattern[str]:
    closing = alternatives(toml("patterns/names.toml")["announce"]["closing"])
    return re.compile(
        rf"(?P<row>(?:{_NAME.replace('?P<core>', '')}[、和与及]?){{2,}})等?(?:[\u4e00-\u9fff]{{0,4}})(?:{closing})"
    )


@cache
def _more() -> re.Pattern[str]:
    """A head word goes on: 公共服务 + 平台."""
    words = {word for kind in toml("patterns/names.toml")["heads"].values() for word in kind} | {"站", "队", "点"}
    return re.compile(alternatives(words))


def _beats(other: Mention, mention: Mention) -> bool:
    if other.span == mention.span:
        return mention.type == "Program" and other.type != "Program"
    return other.span.contains(mention.span)


_BREAK = re.compile(r"[的等为在是把被将让与和及了、]")


def find(document: Document) -> list[Mention]:
    """Quoted names that carry their type beside them."""
    text = document.text
    found: list[Mention] = []
    for kind, pattern in _heads():
        for match in pattern.finditer(text):
            head = match["head"]
            more = _more().match(text, match.end())
            if more:
                head += more.group()
            if _BREAK.search(head[:-2]) or not _name_like(match["core"]):
                continue
            end = match.start() + len(match["core"]) + 2 + len(head)
            found.append(
                Mention(
                    Span(match.start(), end),
                    text[match.start() : end],
                    kind,
                    f"quotes:{head[-3:]}",
                    0.9 if len(head) <= 6 else 0.6,
                )
            )
    # the longest head decides; of equal ones the more special type (志愿服务队 is a team before it is a service)
    found = [m for i, m in enumerate(found) if not any(_beats(o, m) for o in found[i + 1 :] + found[:i])]
    for pattern, rule in ((_row(), "quotes:row"), (_announced(), "quotes:announced")):
        for match in pattern.finditer(text):
            for name in re.finditer(_NAME, match["row"]):
                start = match.start("row") + name.start("core")
                span = Span(start, start + len(name["core"]))
                if _name_like(name["core"]) and not any(span.overlaps(other.span) for other in found):
                    found.append(Mention(span, name["core"], "Program", rule, 0.5))
    return found


def _name_like(core: str) -> bool:
    """A name rather than a quoted remark or a lone emphasised word."""
    return len(core) >= 3 and not core.endswith(("吗", "呢", "啊", "了", "的")) and "，" not in core[:-1]

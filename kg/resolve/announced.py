"""Short forms that a text announces itself: 云岭锌铟集团股份有限公司（以下简称“云岭锌铟”）, 缔约方大会（COP27）."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import cache

from kg.model import Mention, Span
from kg.names import norm
from kg.schema import toml

RULE = "announced"


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(toml("patterns/names.toml")["announced"][name])


def announced(text: str, mentions: Sequence[Mention]) -> tuple[list[Mention], dict[str, str]]:
    """The mentions with those that the announcements add, and each announced short form with the name it is for.

    A short form takes the type of the name in front of the bracket. Words that only point (该公司) are none.
    """
    told: dict[str, Mention] = {}
    added: list[Mention] = []
    brackets = [*_pattern("bracket").finditer(text), *_pattern("latin").finditer(text)]
    mentions = _without(brackets, mentions)
    for match in brackets:
        holders = [mention for mention in mentions if match.start() - 1 <= mention.span.end <= match.start()]
        if not holders:
            continue
        holder = max(holders, key=lambda mention: mention.span.end - mention.span.start)
        for short in _pattern("form").finditer(text, match.start("forms"), match.end("forms")):
            span = Span(*short.span("name"))
            name = short["name"]
            if _pattern("pointing").fullmatch(name) or norm(name) == norm(holder.text):
                continue
            told[norm(name)] = holder
            added.append(Mention(span, name, holder.type, RULE, holder.score, holder.subtype))
    taken = [mention.span for mention in added]
    kept = [mention for mention in mentions if not any(mention.span.overlaps(span) for span in taken)]
    known = [_as(mention, told.get(norm(mention.form))) for mention in kept]
    names = {short: norm(holder.form) for short, holder in told.items()}
    return sorted([*known, *added], key=lambda mention: mention.span), names


def _without(brackets: Sequence[re.Match[str]], mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, those cut short that end in one of the brackets."""
    starts = {match.end(): match.start() for match in brackets}
    return [_to(starts.get(mention.span.end, mention.span.end), mention) for mention in mentions]


def _to(end: int, mention: Mention) -> Mention:
    size = end - mention.span.start
    if mention.name or not 1 < size < len(mention.text):
        return mention
    return dataclasses.replace(mention, span=Span(mention.span.start, end), text=mention.text[:size])


def _as(mention: Mention, holder: Mention | None) -> Mention:
    """With the type of the name that it is short for."""
    if holder is None or holder.type == mention.type:
        return mention
    return dataclasses.replace(mention, type=holder.type, subtype=holder.subtype, code="", count=None)

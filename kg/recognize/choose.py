"""Overlapping finds settled, once: the surer and longer one stands; known places stay inside longer names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from kg.model import AREAS, Mention, Span
from kg.recognize import members
from kg.recognize.tagger import INNER_RULE

T = TypeVar("T")
_MAY_HOLD = frozenset(
    {"Project", "ProjectGroup", "Facility", "Organization", "Event", "Honor", "Program", "Place", "Product", "Village"}
)


def choose(mentions: Iterable[Mention]) -> list[Mention]:
    """A set of mentions without conflicts, in text order.

    Two mentions of one span leave the surer, with the full name that the other one knows (县委 is 临泽县委); crossing
    ones leave the surer; an area or a village that lies at the beginning of, or wholly inside, a longer name of another
    kind is kept beside it, and so is what the labeller found there, and the members that a group lists.
    """
    kept: list[Mention] = []
    taken: dict[int, list[Mention]] = defaultdict(list)
    ranked = sorted(mentions, key=_rank)
    known = {(m.span, m.type): m for m in reversed(ranked) if m.name and m.name != m.text}
    for mention in ranked:
        places = range(*mention.span)
        if all(_compatible(mention, other) for at in places for other in taken.get(at, ())):
            kept.append(mention)
            for at in places:
                taken[at].append(mention)
    named = (_named(mention, known.get((mention.span, mention.type))) for mention in kept)
    return sorted(named, key=lambda m: (m.span.start, -m.span.end))


def _named(mention: Mention, fuller: Mention | None) -> Mention:
    """The mention with the name and the subtype that another find of the same words has."""
    if mention.name or mention.code or fuller is None:
        return mention
    return replace(mention, name=fuller.name, subtype=mention.subtype or fuller.subtype)


def by_character(spans: Iterable[tuple[Span, T]]) -> dict[int, list[T]]:
    """What each character is of, in the order in which it is given with its span."""
    found: dict[int, list[T]] = defaultdict(list)
    for span, what in spans:
        for at in range(*span):
            found[at].append(what)
    return found


def _rank(mention: Mention) -> tuple[float, int, int, str]:
    length = mention.span.end - mention.span.start
    return (-(mention.score + min(length, 12) * 0.012), mention.span.start, -length, mention.type)


def _compatible(mention: Mention, other: Mention) -> bool:
    if not mention.span.overlaps(other.span):
        return True
    if mention.span == other.span:
        return False
    inner, outer = (mention, other) if other.span.contains(mention.span) else (other, mention)
    if not outer.span.contains(inner.span):
        return False
    if inner.rule == outer.rule == members.RULE:
        return True
    return (
        (inner.type in AREAS or inner.rule == INNER_RULE)
        and outer.type in _MAY_HOLD
        and (inner.type != outer.type)
        and inner.rule != "gazetteer:bare"
    )

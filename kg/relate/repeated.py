"""A figure that an article tells twice (in a summary, in a caption) is one figure, with both sentences behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kg.model import Figure, Quantity
from kg.schema import toml

Sure = tuple[Figure, float]  # a figure, and how likely it is its owner's


def joined(figures: Iterable[Sure]) -> list[Figure]:
    """The figures in the order of the text, what is told again joined to where it is told first.

    Joined is one amount under one name, in sentences of their own, of periods that do not differ. Where the owners
    differ the number has to say more than one digit, and the likelier owner counts.
    """
    found: list[Sure] = []
    known: dict[tuple[float, str], list[int]] = defaultdict(list)
    for figure, chance in figures:
        places = known[figure.quantity.base_value, figure.quantity.base_unit]
        at = next((at for at in places if _same(found[at][0], figure)), None)
        if at is None:
            places.append(len(found))
            found.append((figure, chance))
        else:
            found[at] = _join(*found[at], figure, chance)
    return [figure for figure, _ in found]


def _same(one: Figure, other: Figure) -> bool:
    """Do both tell one thing?"""
    a, b = one.quantity, other.quantity
    said = [{(evidence.start, evidence.end) for evidence in figure.evidence} for figure in (one, other)]
    if said[0] & said[1] or (a.period and b.period and a.period != b.period):
        return False
    least: dict[str, float] = toml("patterns/thresholds.toml")["repeated"]
    alike = _alike(a.indicator, b.indicator)
    if one.owner == other.owner:
        return alike >= least["same_owner"]
    return alike >= least["other_owner"] and _digits(a) >= least["digits"]


def _alike(one: str, other: str) -> float:
    """The share of the shorter name's pairs of characters that the other has, too."""
    pairs = [{name[at : at + 2] for at in range(len(name) - 1)} for name in (one, other)]
    return len(pairs[0] & pairs[1]) / max(1, min(map(len, pairs))) if one != other else 1.0


def _digits(quantity: Quantity) -> int:
    """How many digits the number says, without the noughts at its ends."""
    return len(f"{quantity.value:f}".replace(".", "").strip("-0"))


def _join(one: Figure, chance: float, other: Figure, other_chance: float) -> Sure:
    """The first place's figure with what only the other one says, and the evidence of both."""
    a, b = one.quantity, other.quantity
    quantity = replace(
        a,
        about=a.about and b.about,
        period=a.period or b.period,
        growth=b.growth if a.growth is None else a.growth,
        rank=a.rank or b.rank,
    )
    owner = one.owner if chance >= other_chance else other.owner
    return Figure(quantity, owner, (*one.evidence, *other.evidence)), max(chance, other_chance)

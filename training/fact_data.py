"""Annotated articles as training rows for statuses of projects and for owners of figures."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg import figures
from kg.model import AREAS, Quantity, Span
from kg.names import norm
from kg.relate import owner_features, owners, statuses
from kg.relate.context import Context
from training.annotations import Annotated
from training.rank import Ranker

_SCALES = (("万亿", 1e12), ("亿", 1e8), ("千万", 1e7), ("百万", 1e6), ("万", 1e4))


def amount(value: float, unit: str) -> tuple[float, str]:
    """(2, 万吨) → (20000.0, 吨), as amounts are compared."""
    unit = unicodedata.normalize("NFKC", unit).strip()
    scale = 1.0
    for prefix, factor in _SCALES:
        if unit.startswith(prefix):
            unit, scale = unit[len(prefix) :], factor
            break
    unit = {"人民币": "元", "㎡": "平方米", "平米": "平方米"}.get(unit, unit)
    number = float(value) * scale
    return round(abs(number) if unit == "%" else number, 4), unit


def status_rows(annotated: Annotated, context: Context) -> Iterator[tuple[int, Span, list[str], str]]:
    """(entity, place, features, status or none) for each mention of a project."""
    gold = dict(map(tuple, annotated.gold.get("statuses", [])))
    optional = {e["name"] for e in annotated.gold["entities"] if e.get("optional")}
    for index, entity in enumerate(context.entities):
        if entity.type not in statuses.BUILT or (entity.name in optional and entity.name not in gold):
            continue
        for mention in entity.mentions:
            yield index, mention.span, statuses.features(context, index, mention.span), gold.get(entity.name, "none")


@dataclass(slots=True)
class Owned:
    """A figure found in the text with its candidate owners and whether the gold gives it to each."""

    quantity: Quantity
    candidates: list[owner_features.Owner]
    features: list[list[str]]
    right: list[bool]


def guess_owners(context: Context, owned: list[Owned], chooser: Ranker) -> dict[Span, int]:
    """The owner of each figure by a chooser that follows its own row of choices, by the figure's place."""
    before: owner_features.Before | None = None
    guesses: dict[Span, int] = {}
    for item in owned:
        offered = owners.rivals(context, item.quantity, before)
        if offered:
            scores = chooser.scores(
                [owner_features.features(context, item.quantity, owner, offered, before) for owner in offered]
            )
            guess = owners.likeliest(offered, scores).entity
            guesses[item.quantity.span] = guess
            before = owner_features.Before(item.quantity, guess)
    return guesses


def _right(context: Context, figure: dict[str, Any], found: list[owner_features.Owner]) -> list[bool]:
    """Which candidates may own the figure; a programme not where its area may: the guide's first choice."""
    accepted = {figure["of"], *figure.get("or", [])}
    offered = [context.entities[owner.entity] for owner in found]
    right = [entity.name in accepted for entity in offered]
    of_area = any(ok and entity.type in AREAS for ok, entity in zip(right, offered, strict=True))
    return [ok and not (of_area and entity.type == "Program") for ok, entity in zip(right, offered, strict=True)]


def owner_rows(annotated: Annotated, context: Context, guesses: dict[Span, int] | None = None) -> Iterator[Owned]:
    """Figures of the text that the gold has too, each with its candidates.

    The figure before counts with its annotated owner, or with the guessed one where ``guesses`` are given.
    """
    document = annotated.document
    before: owner_features.Before | None = None
    remaining = [dict(figure) for figure in annotated.gold.get("figures", [])]
    names = {entity.name: index for index, entity in enumerate(context.entities)}
    for quantity in sorted(
        figures.find(document.text, document.sentences, document.date, document.title), key=lambda q: q.span
    ):
        same = [f for f in remaining if amount(f["value"], str(f["unit"])) == amount(quantity.value, quantity.unit)]
        same.sort(key=lambda f: norm(str(f["indicator"])) not in norm(quantity.indicator))
        if not same:
            continue
        figure = same[0]
        remaining.remove(figure)
        found = owners.rivals(context, quantity, before)
        yield Owned(
            quantity,
            found,
            [owner_features.features(context, quantity, owner, found, before) for owner in found],
            _right(context, figure, found),
        )
        if guesses is not None and quantity.span in guesses:
            before = owner_features.Before(quantity, guesses[quantity.span])
        elif figure["of"] in names:
            before = owner_features.Before(quantity, names[figure["of"]])

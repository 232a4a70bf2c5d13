"""Annotated articles as training rows for relations: candidate pairs with their features and gold labels."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Entity, Mention
from kg.names import norm
from kg.relate.context import Context
from kg.relate.pairs import Pair, candidates, features
from kg.relate.reader import NONE
from training.annotations import Annotated, by_form

RELATIONS = ("undertakenBy", "partOf", "receivedHonor", "memberOf", "locatedIn", "established", "organizes", "runs")


@dataclass(slots=True)
class Rows:
    """One article's candidates; ``labels`` holds None where the gold leaves the answer open."""

    article: str
    context: Context
    pairs: list[Pair] = field(default_factory=list)
    features: list[list[str]] = field(default_factory=list)
    labels: list[str | None] = field(default_factory=list)


def gold_entities(annotated: Annotated) -> list[Entity]:
    """The annotated entities as the resolver would give them."""
    entities = []
    for gold in annotated.gold["entities"]:
        mentions = [
            Mention(span, annotated.document.text[span.start : span.end], gold["type"], "gold")
            for span in annotated.spans[gold["name"]]
        ]
        if mentions:
            entities.append(
                Entity(
                    key=gold["name"],
                    type=gold["type"],
                    name=str(gold["name"]),
                    subtype=gold.get("subtype", ""),
                    aliases=[str(form) for form in gold.get("also", [])],
                    mentions=mentions,
                    count=gold.get("count"),
                )
            )
    return entities


def allowed_types(annotated: list[Annotated], least: int = 3) -> frozenset[tuple[str, str]]:
    """Type pairs that some relation joins in the annotations at least ``least`` times."""
    counts: dict[tuple[str, str], int] = {}
    for article in annotated:
        types = {e["name"]: e["type"] for e in article.gold["entities"]}
        for s, _, o in article.gold.get("relations", []):
            if s in types and o in types:
                key = (types[s], types[o])
                counts[key] = counts.get(key, 0) + 1
    return frozenset(key for key, n in counts.items() if n >= least)


def align(annotated: Annotated, entities: list[Entity]) -> list[Entity]:
    """Recognized entities under their annotated names; what the gold does not have keeps its own, marked with ?."""
    forms = by_form(annotated.gold)
    taken: set[str] = set()
    for exact in (True, False):
        for entity in entities:
            names = [entity.name] if exact else entity.aliases
            if entity.key in taken:
                continue
            for gold in (g for name in names for g in forms.get(norm(name), [])):
                if entity.type in (gold["type"], *gold.get("or", [])) and gold["name"] not in taken:
                    taken |= {gold["name"], entity.key}
                    entity.name = gold["name"]
                    break
    for gold in annotated.gold["entities"]:
        if gold["type"] == "ProjectGroup" and gold["name"] not in taken:
            for entity in entities:
                if entity.type == "ProjectGroup" and entity.key not in taken and entity.count == gold.get("count"):
                    taken |= {gold["name"], entity.key}
                    entity.name = gold["name"]
                    break
    for entity in entities:
        if entity.key not in taken:
            entity.name = f"?{entity.name}"
    return entities


def rows(annotated: Annotated, allowed: frozenset[tuple[str, str]], entities: list[Entity] | None = None) -> Rows:
    """Candidates between the annotated entities, or between recognized ones that were aligned."""
    context = Context(annotated.document, gold_entities(annotated) if entities is None else entities)
    gold = {(s, o): p for s, p, o in annotated.gold.get("relations", [])}
    open_ = {(s, o) for s, p, o in annotated.gold.get("optional relations", [])}
    optional = {e["name"] for e in annotated.gold["entities"] if e.get("optional")}
    result = Rows(annotated.name, context)
    for pair in candidates(context, allowed):
        s, o = context.entities[pair.subject].name, context.entities[pair.object].name
        label: str | None = gold.get((s, o), NONE)
        if label == NONE and ((s, o) in open_ or s in optional or o in optional):
            label = None
        if label not in (NONE, None) and label not in RELATIONS:
            label = None
        result.pairs.append(pair)
        result.features.append(features(context, pair))
        result.labels.append(label)
    return result

"""Which candidate pairs are facts, and their evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from kg.gazetteer.index import below
from kg.model import Evidence, Fact, Span
from kg.recognize import groups
from kg.recognize.tagger import Support
from kg.relate import reader, review
from kg.relate.context import Context
from kg.relate.pairs import Pair, candidates, features
from kg.relate.reader import Reading
from kg.relate.review import Table
from kg.schema import ontology_dir, schema, toml

Likely = tuple[float, str, Pair]  # how sure, what, of which two
_NAMED = ("runs", "organizes", "established", "receivedHonor")  # the quoted sentence has to name their object
_OWN = ("runs", "organizes")  # what an article's area does where nobody else is named


@cache
def allowed_types() -> frozenset[tuple[str, str]]:
    """Type pairs that the trained model knows (ontology/models/relations.json)."""
    data = json.loads((ontology_dir() / "models" / "relations.json").read_text(encoding="utf-8"))
    return frozenset(tuple(pair) for pair in data["allowed"])


def likely(context: Context, reading: Reading, support: Sequence[Support]) -> Table:
    """What the reader holds likely of each pair of an article's entities that may be related.

    ``support`` says how surely the labeller saw each entity (:meth:`kg.recognize.tagger.Reading.supports`).
    """
    pairs = list(candidates(context, allowed_types()))
    rows = [features(context, pair) for pair in pairs]
    chances = reading.relations([placed(context, pair) for pair in pairs], rows)
    told = reader.gathered(
        ((pair.subject, pair.object), pair, _possible(context, pair, found))
        for pair, found in zip(pairs, chances, strict=True)
    )
    fitting = ((pair, _fitting(context, *pair, labels)) for pair, labels in told.items())
    return Table(context, {pair: labels for pair, labels in fitting if labels}, support)


def find(table: Table, sure: Sequence[float]) -> list[Fact]:
    """The relations between an article's entities; one predicate a pair, with the sentence that tells it best.

    ``sure`` says of each entity how likely it is one (:func:`kg.relate.review.names`).
    """
    context = table.context
    kept = [
        (chance, label, _own(table, label, pair))
        for chance, label, pair in review.relations(table, sure)
        if chance >= _threshold(label, context.entities[pair.object].type)
    ]
    return [
        Fact(
            context.entities[pair.subject].key,
            label,
            context.entities[pair.object].key,
            (_evidence(context, pair, label),),
        )
        for probability, label, pair in kept
        if label != "locatedIn" or not _elsewhere(context, probability, pair, kept)
    ]


def _own(table: Table, label: str, pair: Pair) -> Pair:
    """What nobody is said to run or organize is taken for the doing of the town or village reported on, and says so."""
    local = pair.subject == table.context.home and table.context.home_is_local and pair.at_subject is None
    granted = local and label in _OWN and table.chance(pair.subject, label, pair.object) < review.SAID
    return replace(pair, mode="own") if granted else pair


def _possible(context: Context, pair: Pair, chances: dict[str, float]) -> dict[str, float]:
    """Without the relations that a sentence cannot tell that does not name their object, or not their province."""
    without: tuple[str, ...] = _NAMED if pair.at_object is None else ()
    if pair.mode == "home" and context.home_is_wide:
        without += _OWN
    return {label: chance for label, chance in chances.items() if label not in without} if without else chances


def _elsewhere(context: Context, probability: float, pair: Pair, kept: Sequence[Likely]) -> bool:
    """Is the subject more surely in an area that neither holds this one nor lies in it, by their official codes?"""
    code = context.entities[pair.object].code
    return bool(code) and any(
        other.subject == pair.subject and label == "locatedIn" and chance > probability and _apart(code, rival)
        for chance, label, other in kept
        if (rival := context.entities[other.object].code)
    )


def _apart(one: str, other: str) -> bool:
    return one != other and not below(one, other) and not below(other, one)


def placed(context: Context, pair: Pair) -> reader.Pair:
    """Where the reader looks for the two."""
    anchor = pair.anchor.start
    one = reader.place(context, pair.subject, pair.at_subject, anchor)
    other = reader.place(context, pair.object, pair.at_object, anchor)
    return reader.Pair(one, other, pair.at_subject is not None and pair.at_object is not None)


def _threshold(label: str, object_type: str) -> float:
    thresholds: dict[str, float] = toml("patterns/thresholds.toml")["relations"]
    return thresholds.get(f"{label}>{object_type}", thresholds["other"])


def _fitting(context: Context, subject: int, object_: int, labels: reader.Labels[Pair]) -> reader.Labels[Pair]:
    """The labels that the two may have, without the faintest."""
    return {
        label: fact
        for label, fact in labels.items()
        if fact.chance >= review.FAINTEST
        and _fits(context, subject, label, object_)
        and (label != "receivedHonor" or _received(context, fact.place))
    }


def _fits(context: Context, subject: int, label: str, object_: int) -> bool:
    """Does the schema allow it, and do the official codes not contradict it?"""
    inner, outer = context.entities[subject], context.entities[object_]
    if not schema().relations[label].accepts(inner.type, outer.type):
        return False
    if (
        label == "locatedIn"
        and inner.type == outer.type == "AdministrativeArea"
        and not context.is_below(subject, object_)
    ):
        return False
    if inner.type == outer.type == "ProjectGroup" and not groups.may_hold(outer, inner):
        return False
    if label == "locatedIn" and inner.code and outer.code:
        return below(inner.code, outer.code)
    return True


@cache
def _misses() -> tuple[re.Pattern[str], re.Pattern[str]]:
    patterns = toml("patterns/names.toml")["honor"]
    return re.compile(patterns["not_received_before"]), re.compile(patterns["not_received_behind"])


def _received(context: Context, pair: Pair) -> bool:
    """Is the honour received, and not striven for, applied for or missed?"""
    before, behind = _misses()
    start = context.clause(pair.anchor.start).start
    return not before.search(context.text[start : pair.anchor.start]) and not behind.match(
        context.text[pair.anchor.end : pair.anchor.end + 18]
    )


def _evidence(context: Context, pair: Pair, label: str) -> Evidence:
    span = context.document.sentence_at(pair.anchor.start)
    return context.document.evidence(trim(context, span), f"{label}:{pair.mode}")


def trim(context: Context, span: Span) -> Span:
    """A sentence without white space at its ends."""
    text = context.text[span.start : span.end]
    lead = len(text) - len(text.lstrip())
    return Span(span.start + lead, max(span.start + lead + 1, span.end - (len(text) - len(text.rstrip()))))

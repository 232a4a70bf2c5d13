"""What a reader takes for granted: a town's own village lies in it, a name tells its place, a town runs its programmes.

Each such fact says so in its rule (``locatedIn:name``, ``locatedIn:own``, ``runs:own``) and quotes the sentence that
names the thing.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Fact
from kg.relate.context import Context
from kg.relate.relations import trim

_PLACES = ("AdministrativeArea", "Village")
_NAMED_BY_PLACE = ("Organization", "Facility", "Place", "Project", "Village")


def find(context: Context, facts: list[Fact]) -> list[Fact]:
    """The facts that go without saying, beside those found."""
    known = {(fact.subject, fact.predicate, fact.object) for fact in facts}
    found = [fact for fact in _by_name(context) if (fact.subject, fact.predicate, fact.object) not in known]
    return found + list(_by_home(context, facts + found))


def _by_name(context: Context) -> Iterator[Fact]:
    """柳河县七棵树矿业有限公司 lies in 柳河县, 清平社区暖心家园 in 清平社区: a place's name begins the name."""
    seen: set[tuple[int, int]] = set()
    for sentence in context.by_sentence.values():
        for outer in sentence:
            for inner in sentence:
                held, place = context.entities[outer.entity], context.entities[inner.entity]
                pair = (outer.entity, inner.entity)
                if place.type not in _PLACES or held.type not in _NAMED_BY_PLACE or held is place or pair in seen:
                    continue
                if inner.span.start == outer.span.start and inner.span.end < outer.span.end:
                    seen.add(pair)
                    yield _fact(context, outer.entity, "locatedIn", inner.entity, outer.span.start, "name")


def _by_home(context: Context, facts: list[Fact]) -> Iterator[Fact]:
    """In a town's own report its villages lie in it and programmes that nobody else runs are its own."""
    if context.home < 0 or not context.home_is_town:
        return
    home = context.entities[context.home]
    placed = {fact.subject for fact in facts if fact.predicate in ("locatedIn", "partOf")}
    run = {fact.object for fact in facts if fact.predicate in ("runs", "organizes", "receivedHonor", "established")}
    for index, entity in enumerate(context.entities):
        if entity.key == home.key:
            continue
        start = entity.mentions[0].span.start
        if entity.type == "Village" and entity.key not in placed:
            yield _fact(context, index, "locatedIn", context.home, start, "own")
        elif entity.type == "Program" and entity.key not in run:
            yield _fact(context, context.home, "runs", index, start, "own")


def _fact(context: Context, subject: int, predicate: str, object_: int, start: int, why: str) -> Fact:
    sentence = trim(context, context.document.sentence_at(start))
    evidence = context.document.evidence(sentence, f"{predicate}:{why}")
    return Fact(context.entities[subject].key, predicate, context.entities[object_].key, (evidence,))

"""What a reader takes for granted: a town's own village lies in it, a name tells its place.

Each such fact says so in its rule (``locatedIn:name``, ``locatedIn:own``) and quotes the sentence that names the thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.model import AREAS, Fact, Span
from kg.recognize import lists, members
from kg.relate.context import Context
from kg.relate.relations import trim
from kg.schema import alternatives, toml

_NAMED_BY_PLACE = ("Organization", "Facility", "Place", "Project", "Village")
_LAID_OUT = ("Program", "Project", "ProjectGroup")  # what is named by its parts: “一核两驱多轸”产业体系
_ENDED = re.compile("$|[、及和与]|以及")  # what stands behind a member of an enumeration
_PARTS = ("Organization", "Facility", "Place", "Project", "Program")


def find(context: Context, facts: list[Fact]) -> list[Fact]:
    """The facts that go without saying, beside those found."""
    known = {(fact.subject, fact.predicate, fact.object) for fact in facts}
    stated = [*_by_name(context), *_by_list(context), *_by_quotation(context), *_by_layout(context)]
    found = [fact for fact in stated if (fact.subject, fact.predicate, fact.object) not in known]
    return found + list(_by_home(context, facts + found))


def _by_name(context: Context) -> Iterator[Fact]:
    """柳河县七棵树矿业有限公司 lies in 柳河县, 清平社区暖心家园 in 清平社区: a place's name begins the name."""
    seen: set[tuple[int, int]] = set()
    for sentence in context.by_sentence.values():
        for outer in sentence:
            for inner in sentence:
                held, place = context.entities[outer.entity], context.entities[inner.entity]
                pair = (outer.entity, inner.entity)
                if place.type not in AREAS or held.type not in _NAMED_BY_PLACE or held is place or pair in seen:
                    continue
                if inner.span.start == outer.span.start and inner.span.end < outer.span.end:
                    seen.add(pair)
                    yield _fact(context, (outer.entity, "locatedIn", inner.entity), outer.span.start, "name")


def _by_list(context: Context) -> Iterator[Fact]:
    """甲公司年产2万吨A、年产3万吨B、乙公司C改造等23个项目: A, B and C are of the 23; A and B are 甲公司's."""
    for index, entity in enumerate(context.entities):
        if entity.type != "ProjectGroup":
            continue
        for mention in entity.mentions:
            company = -1
            for link in lists.links(context.text, mention.span):
                member = _ending(context, link, ("Project", "Facility"))
                own = _beginning(context, link)
                named = context.text[link.start : link.end]
                company = own if own >= 0 else company if lists.has_capacity(named) else -1
                if member < 0:
                    continue
                yield _fact(context, (member, "partOf", index), link.start, "list")
                if company >= 0 and context.entities[member].type == "Project":
                    yield _fact(context, (member, "undertakenBy", company), link.start, "list")


def _by_quotation(context: Context) -> Iterator[Fact]:
    """“治污、护岸”两大工程: 治污 and 护岸 are of the two."""
    for index, entity in enumerate(context.entities):
        for mention in entity.mentions:
            for link in members.links(context.text, mention.span) if mention.rule == members.RULE else ():
                member = _ending(context, link, ("Project", "Facility", "Program"))
                if member >= 0:
                    yield _fact(context, (member, "partOf", index), link.start, "list")


def _by_layout(context: Context) -> Iterator[Fact]:
    """“一核”即甲合作社、乙合作社 after “一核两驱多轸”产业体系: both are of the system."""
    for match in _layout().finditer(context.text):
        whole = _laid_out(context, match["part"])
        if whole < 0:
            continue
        start, end = match.span("what")
        names = [p for p in context.within(start, end) if p.span.end <= end]
        outer = [p for p in names if not any(q.span != p.span and q.span.contains(p.span) for q in names)]
        for at in outer:
            closed = context.text[at.span.end : end]
            if context.entities[at.entity].type in _PARTS and at.entity != whole and _ENDED.match(closed):
                yield _fact(context, (at.entity, "partOf", whole), match.start(), "layout")


@cache
def _layout() -> re.Pattern[str]:
    """A counted part in quotation marks, what says that it is explained, and the explanation."""
    layout = toml("patterns/groups.toml")["layout"]
    says = alternatives(layout["says"])
    return re.compile(f"[“‘](?P<part>[{layout['counts']}][^“”‘’，。；]{{1,3}})[”’](?:{says})(?P<what>[^“”‘’，。；]+)")


def _laid_out(context: Context, part: str) -> int:
    """The entity whose name counts the part beside others (一核 in 一核两驱多轸), or -1."""
    counts = toml("patterns/groups.toml")["layout"]["counts"]
    beside = re.compile(f"[{counts}][^{counts}“”]{{1,3}}{re.escape(part)}|{re.escape(part)}[{counts}]")
    named = (
        index
        for index, entity in enumerate(context.entities)
        if entity.type in _LAID_OUT and any(beside.search(name) for name in (entity.name, *entity.aliases))
    )
    return next(named, -1)


def _ending(context: Context, link: Span, types: tuple[str, ...]) -> int:
    """The entity of one of the types whose mention ends where the link ends, or -1."""
    fitting = (p for p in context.placed if p.span.end == link.end and p.span.start >= link.start)
    return next((p.entity for p in fitting if context.entities[p.entity].type in types), -1)


def _beginning(context: Context, link: Span) -> int:
    """The organization that the link begins with, or -1."""
    fitting = (p for p in context.placed if p.span.start == link.start and p.span.end < link.end)
    return next((p.entity for p in fitting if context.entities[p.entity].type == "Organization"), -1)


def _by_home(context: Context, facts: list[Fact]) -> Iterator[Fact]:
    """In a town's own report its villages lie in it."""
    if not context.home_is_town:
        return
    home = context.entities[context.home]
    placed = {fact.subject for fact in facts if fact.predicate in ("locatedIn", "partOf")}
    for index, entity in enumerate(context.entities):
        if entity.key != home.key and entity.type == "Village" and entity.key not in placed:
            yield _fact(context, (index, "locatedIn", context.home), entity.mentions[0].span.start, "own")


def _fact(context: Context, triple: tuple[int, str, int], start: int, why: str) -> Fact:
    """The fact with the sentence at ``start`` as its evidence."""
    subject, predicate, object_ = triple
    sentence = trim(context, context.document.sentence_at(start))
    evidence = context.document.evidence(sentence, f"{predicate}:{why}")
    return Fact(context.entities[subject].key, predicate, context.entities[object_].key, (evidence,))

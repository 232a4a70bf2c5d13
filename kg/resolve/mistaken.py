"""Names labelled as what they are not, or misread, join the one name of the article that they are a form of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kg.model import AREAS, Entity, Merge
from kg.names import norm
from kg.resolve.same import by_lookalike, core, reason, stem
from kg.schema import toml

Hosts = list[tuple[Entity, str]]  # what an entity may be a form of, each with the reason
Finder = Callable[[Entity, Sequence[Entity]], Hosts]
Kinds = tuple[Sequence[str], Sequence[str], Sequence[str]]
_NAMED_SHORT = (*AREAS, "Place", "Person")  # what a short name that says no kind is labelled as
_QUOTED = ("Product", "Program", "Project", "Facility", "Honor", "Event")
_MISTYPED: tuple[Kinds, ...] = (  # short forms of some types, whose they are, and by which reasons
    (_NAMED_SHORT, AREAS, ("ending",)),
    ((*_NAMED_SHORT, "Product"), ("Organization",), ("brand", "ending", "company")),
    (_QUOTED, ("Program", "Event", "Facility", "Project", "Organization"), ("quoted",)),
)


def joined(entities: list[Entity], document: str) -> tuple[list[Entity], list[Merge]]:
    """The entities without those that are forms of others, and the log of what was joined and why."""
    kept, merges = entities, []
    finders: list[Finder] = [*(partial(_mistyped, kinds) for kinds in _MISTYPED), _misread]
    for hosts_of in finders:
        kept, log = _with_their_only_host(kept, hosts_of, document)
        merges += log
    return kept, merges


def _with_their_only_host(entities: list[Entity], hosts_of: Finder, document: str) -> tuple[list[Entity], list[Merge]]:
    """Each entity joins what it is a form of, where that is one thing alone."""
    log: list[Merge] = []
    kept = list(entities)
    for entity in entities:
        hosts = hosts_of(entity, kept)
        if len(hosts) == 1:
            host, why = hosts[0]
            absorb(host, entity)
            log.append(Merge(host.name, entity.name, host.type, why, document))
            kept = [other for other in kept if other is not entity]
    return kept, log


def absorb(host: Entity, entity: Entity) -> None:
    """Gives what is known of an entity to the one that it is."""
    host.mentions = sorted(host.mentions + entity.mentions, key=lambda m: m.span)
    host.aliases = sorted(set(host.aliases) | set(entity.aliases))
    host.code = host.code or entity.code
    host.subtype = host.subtype or entity.subtype


def _mistyped(kinds: Kinds, entity: Entity, entities: Sequence[Entity]) -> Hosts:
    """云岭 that was taken for an area is 重庆云岭汽车配件有限公司. An area that is known by its code stays."""
    shorts, longs, reasons = kinds
    if entity.type not in shorts or entity.code or says_kind(entity):
        return []
    root = core(entity.name) or norm(entity.name)
    others = (
        other
        for other in entities
        if other.type in longs and other is not entity and stem(root, other.type) in norm(other.name)  # else no reason
    )
    told = ((other, reason(entity.name, other.name, other.type)) for other in others)
    return [(other, why) for other, why in told if why in reasons]


def _misread(entity: Entity, entities: Sequence[Entity]) -> Hosts:
    """A name that stands once is misread where it looks like a form of one that stands more often."""
    if len(entity.mentions) > 1 or entity.code:
        return []
    return [(other, "lookalike") for other in entities if len(other.mentions) > 1 and _looks_like(entity, other)]


def _looks_like(entity: Entity, other: Entity) -> bool:
    """One of the other's forms, but for a look-alike character? Only a village's may be of two characters."""
    if len(entity.name) < 3 and other.type != "Village":
        return False
    return any(by_lookalike(entity.name, form, other.type) for form in (other.name, *other.aliases))


def says_kind(entity: Entity) -> bool:
    """Does a name of land end in what it is (石河, 云岭村)?"""
    return entity.name.endswith(tuple(toml("lexicon/endings.toml").get(entity.type, {}).get("kinds", ())))

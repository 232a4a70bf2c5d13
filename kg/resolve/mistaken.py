"""Names labelled as what they are not, or misread, join the one name of the article that they are a form of."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Entity, Merge
from kg.resolve.same import by_lookalike, reason
from kg.schema import toml

_AREAS = ("AdministrativeArea", "Village")
_NAMED_SHORT = (*_AREAS, "Place", "Person")  # what a short name that says no kind is labelled as
_QUOTED = ("Product", "Program", "Project", "Facility", "Honor", "Event")
_MISTYPED = (  # short forms of some types, whose they are, and by which reasons
    (_NAMED_SHORT, _AREAS, ("ending",)),
    ((*_NAMED_SHORT, "Product"), ("Organization",), ("brand", "ending", "company")),
    (_QUOTED, ("Program", "Event", "Facility", "Project", "Organization"), ("quoted",)),
)


def joined(entities: list[Entity], document: str) -> tuple[list[Entity], list[Merge]]:
    """The entities without those that are forms of others, and the log of what was joined and why."""
    kept, merges = entities, []
    for shorts, longs, reasons in _MISTYPED:
        kept, log = _retold(kept, shorts, longs, reasons, document)
        merges += log
    kept, log = _misread(kept, document)
    return kept, merges + log


def absorb(host: Entity, entity: Entity) -> None:
    """Gives what is known of an entity to the one that it is."""
    host.mentions = sorted(host.mentions + entity.mentions, key=lambda m: m.span)
    host.aliases = sorted(set(host.aliases) | set(entity.aliases))
    host.code = host.code or entity.code
    host.subtype = host.subtype or entity.subtype


def _retold(
    entities: list[Entity], shorts: Sequence[str], longs: Sequence[str], reasons: Sequence[str], document: str
) -> tuple[list[Entity], list[Merge]]:
    """云岭 that was taken for an area joins 重庆云岭汽车配件有限公司 where it can be nothing else that is named.

    An area that is known by its code stays.
    """
    log: list[Merge] = []
    kept = list(entities)
    for entity in entities:
        bare = entity.type in shorts and not entity.code and not _says_kind(entity)
        hosts = _hosts(entity, kept, longs, reasons) if bare else []
        if len(hosts) == 1:
            host, why = hosts[0]
            absorb(host, entity)
            log.append(Merge(host.name, entity.name, host.type, why, document))
            kept = [other for other in kept if other is not entity]
    return kept, log


def _misread(entities: list[Entity], document: str) -> tuple[list[Entity], list[Merge]]:
    """A name that stands once, and looks like a form of just one name that stands more often, is that one misread."""
    log: list[Merge] = []
    kept = list(entities)
    for entity in entities:
        if len(entity.mentions) > 1 or entity.code:
            continue
        hosts = [other for other in kept if len(other.mentions) > 1 and _looks_like(entity, other)]
        if len(hosts) == 1:
            absorb(hosts[0], entity)
            log.append(Merge(hosts[0].name, entity.name, hosts[0].type, "lookalike", document))
            kept = [other for other in kept if other is not entity]
    return kept, log


def _looks_like(entity: Entity, other: Entity) -> bool:
    """One of the other's forms, but for a look-alike character? Only a village's may be of two characters."""
    if len(entity.name) < 3 and other.type != "Village":
        return False
    return any(by_lookalike(entity.name, form, other.type) for form in (other.name, *other.aliases))


def _hosts(
    entity: Entity, entities: list[Entity], types: Sequence[str], reasons: Sequence[str]
) -> list[tuple[Entity, str]]:
    """The entities of some types that the name is a form of, each with the reason."""
    others = (other for other in entities if other.type in types and other is not entity)
    told = ((other, reason(entity.name, other.name, other.type)) for other in others)
    return [(other, why) for other, why in told if why in reasons]


def _says_kind(entity: Entity) -> bool:
    """Does a name of land end in what it is (石河, 云岭村)?"""
    return entity.name.endswith(tuple(toml("lexicon/endings.toml").get(entity.type, {}).get("kinds", ())))

"""Names labelled as what they are not, or misread, join the one name of the article that they are a form of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from kg.model import AREAS, Document, Entity, Merge
from kg.names import norm
from kg.resolve.same import by_lookalike, core, reason, stem
from kg.schema import toml

Hosts = list[tuple[int, str]]  # what an entity may be a form of, each with the reason
Finder = Callable[[Entity, "_Article"], Hosts]
Kinds = tuple[Sequence[str], Sequence[str], Sequence[str]]
_NAMED_SHORT = (*AREAS, "Place", "Person")  # what a short name that says no kind is labelled as
_QUOTED = ("Product", "Program", "Project", "Facility", "Honor", "Event")
_MISTYPED: tuple[Kinds, ...] = (  # short forms of some types, whose they are, and by which reasons
    (_NAMED_SHORT, AREAS, ("ending",)),
    ((*_NAMED_SHORT, "Product"), ("Organization",), ("brand", "ending", "company")),
    (_QUOTED, ("Program", "Event", "Facility", "Project", "Organization"), ("quoted",)),
)


class Names:
    """Some names by their characters, so that not each needs to be compared with all others."""

    def __init__(self, names: Sequence[str]) -> None:
        self.having: dict[str, set[int]] = defaultdict(set)  # the indexes of the names that have a character
        self._all = set(range(len(names)))
        for at, name in enumerate(names):
            for char in name:
                self.having[char].add(at)

    def holding(self, text: str) -> set[int]:
        """The indexes of the names that have every character of a text."""
        return self._all.intersection(*sorted((self.having.get(char, set()) for char in text), key=len))


def all_but_one(name: str) -> Iterator[str]:
    """The name with each of its characters blotted: two names of which one character differs share one of these."""
    return (f"{name[:at]}\0{name[at + 1 :]}" for at in range(len(name)))


def last(into: Mapping[int, int], at: int) -> int:
    """The end of a chain of names that are each the next one's. The callers make no circles."""
    while at in into:
        at = into[at]
    return at


class _Article:
    """Its entities, and in ``into`` what has become of those that were joined to others."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.entities = entities
        self.into: dict[int, int] = {}
        self._names = Names([norm(entity.name) for entity in entities])
        self._forms: dict[str, set[int]] = defaultdict(set)
        for at, entity in enumerate(entities):
            for form in {entity.name, *entity.aliases}:
                for blotted in all_but_one(norm(form)):
                    self._forms[blotted].add(at)

    def holding(self, text: str) -> Iterator[tuple[int, Entity]]:
        """The entities left whose names have the characters of a text, and some others."""
        return self._left(self._names.holding(text))

    def near(self, name: str) -> Iterator[tuple[int, Entity]]:
        """The entities left with a form of which one character differs."""
        return self._left(at for blotted in all_but_one(norm(name)) for at in self._forms.get(blotted, ()))

    def _left(self, found: Iterable[int]) -> Iterator[tuple[int, Entity]]:
        return ((at, self.entities[at]) for at in sorted({last(self.into, at) for at in found}))


def joined(entities: list[Entity], document: Document) -> tuple[list[Entity], list[Merge]]:
    """The entities without those that are forms of others, and the log of what was joined and why."""
    article = _Article(entities)
    persons = {id(entity) for entity in entities if entity.type == "Person" and _is_person(entity, document.text)}
    finders: list[Finder] = [*(partial(_mistyped, kinds, persons) for kinds in _MISTYPED), _misread]
    log = [merge for hosts_of in finders for merge in _with_their_only_host(article, hosts_of, document.id)]
    return [entity for at, entity in enumerate(entities) if at not in article.into], log


def _with_their_only_host(article: _Article, hosts_of: Finder, document: str) -> Iterator[Merge]:
    """Each entity joins what it is a form of, where that is one thing alone."""
    for at, entity in enumerate(article.entities):
        if at in article.into:
            continue
        hosts = hosts_of(entity, article)
        if len(hosts) == 1:
            index, why = hosts[0]
            host = article.entities[index]
            article.into[at] = index
            absorb(host, entity)
            yield Merge(host.name, entity.name, host.type, why, document)


def absorb(host: Entity, entity: Entity) -> None:
    """Gives what is known of an entity to the one that it is."""
    host.mentions = sorted(host.mentions + entity.mentions, key=lambda m: m.span)
    host.aliases = sorted(set(host.aliases) | set(entity.aliases))
    host.code = host.code or entity.code
    host.subtype = host.subtype or entity.subtype


def _is_person(entity: Entity, text: str) -> bool:
    """Does a post stand in front of the name, or a word of saying behind it (马强家庭农场负责人马强说)?"""
    words = toml("lexicon/endings.toml")["Person"]
    posts, said = (*words["behind"], *words["posts"]), tuple(words["says"])
    return any(
        text[max(0, span.start - 6) : span.start].endswith(posts) or text.startswith(said, span.end)
        for span in (mention.span for mention in entity.mentions)
    )


def _mistyped(kinds: Kinds, persons: Collection[int], entity: Entity, article: _Article) -> Hosts:
    """云岭 that was taken for an area is 重庆云岭汽车配件有限公司. An area that is known by its code stays."""
    shorts, longs, reasons = kinds
    if entity.type not in shorts or entity.code or id(entity) in persons or says_kind(entity):
        return []
    root = core(entity.name) or norm(entity.name)
    stems = {kind: stem(root, kind) for kind in longs}  # each is the beginning of the root
    others = (
        (at, other)
        for at, other in article.holding(min(stems.values(), key=len))
        if other.type in stems and other is not entity and stems[other.type] in norm(other.name)  # else no reason
    )
    told = ((at, reason(entity.name, other.name, other.type)) for at, other in others)
    return [(at, why) for at, why in told if why in reasons]


def _misread(entity: Entity, article: _Article) -> Hosts:
    """A name that stands once is misread where it looks like a form of one that stands more often."""
    if len(entity.mentions) > 1 or entity.code:
        return []
    near = article.near(entity.name)
    return [(at, "lookalike") for at, other in near if len(other.mentions) > 1 and _looks_like(entity, other)]


def _looks_like(entity: Entity, other: Entity) -> bool:
    """One of the other's forms, but for a look-alike character? Only a village's may be of two characters."""
    if len(entity.name) < 3 and other.type != "Village":
        return False
    return any(by_lookalike(entity.name, form, other.type) for form in (other.name, *other.aliases))


def says_kind(entity: Entity) -> bool:
    """Does a name of land end in what it is (石河, 云岭村)?"""
    return entity.name.endswith(tuple(toml("lexicon/endings.toml").get(entity.type, {}).get("kinds", ())))

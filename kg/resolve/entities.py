"""Groups mentions into entities: equal names first, then shortened, extended and misread ones, then likely ones."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from kg.gazetteer.store import level_of
from kg.model import AREAS, Document, Entity, Mention, Merge
from kg.names import norm
from kg.recognize.choose import by_character
from kg.recognize.tagger import INNER_RULE
from kg.resolve import alike, announced, mistaken
from kg.resolve.mistaken import Names, absorb, all_but_one
from kg.resolve.same import by_one_character, reason, stem
from kg.schema import toml

Holders = dict[int, list[tuple[Mention, str]]]  # the names that each character is of, with their entities' types
_KINDRED = (("Facility", "Place", "Project"), ("Program", "Project"))  # labelled now as one, now as the other
_ACROSS = ("ending", "head", "omission", "quoted", "tail", "work")  # reasons that hold for kindred types
_STEM = "gazetteer:stem"
_OFTEN = 3  # mentions of a name that a rarer one may be a misreading of
_COUNTED = re.compile(r"\d+(?:个|家|座|所|处|间)")
_LAST = ("head", "quoted", "abbreviation")  # may hold for several: the last one mentioned is meant


def resolve(document: Document, mentions: Sequence[Mention]) -> tuple[list[Entity], list[Merge]]:
    """The article's entities in order of first mention, and the log of what was merged and why."""
    kept, merges = grouped(document, mentions)
    kept, log = alike.joined(kept, document)
    merges += log
    kept = _without_borrowed(kept)
    for entity in kept:
        _name(entity)
    kept.sort(key=lambda e: (e.mentions[0].span, e.type, e.name))
    return kept, merges


def grouped(document: Document, mentions: Sequence[Mention]) -> tuple[list[Entity], list[Merge]]:
    """What the rules alone make of the mentions."""
    mentions, told = announced.announced(document.text, mentions)
    groups = _by_name(_communities(_villages(_one_type_a_name(mentions))))
    merges: list[Merge] = []
    by_type: dict[str, list[Entity]] = defaultdict(list)
    for entity in groups:
        by_type[entity.type].append(entity)
    kept: list[Entity] = []
    for kind in sorted(by_type):
        joined, log = _join(by_type[kind], document, told)
        kept += joined
        merges += log
    for kinds in _KINDRED:
        joined, log = _join([entity for entity in kept if entity.type in kinds], document, {})
        kept = [entity for entity in kept if entity.type not in kinds] + joined
        merges += log
    kept, log = mistaken.joined(kept, document)
    kept.sort(key=lambda e: (e.mentions[0].span, e.type, e.name))
    return kept, merges + log


def _one_type_a_name(mentions: Sequence[Mention]) -> list[Mention]:
    """A name has one type in an article: that of its surest mentions."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for mention in mentions:
        votes[norm(mention.form)][mention.type] += mention.score
    winner = {name: max(sorted(types), key=types.__getitem__) for name, types in votes.items()}
    return [_retyped(mention, winner[norm(mention.form)]) for mention in mentions]


def _villages(mentions: Sequence[Mention]) -> list[Mention]:
    """山阳 is a village where the article has a 山阳村 and no area is known that it could mean.

    A town that the list knows but the article never calls a town is none.
    """
    named = {mention.form for mention in mentions if mention.type == "Village"}
    printed = {mention.code for mention in mentions if mention.rule != _STEM}
    unprinted = {m.form for m in mentions if m.rule == _STEM and level_of(m.code) == "town" and m.code not in printed}
    known = {mention.form for mention in mentions if mention.code} - unprinted
    unknown = {mention.form for mention in mentions if mention.type == "AdministrativeArea"} - known
    bare = {form for form in unknown if any(reason(form, village, "Village") == "ending" for village in named)}
    if not bare:
        return list(mentions)
    longer = by_character((mention.span, mention.span) for mention in mentions if mention.form not in bare)
    return [
        dataclasses.replace(_retyped(mention, "Village"), code="") if mention.form in bare else mention
        for mention in mentions
        if mention.form not in bare
        or not any(span.contains(mention.span) for span in longer.get(mention.span.start, ()))
    ]


def _communities(mentions: Sequence[Mention]) -> list[Mention]:
    """徐毛社区 is not 徐毛村 where the text has both. The list has one name for them: its code is the village's."""
    villages = {mention.form for mention in mentions if mention.type == "Village"}
    return [
        dataclasses.replace(mention, code="", name="")
        if mention.code and mention.text.endswith("社区") and f"{mention.text.removesuffix('社区')}村" in villages
        else mention
        for mention in mentions
    ]


def _retyped(mention: Mention, kind: str) -> Mention:
    if kind == mention.type:
        return mention
    code = mention.code if kind in AREAS else ""
    return dataclasses.replace(mention, type=kind, subtype="", code=code)


def _by_name(mentions: Sequence[Mention]) -> list[Entity]:
    groups: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    codes = {(mention.type, norm(mention.form)): mention.code for mention in mentions if mention.code}
    for mention in mentions:
        unique = f"@{mention.span.start}" if mention.type == "ProjectGroup" else ""
        name = norm(mention.form)
        groups[mention.type, codes.get((mention.type, name)) or name + unique].append(mention)
    entities = []
    for (kind, key), members in groups.items():
        members.sort(key=lambda m: m.span)
        forms = [m.form for m in members]
        name = _fullest(forms) if kind in AREAS else Counter(forms).most_common(1)[0][0]
        code = Counter(m.code for m in members if m.code).most_common(1)
        subtype = Counter(m.subtype for m in members if m.subtype).most_common(1)
        entities.append(
            Entity(
                f"{kind}/{key}",
                kind,
                name,
                subtype[0][0] if subtype else "",
                sorted({m.text for m in members} | set(forms)),
                members,
                code[0][0] if code else "",
                members[0].count,
            )
        )
    return entities


def _fullest(forms: list[str]) -> str:
    """The longest form of an area's name; of equally long ones the most frequent."""
    counts = Counter(forms)
    return max(counts, key=lambda form: (len(form), counts[form], form))


def _join(entities: list[Entity], document: Document, told: dict[str, str]) -> tuple[list[Entity], list[Merge]]:
    """Each shorter or rarer name joins the one name that it can be a form of; with several such it stays alone.

    ``told`` are the short forms that the text announces, each with its name. Of two types the longer name's is kept.
    """
    log: list[Merge] = []
    into: dict[str, tuple[Entity, str]] = {}
    likely = Likely(entities)
    for at, entity in enumerate(entities):
        hosts = []
        for other in likely.hosts(at, told):
            why = _is_form_of(entity, other)
            if why in ("tail", "head") and _is_class(entity, document.text):
                continue
            if told.get(norm(entity.name)) == norm(other.name):
                hosts = [(other, announced.RULE)]
                break
            if why:
                hosts.append((other, why))
        chosen = _one_host(hosts) or _last_host(entity, hosts)
        if chosen:
            into[entity.key] = chosen
    kept = [entity for entity in entities if entity.key not in into]
    for entity in entities:
        if entity.key not in into:
            continue
        host, why = into[entity.key]
        seen = {entity.key}
        while host.key in into and host.key not in seen:
            seen.add(host.key)
            host = into[host.key][0]
        if host.key in seen:
            kept.append(entity)
            continue
        absorb(host, entity)
        log.append(Merge(host.name, entity.name, host.type, why, document.id))
    return kept, log


def _is_class(entity: Entity, text: str) -> bool:
    """Is it a kind of thing that is counted wherever it stands (农贸市场2个), and not one of them (蓝玉农贸市场)?"""
    return all(_COUNTED.match(text, mention.span.end) for mention in entity.mentions)


class Likely:
    """The names of an article by what the rules of same.py ask of two: those that no rule can relate are not compared.

    Nearly all rules ask that the longer name has all characters of the shorter one's stem. Whatever else they ask for,
    :func:`_marks` must yield for both names.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = entities
        self._names = Names([norm(entity.name) for entity in entities])
        self._marks = [list(_marks(entity)) for entity in entities]
        self._marked: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, marks in enumerate(self._marks):
            for mark in marks:
                self._marked[mark].append(at)

    def hosts(self, at: int, told: Mapping[str, str]) -> list[Entity]:
        """What the entity at an index may be a form of, in their order; itself and some others are among them."""
        entity = self._entities[at]
        name = norm(entity.name)
        found = self._names.holding(stem(name, entity.type))
        for mark in (*self._marks[at], ("name", told.get(name, name))):
            found.update(self._marked.get(mark, ()))
        return [self._entities[index] for index in sorted(found)]


def _marks(entity: Entity) -> Iterator[tuple[str, str]]:
    """What an entity has in common with those whose forms it can be without standing in their names."""
    name, kind = norm(entity.name), entity.type
    yield "name", name
    if entity.code:
        yield "code", entity.code
    for form in {name, entity.name}:
        yield from (("misread", blotted) for blotted in all_but_one(form))
    yield from (("short", forms[0]) for forms in _short_forms(kind) if name.endswith(forms))
    if kind == "Person":
        yield from (("surname", char) for char in (entity.name[:1], entity.name[-1:]))


@cache
def _short_forms(kind: str) -> tuple[tuple[str, ...], ...]:
    """The endings that stand for one another (管委会, 管理委员会)."""
    told: dict[str, list[str]] = toml("lexicon/endings.toml").get(kind, {}).get("short", {})
    return tuple((short, *fuller) for short, fuller in told.items())


def _is_form_of(entity: Entity, other: Entity) -> str:
    if entity is other:
        return ""
    if entity.type != other.type:
        why = reason(entity.name, other.name, other.type)
        return why if why in _ACROSS else ""
    if entity.code and other.code:
        if entity.code != other.code:
            return ""
        return "code" if _weight(entity) < _weight(other) else ""
    why = reason(entity.name, other.name, entity.type)
    if not why and entity.type == "AdministrativeArea" and _once_inside(entity) and len(other.mentions) >= _OFTEN:
        return by_one_character(entity.name, other.name)
    if why == "quoted" and len(norm(entity.name)) >= len(norm(other.name)):
        return why if _weight(entity) < _weight(other) else ""
    if why == "lookalike":
        if entity.code and not other.code:
            return ""
        known = bool(other.code) and not entity.code
        return why if known or _weight(entity) < _weight(other) else ""
    return why


def _once_inside(entity: Entity) -> bool:
    """Is it an area that nobody knows, named once and only inside a longer name?"""
    return not entity.code and [mention.rule for mention in entity.mentions] == [INNER_RULE]


def _weight(entity: Entity) -> tuple[int, int, int, str]:
    return (len(entity.mentions), len(entity.name), -entity.mentions[0].span.start, entity.name)


def _one_host(hosts: list[tuple[Entity, str]]) -> tuple[Entity, str] | None:
    if not hosts:
        return None
    if len(hosts) == 1:
        return hosts[0]
    # several hosts that are forms of one another (X, 市X, 第二批市X) are one; else the choice is open
    longest = max(hosts, key=lambda host: (len(norm(host[0].name)), host[0].name))
    rest = [norm(host.name) for host, _ in hosts if host is not longest[0]]
    return longest if all(name in norm(longest[0].name) for name in rest) else None


def _last_host(entity: Entity, hosts: list[tuple[Entity, str]]) -> tuple[Entity, str] | None:
    """Of several names that end in the entity's the one that was mentioned last before it."""
    first = entity.mentions[0].span.start
    before = [
        (max(ends), host, why)
        for host, why in hosts
        if why in _LAST and (ends := [m.span.end for m in host.mentions if m.span.end <= first])
    ]
    return max(before, key=lambda found: found[0])[1:] if before else None


def _name(entity: Entity) -> None:
    entity.aliases = [alias for alias in entity.aliases if alias != entity.name]


def _without_borrowed(entities: list[Entity]) -> list[Entity]:
    """Areas that only lend their name to honours and firms (山东省 in 山东省制造业单项冠军) are no entities."""
    rules = toml("patterns/names.toml")["no_area"]
    company = re.compile(rules["company"])
    holders = by_character((m.span, (m, e.type)) for e in entities for m in e.mentions if e.type not in AREAS)
    kept = []
    for entity in entities:
        if entity.type == "AdministrativeArea":
            level = level_of(entity.code) if entity.code else "town"
            lent = [_lender(mention, holders, company) for mention in entity.mentions]
            if all(kind and level in rules["only_inside"].get(kind, []) for kind in lent):
                continue
        kept.append(entity)
    return kept


def _lender(mention: Mention, holders: Holders, company: re.Pattern[str]) -> str:
    for holder, kind in holders.get(mention.span.start, ()):
        if holder.span.contains(mention.span):
            return "company" if kind == "Organization" and company.search(holder.text) else kind
    return ""

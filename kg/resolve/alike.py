"""Which names of an article are one thing although no rule of same.py says so: a trained comparison of two names.

It weighs how one name stands in the other, what is left over of both, where they are printed and what else they could
mean. Trained by training/train_alike.py on annotated articles. A name joins its likeliest host if it is
likely enough.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from kg.areas import prefix
from kg.model import LAND, Document, Entity, Merge, Span
from kg.names import norm
from kg.recognize import groups, lists
from kg.recognize.maxent import model
from kg.resolve.mistaken import Names, absorb, last, says_kind
from kg.resolve.same import core, distinct, look_alike, reason, stem, within
from kg.schema import toml

MODEL = "alike"
_NUMBER = re.compile(r"\d+|[一二两三四五六七八九十]")
_NEAR = (15, 60, 200, 600)  # characters between two names
_CLOSE = 0.7  # of the best host's chance: another one that is so likely leaves the choice open


@dataclass(frozen=True)
class Named:
    """The entities of an article, to be compared."""

    document: Document
    entities: Sequence[Entity]

    @cached_property
    def names(self) -> list[str]:
        """The names as they are compared."""
        return [norm(entity.name) for entity in self.entities]

    @cached_property
    def index(self) -> Names:
        """The same by their characters."""
        return Names(self.names)

    @cached_property
    def lands(self) -> set[str]:
        """What the article calls its areas, villages and places, with and without their endings."""
        lands = (entity for entity in self.entities if entity.type in LAND)
        names = ((norm(form), land.type) for land in lands for form in (land.name, *land.aliases))
        return {form for name, kind in names for form in (name, stem(name, kind))}

    @cached_property
    def sentences(self) -> list[set[int]]:
        """Where each entity is named."""
        at = self.document.sentence_at
        return [{at(mention.span.start).start for mention in entity.mentions} for entity in self.entities]

    @cached_property
    def listed(self) -> set[int]:
        """The groups that close an enumeration (甲、乙等2个项目): two of them are two."""
        return {
            index
            for index, entity in enumerate(self.entities)
            if entity.type == "ProjectGroup"
            and any(lists.links(self.document.text, mention.span) for mention in entity.mentions)
        }

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Indexes of a name and of a longer, more frequent or earlier one that shares characters with it."""
        ranks = [
            (len(name), len(entity.mentions), -entity.mentions[0].span.start)
            for name, entity in zip(self.names, self.entities, strict=True)
        ]
        for one, entity in enumerate(self.entities):
            for other in self._sharing(one):
                host = self.entities[other]
                if ranks[one] >= ranks[other] or {one, other} <= self.listed or not _comparable(entity, host):
                    continue
                if not self._founded(entity, other):
                    yield one, other

    def _sharing(self, one: int) -> list[int]:
        """The names that share two characters with one, and half of its; of groups all."""
        if self.entities[one].type == "ProjectGroup":
            return self._groups
        characters = set(self.names[one])
        shared = Counter(chain.from_iterable(self.index.having[char] for char in characters))
        return sorted(other for other, times in shared.items() if times > 1 and times * 2 >= len(characters))

    @cached_property
    def _groups(self) -> list[int]:
        return [index for index, entity in enumerate(self.entities) if entity.type == "ProjectGroup"]

    def _founded(self, entity: Entity, host: int) -> bool:
        """甲业与某村成立甲村业公司: what is founded is none of those that stand before it in the sentence."""
        if host not in self._foundings:
            return False
        start = self._foundings[host]
        sentence = self.document.sentence_at(start).start
        return any(sentence <= own.span.start < start for own in entity.mentions)

    @cached_property
    def _foundings(self) -> dict[int, int]:
        """Where the entities that are founded are first said to be."""
        founded = re.compile(toml("lexicon/endings.toml")["founded"])
        text = self.document.text
        found: dict[int, int] = {}
        for index, entity in enumerate(self.entities):
            for start in (mention.span.start for mention in entity.mentions):
                if founded.search(text[max(0, start - 6) : start]):
                    found.setdefault(index, start)
        return found


def joined(entities: list[Entity], document: Document) -> tuple[list[Entity], list[Merge]]:
    """The entities without those that are likely others' names, and the log of what was joined, with its chance.

    A name that could nearly as well be another thing's stays alone.
    """
    least: float = toml("patterns/thresholds.toml")["entities"]["alike"]
    named, judge = Named(document, entities), model(MODEL)
    hosts: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for one, other in named.pairs():
        hosts[one].append((judge.probabilities(features(named, one, other)).get("yes", 0.0), other))
    best = {one: max(some, key=lambda row: (row[0], -row[1])) for one, some in hosts.items()}
    likely = {one: row for one, row in best.items() if row[0] >= least}
    meant = {one: other for one, (_, other) in likely.items()}
    into: dict[int, int] = {}
    log = []
    for one, (chance, other) in sorted(likely.items(), key=lambda row: (-row[1][0], row[0])):
        rivals = [at for doubt, at in hosts[one] if at != other and doubt >= chance * _CLOSE]
        if all(meant.get(at) == other or meant.get(other) == at for at in rivals):
            into[one] = other  # which ranks higher
            host = entities[last(into, other)]
            log.append(Merge(host.name, entities[one].name, host.type, f"likely:{chance:.2f}", document.id))
    for one in sorted(into):
        absorb(entities[last(into, one)], entities[one])
    return [entity for index, entity in enumerate(entities) if index not in into], log


def _comparable(entity: Entity, host: Entity) -> bool:
    kinds = {entity.type, host.type}
    if "ProjectGroup" in kinds:
        return len(kinds) == 1 and entity.count == host.count and not groups.apart(entity, host)
    return len(kinds) == 1 or ("Person" not in kinds and not says_kind(entity))


def features(named: Named, one: int, other: int) -> list[str]:
    """String features of a pair."""
    entity, host = named.entities[one], named.entities[other]
    short, long = named.names[one], named.names[other]
    kinds = entity.type if entity.type == host.type else f"{entity.type}>{host.type}"
    way = _way(short, long)
    why = reason(entity.name, host.name, host.type)
    found = [f"why={why}", f"why={why}|{kinds}", f"way={way}", f"way={way}|{kinds}"]
    found += [f"code={bool(entity.code)}|{bool(host.code)}|{kinds}"]
    found += _sizes(short, long, way, kinds)
    found += _left(named, short, long, way, kinds)
    found += _ends(short, long, kinds)
    found += _numbers(short, long, kinds)
    found += _quoted(entity.name, host.name)
    if one in named.listed or other in named.listed:
        found.append("listed")
    found += _rivals(named, one, other, way, kinds)
    found += _places(named, one, other, way, kinds)
    return found


def _way(short: str, long: str) -> str:
    """How the shorter name stands in the longer one."""
    head, tail = _common(short, long), _common(short[::-1], long[::-1])
    if short == long:
        return "equal"
    if head == len(short):
        return "head"
    if tail == len(short):
        return "tail"
    if short in long:
        return "mid"
    if len(short) == len(long) and head + tail == len(short) - 1:
        return "one"
    if head + tail >= len(short):
        return "ends"
    if within(short, long):
        return "sub"
    return "all but one" if head + tail == len(short) - 1 else "other"


def _common(one: str, other: str) -> int:
    """Length of the common beginning."""
    for at, (x, y) in enumerate(zip(one, other, strict=False)):
        if x != y:
            return at
    return min(len(one), len(other))


def _longest(short: str, long: str) -> int:
    """Length of the longest stretch that both have."""
    for size in range(len(short), 0, -1):
        if any(short[at : at + size] in long for at in range(len(short) - size + 1)):
            return size
    return 0


def _sizes(short: str, long: str, way: str, kinds: str) -> Iterator[str]:
    longest, shared = _longest(short, long), len(set(short) & set(long)) * 5 // max(len(set(short)), 1)
    yield f"size={min(len(short), 6)}|{way}|{kinds}"
    yield f"more={min(len(long) - len(short), 6)}|{way}|{kinds}"
    yield f"sizes={min(len(short), 6)}|{min(len(long), 9)}|{kinds}"
    yield f"shared={shared}|{kinds}"
    yield f"shared={shared}|{way}"
    yield f"longest={min(longest, 5)}|{min(len(short) - longest, 4)}|{way}"
    yield f"longest={longest * 5 // len(short)}|{kinds}"


def _left(named: Named, short: str, long: str, way: str, kinds: str) -> Iterator[str]:
    """What one name has and the other has not."""
    if short in long:
        front, back = long[: long.find(short)], long[long.find(short) + len(short) :]
        yield f"left={min(len(front), 5)}|{min(len(back), 5)}|{kinds}"
        if front:
            yield f"front={front[-3:]}|{kinds}"
            yield f"front1={front[:1]}|{kinds}"
            yield f"front is area={prefix(front) == front}|{kinds}"
            yield f"front is named={front in named.lands}|{kinds}"
            yield f"front tells apart={front[-1] in distinct()}|{kinds}"
        if back:
            yield f"back={back[:4]}"
            yield f"back={back[:4]}|{kinds}"
            yield f"back2={back[-2:]}|{kinds}"
            yield f"back tells apart={back[0] in distinct()}|{kinds}"
        return
    head, tail = _common(short, long), _common(short[::-1], long[::-1])
    yield f"begin={min(head, 4)}|{kinds}"
    yield f"finish={min(tail, 4)}|{kinds}"
    yield f"begin={head > 0}|finish={tail > 0}|{way}|{kinds}"
    tail = min(tail, len(short) - head)
    mine, theirs = short[head : len(short) - tail], long[head : len(long) - tail]
    apart = bool(set(mine) & distinct()) or bool(set(theirs) & distinct())
    if way == "one":
        alike = look_alike(mine, theirs)
        yield f"looks alike={alike}|{kinds}"
        yield f"looks alike={alike}|{apart}|{not tail}"
        yield f"exchanged={min(mine, theirs)}{max(mine, theirs)}"
        yield f"at={not head}|{not tail}|{kinds}"
    yield f"mine={mine[:4]}"
    yield f"theirs={theirs[:4]}|{kinds}"
    yield f"rests={min(len(mine), 4)}|{min(len(theirs), 6)}|{kinds}"
    yield f"tells apart={apart}|{way}"


def _ends(short: str, long: str, kinds: str) -> Iterator[str]:
    yield f"end={short[-2:]}|{kinds}"
    yield f"end1={short[-1:]}|{kinds}"
    yield f"their end={long[-2:]}|{kinds}"
    yield f"ends={short[-2:] == long[-2:]}|{short[-1:] == long[-1:]}|{kinds}"
    yield f"ends1={short[-1:]}|{long[-1:]}|{kinds}"
    yield f"begins={short[:1] == long[:1]}|{kinds}"
    if short[-1:] != long[-1:]:
        yield f"ends2={short[-2:]}>{long[-2:]}"


def _numbers(short: str, long: str, kinds: str) -> Iterator[str]:
    mine, theirs = _NUMBER.findall(short), _NUMBER.findall(long)
    same = "same" if mine == theirs else "one" if not mine or not theirs else "differ"
    yield f"numbers={same}|{bool(mine)}|{bool(theirs)}"
    yield f"numbers={same}|{kinds}"


def _quoted(short: str, long: str) -> Iterator[str]:
    mine, theirs = core(short), core(long)
    if mine or theirs:
        yield f"quoted={mine == theirs}|{theirs == norm(short)}|{mine == norm(long)}|{bool(mine)}"


def _rivals(named: Named, one: int, other: int, way: str, kinds: str) -> Iterator[str]:
    """How many others of the host's type hold the name too?"""
    short, kind = named.names[one], named.entities[other].type
    holding = named.index.holding(short) - {one, other}
    count = sum(short in named.names[index] and named.entities[index].type == kind for index in holding)
    yield f"rivals={min(count, 2)}|{way}"
    yield f"rivals={min(count, 2)}|{kinds}"


def _places(named: Named, one: int, other: int, way: str, kinds: str) -> Iterator[str]:
    """Where the two are printed: which one first, how near, in one sentence, side by side."""
    mine, theirs = ([mention.span for mention in named.entities[index].mentions] for index in (one, other))
    later = mine[0].start > theirs[0].start
    together = bool(named.sentences[one] & named.sentences[other])
    distance = min(abs(a.start - b.start) for a in mine for b in theirs)
    yield f"once={len(mine) == 1}|{len(theirs) == 1}|{kinds}"
    yield f"later={later}|{way}"
    yield f"later={later}|{kinds}"
    yield f"together={together}|{way}"
    yield f"together={together}|{kinds}"
    yield f"near={sum(distance >= step for step in _NEAR)}|{kinds}"
    if together:
        yield from sorted({feature for a in mine for b in theirs for feature in _side(named, a, b, kinds)})


def _side(named: Named, a: Span, b: Span, kinds: str) -> Iterator[str]:
    if b.contains(a):
        yield "inside"
        yield f"inside|{kinds}"
    low, high = min(a.end, b.end), max(a.start, b.start)
    between = named.document.text[low:high]
    if 0 <= high - low <= 1:
        yield f"between={between}"
        yield f"between={between}|{kinds}"
    elif 0 < high - low <= 12 and "、" in between:
        yield "list"
        yield f"list|{kinds}"

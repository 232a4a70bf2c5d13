"""A second look at what the reader holds likely: which names and which relations stand, seen beside all others.

The reader judges each pair of names on its own. Here a relation is weighed with its rivals (another body that runs the
same programme, another area that a thing lies in), with how sure its names are and how often it is told, and a
name with the relations that it has. Trained by training/train_review.py on articles that the labellers and the reader
have not learnt from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from kg.model import Span
from kg.names import norm
from kg.recognize.maxent import model
from kg.recognize.tagger import Support
from kg.relate.context import Context
from kg.relate.pairs import Pair
from kg.relate.reader import Labels, likeliest
from kg.schema import toml

NAMES, RELATIONS = "review-names", "review-relations"
Told = Mapping[tuple[int, int], Labels[Pair]]  # by subject and object
Ends = dict[tuple[int, str], list[tuple[float, int]]]  # by one end of relations and their label the other ends
_STEPS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995)
FAINTEST = _STEPS[0]  # what is less likely than that says nothing
_LEAST = 0.02  # relations that are less likely are not looked at
SAID = 0.5  # chance from which on a sentence says something of somebody
_GAPS = (1, 3, 10, 25, 60)  # characters between two names


class Table:
    """The chances of all relations of an article, by what they join, and how surely the labeller saw each name."""

    def __init__(self, context: Context, told: Told, support: Sequence[Support]) -> None:
        self.context, self.told, self.support = context, told, support

    @cached_property
    def of_subject(self) -> Ends:
        """By subject and label the objects with their chances."""
        return self._by(0)

    @cached_property
    def of_object(self) -> Ends:
        """By object and label the subjects with their chances."""
        return self._by(1)

    def _by(self, end: int) -> Ends:
        found: Ends = defaultdict(list)
        for ends, labels in self.told.items():
            for label, fact in labels.items():
                found[ends[end], label].append((fact.chance, ends[1 - end]))
        return found

    @cached_property
    def roles(self) -> list[dict[str, float]]:
        """For each name the best chance of each relation in each role (``runs<`` as its object)."""
        found: list[dict[str, float]] = [{} for _ in self.context.entities]
        for roles, end in ((self.of_subject, ">"), (self.of_object, "<")):
            for (index, label), others in roles.items():
                found[index][f"{label}{end}"] = max(chance for chance, _ in others)
        return found

    @cached_property
    def names(self) -> list[str]:
        """The names as they are compared."""
        return [norm(entity.name) for entity in self.context.entities]

    @cached_property
    def counted(self) -> dict[str, tuple[Counter[str], str]]:
        """The names of each type, and of all under "": how often each stands, and one behind the other as a text."""
        groups: dict[str, list[str]] = defaultdict(list)
        for entity, name in zip(self.context.entities, self.names, strict=True):
            groups[""].append(name)
            groups[entity.type].append(name)
        return {kind: (Counter(names), "\n".join(names)) for kind, names in groups.items()}

    def chance(self, subject: int, label: str, object_: int) -> float:
        """Of one relation; 0 where it was not looked at."""
        fact = self.told.get((subject, object_), {}).get(label)
        return fact.chance if fact else 0.0


def step(chance: float) -> str:
    """A chance as one of a few steps."""
    return str(bisect_right(_STEPS, chance))


def names(table: Table) -> list[float]:
    """How likely each name of the article is one that a reader would list."""
    judge = model(NAMES)
    indexes = range(len(table.context.entities))
    return [judge.probabilities(name_features(table, index)).get("yes", 0.0) for index in indexes]


def stands(chance: float) -> bool:
    """Is a name with this chance kept?"""
    least: float = toml("patterns/thresholds.toml")["entities"]["review"]
    return chance >= least


def relations(table: Table, sure: Sequence[float]) -> Iterator[tuple[float, str, Pair]]:
    """The likely relations of each pair of names that stand, with their chances; ``sure`` are those of the names."""
    judge = model(RELATIONS)
    for subject, label, object_ in candidates(table):
        if not (stands(sure[subject]) and stands(sure[object_])):
            continue
        fact = table.told[subject, object_][label]
        if _left_open(label, table.context.entities[object_].type):
            yield fact.chance, label, fact.place
        else:
            features = relation_features(table, sure, subject, label, object_)
            yield judge.probabilities(features).get("yes", 0.0), label, fact.place


def candidates(table: Table) -> Iterator[tuple[int, str, int]]:
    """What is looked at: the likeliest label of each pair and what may hold beside it, if not wholly unlikely."""
    for (subject, object_), labels in table.told.items():
        first, _ = likeliest(labels)
        kind = table.context.entities[object_].type
        for label, fact in sorted(labels.items()):
            beside = {first, label} in _together() and not _left_open(label, kind)
            if fact.chance >= _LEAST and (label == first or beside):
                yield subject, label, object_


def _left_open(label: str, object_type: str) -> bool:
    """Is this what the annotations leave open where they do not say it? Then the reader's chance stands."""
    return f"{label}>{object_type}" in _data()["left_open"]


@cache
def _together() -> list[set[str]]:
    return [set(labels) for labels in _data()["together"]]


def _data() -> dict[str, list[Any]]:
    data: dict[str, list[Any]] = toml("patterns/thresholds.toml")["review"]
    return data


def name_features(table: Table, index: int) -> list[str]:
    """String features of a name: how surely and by what it was found, how it looks, what relations it may have."""
    context = table.context
    entity, name = context.entities[index], table.names[index]
    kind = entity.type
    best, missed = 0.0, 1.0
    for mention in entity.mentions:
        best, missed = max(best, mention.score), missed * (1 - min(mention.score, 0.99))
    times = min(len(entity.mentions), 5)
    found = [f"best={step(best)}", f"best={step(best)}|{kind}", f"best={step(best)}|{times}|{kind}"]
    found += [f"any={step(1 - missed)}|{kind}", f"times={times}|{kind}", f"code={bool(entity.code)}|{kind}"]
    seen, any_name = map(step, table.support[index])
    found += [f"seen={seen}|{kind}", f"seen={seen}|{step(best)}", f"seen={seen}|{times}|{kind}"]
    found += [f"any name={any_name}|{kind}", f"any name={any_name}|{seen}"]
    for rule in sorted({mention.rule for mention in entity.mentions}):
        found += [f"rule={rule}", f"rule={rule}|{kind}", f"rule={rule}|{step(best)}|{kind}"]
    roles = table.roles[index]
    for role, chance in sorted(roles.items()):
        if chance >= _LEAST:
            found += [f"{role}={step(chance)}", f"{role}={step(chance)}|{kind}"]
    most = step(max(roles.values(), default=0.0))
    found += [f"most={most}", f"most={most}|{kind}", f"most={most}|{step(best)}|{kind}"]
    found += [f"block={context.kind(mention.span.start)}|{kind}" for mention in entity.mentions]
    found += [f"report={_report(context)}|{kind}", f"report={_report(context)}|{kind}|{step(best)}"]
    found += [f"size={min(len(name), 10)}|{kind}", f"end={name[-2:]}|{kind}", f"end1={name[-1:]}|{kind}"]
    found += [f"end1={name[-1:]}"]
    start, end = entity.mentions[0].span
    found += [f"left={context.text[max(0, start - 1) : start]}|{kind}", f"right={context.text[end : end + 1]}|{kind}"]
    return sorted({*found, *_beside(table, index)})


def _report(context: Context) -> str:
    """What kind of area the article reports on, and whether it is about one thing: reports differ from news."""
    return f"{context.home_level or 'none'}|{context.topic >= 0}"


def _beside(table: Table, index: int) -> Iterator[str]:
    """Is the name part of others, or others of it?"""
    name, kind = table.names[index], table.context.entities[index].type
    (everyone, text), (alike, alike_text) = table.counted[""], table.counted[kind]
    parts = {name[start:end] for start in range(len(name)) for end in range(start + 1, len(name) + 1)} - {name}
    yield f"held={text.count(name) > everyone[name]}|{kind}"  # once for each of its name
    yield f"held alike={alike_text.count(name) > alike[name]}|{kind}"
    yield f"holds alike={not parts.isdisjoint(alike)}|{kind}"
    yield f"twin={everyone[name] > 1}|{kind}"


def relation_features(table: Table, sure: Sequence[float], subject: int, label: str, object_: int) -> list[str]:
    """String features of a relation: how surely it is told, and what else may be true in its place."""
    context = table.context
    fact = table.told[subject, object_][label]
    one, other = context.entities[subject], context.entities[object_]
    kinds = f"{label}|{one.type}>{other.type}"
    chance, best = step(fact.chance), step(fact.best)
    found = [f"chance={chance}", f"chance={chance}|{label}", f"chance={chance}|{kinds}", f"kinds={kinds}"]
    found += [f"chance={chance}|{label}>{other.type}", f"chance={chance}|{one.type}>{label}"]
    found += [f"best={best}", f"best={best}|{label}", f"times={min(fact.times, 4)}|{label}"]
    found += [f"mode={fact.place.mode}|{label}", f"mode={fact.place.mode}|{chance}"]
    found += _rivals(table, subject, label, object_)
    for role, end, index in (("one", one, subject), ("other", other, object_)):
        found += [f"{role}={step(sure[index])}", f"{role}={step(sure[index])}|{label}"]
        found += [f"{role} once={len(end.mentions) == 1}|{label}"]
        found += [f"{role} home={index == context.home}|{label}", f"{role} topic={index == context.topic}|{label}"]
    found.append(f"gap={_gap(fact.place.at_subject, fact.place.at_object)}|{label}")
    if fact.place.at_object is None:
        echo = context.echo(object_, context.document.sentence_at(fact.place.anchor.start))
        found.append(f"pointed at={bool(echo)}|{label}")
    found += [f"report={_report(context)}|{label}", f"report={_report(context)}|{label}|{chance}"]
    own = context.home_is_local and subject == context.home
    nobody = all(other < SAID for other, at in table.of_object[object_, label] if at != subject)
    found += [
        f"town={own}|{kinds}",
        f"nobody else={nobody}|{own}|{kinds}",
        f"nobody else={nobody}|{own}|{chance}|{label}",
    ]
    if table.names[subject] in table.names[object_]:
        found.append(f"named by it|{label}")
    if table.names[object_] in table.names[subject]:
        found.append(f"names it|{label}")
    return sorted(set(found))


def _gap(one: Span | None, other: Span | None) -> str:
    if one is None or other is None:
        return "apart"
    return str(bisect_right(_GAPS, max(one.start, other.start) - min(one.end, other.end)))


def _rivals(table: Table, subject: int, label: str, object_: int) -> Iterator[str]:
    """The best other subject, object, label and direction, each as a chance and as likelier or not."""
    chance = table.chance(subject, label, object_)
    subjects = [other for other, at in table.of_object[object_, label] if at != subject]
    objects = [other for other, at in table.of_subject[subject, label] if at != object_]
    labels = [fact.chance for name, fact in table.told[subject, object_].items() if name != label]
    turned = [fact.chance for fact in table.told.get((object_, subject), {}).values()]
    kind = table.context.entities[object_].type
    for what, others in (("subject", subjects), ("object", objects), ("label", labels), ("turned", turned)):
        most = max(others, default=0.0)
        yield f"{what}={step(most)}"
        yield f"{what}={step(most)}|{label}"
        yield f"{what}={step(most)}|{step(chance)}"
        yield f"{what} likelier={most > chance}|{label}>{kind}"
    yield f"subjects={min(sum(other > 0.3 for other in subjects), 3)}|{label}"
    yield f"objects={min(sum(other > 0.3 for other in objects), 4)}|{label}"
    if label == "locatedIn":
        between = max((_both(table, subject, at, object_) for _, at in table.of_subject[subject, label]), default=0.0)
        within = max((_both(table, subject, object_, at) for _, at in table.of_subject[object_, label]), default=0.0)
        yield f"through={step(between)}"
        yield f"farther={step(within)}"


def _both(table: Table, inner: int, middle: int, outer: int) -> float:
    """How likely a thing lies in one place that lies in another."""
    return min(table.chance(inner, "locatedIn", middle), table.chance(middle, "locatedIn", outer))

"""The second look at names and relations, with its trained weights: what stands beside what, and what does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from articles import context

from kg.relate import review
from kg.relate.context import Context
from kg.relate.pairs import Pair
from kg.relate.reader import Told

TEXT = "云坪镇2024年工作报告\n\n青岚茶业公司建设茶叶加工厂项目。云岭乳业公司建设奶粉厂项目。"
KINDS = {
    "云坪镇": "AdministrativeArea",
    "青岚茶业公司": "Organization",
    "云岭乳业公司": "Organization",
    "茶叶加工厂项目": "Project",
}
FIRM, OTHER, PROJECT = 1, 2, 3


def table(
    chances: Mapping[tuple[int, int], Mapping[str, float]], scores: Mapping[str, float] | None = None
) -> review.Table:
    """What a reader would hold of pairs, and how sure the names were found."""
    made = context(TEXT, KINDS)
    for entity in made.entities:
        score = (scores or {}).get(entity.name, 0.95)
        entity.mentions = [replace(mention, score=score, rule="tagger") for mention in entity.mentions]
    told = {}
    for (subject, object_), labels in chances.items():
        place = pair(made, subject, object_)
        facts = {label: Told(place) for label in labels}
        for label, chance in labels.items():
            facts[label].add(chance, place)
        told[subject, object_] = facts
    support = [((scores or {}).get(entity.name, 0.95),) * 2 for entity in made.entities]
    return review.Table(made, told, support)


def pair(made: Context, subject: int, object_: int) -> Pair:
    one, other = (made.entities[index].mentions[0].span for index in (subject, object_))
    return Pair(subject, object_, "near", one, other)


def chance(seen: review.Table, subject: int, object_: int, sure: float = 0.95) -> float:
    rows = review.relations(seen, [sure] * len(seen.context.entities))
    return next(found for found, _, place in rows if (place.subject, place.object) == (subject, object_))


def test_a_likelier_rival_counts_against_a_relation() -> None:
    alone = table({(PROJECT, FIRM): {"undertakenBy": 0.6}})
    contested = table({(PROJECT, FIRM): {"undertakenBy": 0.6}, (PROJECT, OTHER): {"undertakenBy": 0.98}})
    assert chance(contested, PROJECT, FIRM) < chance(alone, PROJECT, FIRM) - 0.1
    assert chance(contested, PROJECT, OTHER) > 0.8


def test_a_relation_of_doubtful_names_is_doubtful() -> None:
    seen = table({(PROJECT, FIRM): {"undertakenBy": 0.6}})
    assert chance(seen, PROJECT, FIRM, sure=0.4) < chance(seen, PROJECT, FIRM, sure=0.99)


def test_names_that_do_not_stand_have_no_relations() -> None:
    seen = table({(PROJECT, FIRM): {"undertakenBy": 0.99}})
    sure = [0.95] * len(seen.context.entities)
    assert list(review.relations(seen, sure))
    assert not list(review.relations(seen, [*sure[:PROJECT], 0.01]))


def test_a_name_stands_if_it_was_found_surely() -> None:
    sure, doubtful = table({}), table({}, {"茶叶加工厂项目": 0.13})
    assert review.stands(review.names(sure)[PROJECT])
    assert review.names(doubtful)[PROJECT] < review.names(sure)[PROJECT] - 0.3


def test_a_doubtful_name_gains_by_what_is_told_of_it() -> None:
    doubtful = {"茶叶加工厂项目": 0.3}
    told = {(PROJECT, FIRM): {"undertakenBy": 0.97}}
    assert review.names(table(told, doubtful))[PROJECT] > review.names(table({}, doubtful))[PROJECT] + 0.1


def test_who_builds_a_thing_and_where_it_lies_may_both_be_told_of_one_pair() -> None:
    both = table({(PROJECT, FIRM): {"undertakenBy": 0.6, "locatedIn": 0.3, "runs": 0.1}})
    assert {label for _, label, _ in review.candidates(both)} == {"undertakenBy", "locatedIn"}

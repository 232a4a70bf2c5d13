"""What is a town's own where its report names nobody else: the guide's default, held against the reader's doubts."""

from collections.abc import Sequence

import pytest
from articles import context

from kg.relate import relations
from kg.relate.context import Context
from kg.relate.reader import NONE, Pair

TOWN = "云坪镇2024年工作报告\n\n云坪镇抓党建。\n\n推行红哨到岗机制。\n\n青岚茶业公司开办暖心夜校。"
CITY = TOWN.replace("云坪镇", "云坪市")
PROVINCE = TOWN.replace("云坪镇", "浙江省")


class Doubtful:
    """A reader that holds the same chance of ``runs`` for every pair, but for what the firm runs."""

    def __init__(self, made: Context, chance: float) -> None:
        firm = next(entity for entity in made.entities if entity.type == "Organization")
        self._firm, self._chance = firm.mentions[0].span, chance

    def relations(self, pairs: Sequence[Pair], rows: Sequence[Sequence[str]]) -> list[dict[str, float]]:
        chances = [0.9 if pair.one == self._firm and pair.together else self._chance for pair in pairs]
        return [{NONE: 1 - chance, "runs": chance, "locatedIn": 0.0} for chance in chances]


def runs(text: str, area: str, chance: float) -> set[tuple[str, str, str]]:
    kinds = {area: "AdministrativeArea", "红哨到岗机制": "Program"}
    made = context(text, kinds | {"青岚茶业公司": "Organization", "暖心夜校": "Program"})
    seen = [(0.9, 0.9)] * len(made.entities)
    table = relations.likely(made, Doubtful(made, chance), seen)  # type: ignore[arg-type]
    found = relations.find(table, [0.9] * len(made.entities))
    return {(fact.subject, fact.object, fact.evidence[0].rule) for fact in found if fact.predicate == "runs"}


def test_what_nobody_is_said_to_run_is_the_towns() -> None:
    assert runs(TOWN, "云坪镇", 0.3) == {
        ("云坪镇", "红哨到岗机制", "runs:own"),
        ("青岚茶业公司", "暖心夜校", "runs:near"),
    }


@pytest.mark.parametrize(("text", "area", "chance"), [(TOWN, "云坪镇", 0.01), (CITY, "云坪市", 0.12)])
def test_not_what_is_wholly_unlikely_nor_in_a_citys_news(text: str, area: str, chance: float) -> None:
    assert runs(text, area, chance) == {("青岚茶业公司", "暖心夜校", "runs:near")}


def test_a_province_runs_what_a_sentence_says_it_does() -> None:
    assert ("浙江省", "红哨到岗机制", "runs:home") not in runs(PROVINCE, "浙江省", 0.8)
    assert ("云坪市", "红哨到岗机制", "runs:home") in runs(CITY, "云坪市", 0.8)

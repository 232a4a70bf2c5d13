"""Relations, statuses and owners of figures: short articles and the facts that they must give, or must not."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg import repair
from kg.extract import extract
from kg.model import Extraction, Source
from kg.names import norm

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "facts.yaml").read_text(encoding="utf-8")
)
EXAMPLES = Path(__file__).parent.parent / "examples"
ALL = [pytest.param(case, id=f"{kind}: {case['name']}") for kind, cases in CASES.items() for case in cases]


@cache
def extraction(text: str) -> Extraction:
    return extract(repair.document(Source("test.txt", text, "0" * 64)))


def names(found: Extraction) -> dict[str, str]:
    return {entity.key: norm(entity.name) for entity in found.entities}


def triples(found: Extraction) -> set[tuple[str, str, str]]:
    called = names(found)
    return {(called[f.subject], f.predicate, called[f.object]) for f in found.facts if f.predicate != "reportsStatus"}


@pytest.mark.parametrize("case", ALL)
def test_facts(case: dict[str, Any]) -> None:
    found = extraction(case["text"])
    stated = triples(found)
    for subject, predicate, object_ in case.get("facts", []):
        assert (norm(subject), predicate, norm(object_)) in stated
    for subject, predicate, object_ in case.get("absent", []):
        assert (norm(subject), predicate, norm(object_)) not in stated


@pytest.mark.parametrize("case", [c for c in ALL if "statuses" in c.values[0]])
def test_statuses(case: dict[str, Any]) -> None:
    found = extraction(case["text"])
    statuses = {norm(entity.name): entity.status for entity in found.entities}
    for project, status in case["statuses"]:
        assert statuses.get(norm(project)) == status


@pytest.mark.parametrize("case", [c for c in ALL if "figures" in c.values[0]])
def test_owners(case: dict[str, Any]) -> None:
    found = extraction(case["text"])
    called = names(found)
    owned = {(called[f.owner], f.quantity.value, f.quantity.unit) for f in found.figures}
    for owner, value, unit in case["figures"]:
        assert (norm(owner), float(value), unit) in owned
    if "values" in case:
        assert [f.quantity.value for f in found.figures] == case["values"]


@pytest.mark.parametrize("case", ALL)
def test_every_fact_quotes_the_source(case: dict[str, Any]) -> None:
    found = extraction(case["text"])
    evidence = [e for fact in (*found.facts, *found.figures) for e in fact.evidence]
    assert evidence
    for item in evidence:
        assert item.quote == case["text"][item.start : item.end]
        assert item.rule


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_the_quoted_sentence_names_what_is_run_held_founded_or_received(path: Path) -> None:
    found = extraction(path.read_text(encoding="utf-8"))
    placed = {e.key: [found.document.evidence(m.span, m.rule) for m in e.mentions] for e in found.entities}
    for fact in found.facts:
        if fact.predicate in ("runs", "organizes", "established", "receivedHonor"):
            names = placed[fact.object]
            assert any(item.start <= n.start and n.end <= item.end for item in fact.evidence for n in names), fact


def test_a_namesake_in_another_province_lends_no_code() -> None:
    """The only 高官寨街道 of the gazetteer lies in Shandong."""
    told = "荣溪县高官寨街道今年投资1200万元改造集镇，高官寨街道党工委书记王强介绍，明年再修道路。"
    codes = {
        province: {e.name: e.code for e in extraction(f"{province}{told}").entities}
        for province in ("四川省", "山东省章丘区")
    }
    assert codes["四川省"]["高官寨街道"] == ""
    assert codes["山东省章丘区"]["高官寨街道"].startswith("370114")


def called(text: str, kind: str) -> dict[str, list[str]]:
    return {e.name: e.aliases for e in extraction(f"云河县青岚镇2024年工作回眸\n\n{text}").entities if e.type == kind}


def test_a_person_whose_firm_bears_his_name_is_not_the_firm() -> None:
    text = "青岚镇马强家庭农场今年收粮300吨。马强家庭农场负责人马强说，明年再种200亩。"
    assert "马强" in called(text, "Person")
    assert called(text, "Organization") == {"马强家庭农场": []}


def test_a_counted_kind_of_thing_is_none_of_them() -> None:
    text = "全镇有农贸市场2个、污水处理厂2座。柳湾农贸市场完成改造，河西污水处理厂投入使用，投资1200万元。"
    facilities = called(text, "Facility") | called(text, "Project")
    assert facilities["柳湾农贸市场"] == []
    assert facilities["河西污水处理厂"] == []


def test_groups_of_one_size_that_tell_different_things_are_two() -> None:
    groups = called("1-6月新引进项目12个，在建项目12个，总投资30亿元。", "ProjectGroup")
    assert groups == {"新引进项目12个": [], "在建项目12个": []}


def test_a_body_of_the_county_is_called_in_full() -> None:
    bodies = called("县委书记张克勤出席会议并讲话。县政协、县人大常委会负责同志参加。", "Organization")
    assert bodies.get("云河县委") == ["县委"]
    assert bodies.get("云河县政协") == ["县政协"]


def test_a_work_told_in_a_sentence_is_named_without_its_verb() -> None:
    works = called("青岚镇投入资金1500万元，对农贸市场进行改造升级，6月底全部完工。", "Project")
    assert works == {"农贸市场改造升级": ["农贸市场进行改造升级"]}

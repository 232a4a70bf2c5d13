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

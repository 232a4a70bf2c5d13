"""The examples hold what they promise: right lengths, and gold that fits its text, its own names and the schema."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from kg.schema import schema

EXAMPLES = Path(__file__).parent.parent / "examples"

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
LISTS = {"document", "entities", "relations", "optional relations", "statuses", "figures"}


def squeezed(text: str) -> str:
    return re.sub(r"[\s\"'“”‘’《》]", "", unicodedata.normalize("NFKC", text))


def types(entity: dict[str, Any]) -> set[str]:
    return {entity["type"], *entity.get("or", [])}


def test_there_are_enough_and_each_has_its_gold(examples: Path) -> None:
    assert len(NAMES) >= 8
    assert sorted(path.stem for path in examples.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_length_and_header(name: str, examples: Path, gold: dict[str, dict[str, Any]]) -> None:
    text = (examples / f"{name}.txt").read_text(encoding="utf-8")
    assert 800 <= len(text) <= 1800
    assert set(gold[name]) == LISTS
    title = gold[name]["document"]["title"]
    assert squeezed(title) in squeezed(text)
    assert all(author in squeezed(text) for author in gold[name]["document"]["author"].split("、"))


@pytest.mark.parametrize("name", NAMES)
def test_entities_stand_in_the_text_under_types_of_the_schema(
    name: str, examples: Path, gold: dict[str, dict[str, Any]]
) -> None:
    text = squeezed((examples / f"{name}.txt").read_text(encoding="utf-8"))
    entities = gold[name]["entities"]
    assert len({entity["name"] for entity in entities}) == len(entities)
    for entity in entities:
        assert types(entity) <= set(schema().types), entity
        assert any(squeezed(form) in text for form in [entity["name"], *entity.get("also", [])]), entity
        assert entity.get("subtype", "") in ("", *schema().types["Organization"].subtypes), entity
        assert ("count" in entity) == (entity["type"] == "ProjectGroup"), entity


@pytest.mark.parametrize("name", NAMES)
def test_relations_and_statuses_fit_the_schema(name: str, gold: dict[str, dict[str, Any]]) -> None:
    entities = {entity["name"]: types(entity) for entity in gold[name]["entities"]}
    facts = gold[name]["relations"] + gold[name]["optional relations"]
    assert len(set(map(tuple, facts))) == len(facts)
    for subject, predicate, target in facts:
        relation = schema().relations[predicate]
        pairs = [(one, other) for one in entities[subject] for other in entities[target]]
        assert any(relation.accepts(*pair) for pair in pairs), (subject, predicate, target)
    for project, status in gold[name]["statuses"]:
        assert status in schema().statuses
        assert entities[project] & {"Project", "ProjectGroup"}, project


@pytest.mark.parametrize("name", NAMES)
def test_figures_stand_in_the_text(name: str, examples: Path, gold: dict[str, dict[str, Any]]) -> None:
    text = squeezed((examples / f"{name}.txt").read_text(encoding="utf-8"))
    entities = {entity["name"] for entity in gold[name]["entities"]}
    for figure in gold[name]["figures"]:
        assert {figure["of"], *figure.get("or", [])} <= entities, figure
        assert str(figure["value"]) in text, figure
        assert str(abs(figure.get("growth", 0))) in text or "growth" not in figure, figure
        assert re.fullmatch(r"\d{4}(-\d\d)?(/\d{4}-\d\d)?", str(figure.get("period", "2024"))), figure

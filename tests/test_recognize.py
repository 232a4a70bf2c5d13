"""Each way of finding names, on sentences that show what it is for and what it must leave alone."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg import repair, segment
from kg.gazetteer import gazetteer
from kg.model import Document, Entity, Mention, Source, Span
from kg.recognize import again, areas, bodies, campaigns, chains, groups, lists, members, quotes, tidy
from kg.recognize.choose import choose
from kg.schema import words

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "recognize.yaml").read_text(encoding="utf-8")
)


EXAMPLES = Path(__file__).parent.parent / "examples"


def cases(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES[name], ids=lambda case: case.get("text", case.get("name")))


def document(text: str) -> Document:
    return repair.document(Source("test.txt", text, "0" * 64))


def mention(text: str, kind: str, start: int = 0, score: float = 0.9, rule: str = "test") -> Mention:
    return Mention(Span(start, start + len(text)), text, kind, rule, score)


@cases("groups")
def test_groups(case: dict[str, Any]) -> None:
    assert [[m.text, m.count] for m in groups.find(document(case["text"]))] == case["found"]


@cases("chains")
def test_chains(case: dict[str, Any]) -> None:
    found = list(chains.split([mention(case["name"], case["type"])]))
    assert [m.text for m in found] == case["found"]
    assert found[-1].type == case["type"]


@cases("tidy")
def test_tidy(case: dict[str, Any]) -> None:
    start, end = case["text"].index("〔"), case["text"].index("〕") - 1
    text = case["text"].replace("〔", "").replace("〕", "")
    cut = Mention(Span(start, end), text[start:end], case["type"], "tagger", 0.9)
    found = list(tidy.tidied([cut], text))
    assert [m.text for m in found] == case["found"]
    assert {m.type for m in found} <= {case.get("as", case["type"])}


@cases("quotes")
def test_quotes(case: dict[str, Any]) -> None:
    found = sorted(quotes.find(document(case["text"])), key=lambda m: m.span)
    assert [[m.text, m.type] for m in found] == case["found"]


@cases("lists")
def test_lists(case: dict[str, Any]) -> None:
    article = document(case["text"])
    found = sorted(lists.find(article, groups.find(article), []), key=lambda m: m.span)
    assert [[m.text, m.type] for m in found] == case["found"]


@cases("members")
def test_members_that_a_group_lists_and_counts(case: dict[str, Any]) -> None:
    programs = [mention(name, "Program", case["text"].index(name)) for name in case.get("programs", [])]
    found = choose(members.find(document(case["text"]), programs))
    assert [[m.text, m.type] for m in found] == case["found"]


@pytest.mark.parametrize(("town", "kind", "code"), [("", "Place", ""), ("草海镇", "AdministrativeArea", "520526100")])
def test_the_bare_name_of_a_town_is_the_lakes_where_only_the_lake_is_named(town: str, kind: str, code: str) -> None:
    chain = [division for division in (gazetteer().by_code("520526"), *gazetteer().parents("520526")) if division]
    labelled = [mention("草海", "AdministrativeArea", 20), mention("草海湖", "Place")]
    labelled += [mention(town, "AdministrativeArea", 10)] if town else []
    bare = areas.agree(labelled, [], chain)[0]
    assert (bare.text, bare.type, bare.code) == ("草海", kind, code)


@cases("bodies")
def test_bodies(case: dict[str, Any]) -> None:
    chain = [gazetteer().by_code("370114"), *gazetteer().parents("370114")]
    found = bodies.find(document(case["text"]), [], [division for division in chain if division])
    assert [[m.text, m.name] for m in found] == case["found"]


@cases("campaigns")
def test_campaigns(case: dict[str, Any]) -> None:
    assert [m.text for m in campaigns.find(document(case["text"]))] == case["found"]


@cases("institutions")
def test_institutions(case: dict[str, Any]) -> None:
    assert [m.text for m in bodies.institutions(document(case["text"]))] == case["found"]


def test_the_surer_of_two_crossing_names_stands() -> None:
    sure, unsure = mention("青岚机电", "Organization", 0, 0.9), mention("机电改造", "Project", 2, 0.4)
    assert choose([unsure, sure]) == [sure]


def test_a_village_inside_a_project_is_kept_beside_it() -> None:
    project, village = mention("柳湾村道路修建", "Project"), mention("柳湾村", "Village")
    assert choose([project, village]) == [project, village]


def test_a_program_inside_a_project_is_not() -> None:
    project, inner = mention("幸福家园互助工程", "Project"), mention("幸福家园", "Program", 0, 0.5)
    assert choose([project, inner]) == [project]


@pytest.mark.parametrize(
    ("kind", "form", "score", "found"),
    [
        ("Place", "云镜", 0.9, 2),  # and not inside the park, whose name is longer
        ("Place", "云镜", 0.5, 1),  # two characters, not surely found
        ("Facility", "云镜", 0.9, 1),  # what is built has longer names
        ("Facility", "云镜湿地公园", 0.5, 2),
    ],
)
def test_a_name_once_found_is_found_everywhere(kind: str, form: str, score: float, found: int) -> None:
    text = document("云镜湿地公园开园，云镜水清，云镜鸟多；云镜湿地公园免费。")
    first = text.text.index(form, 9 if form == "云镜" else 0)
    park = mention("云镜湿地公园", "Facility", 17)
    here = Entity("a", kind, form, mentions=[mention(form, kind, first, score)])
    there = [Entity("b", "Facility", park.text, mentions=[park])] if form == "云镜" else []
    again.extend(text, [here, *there])
    assert len(here.mentions) == found
    for entry in here.mentions:
        assert text.text[slice(*entry.span)] == form


def test_words_are_cut_as_jieba_cuts_them() -> None:
    """rjieba is the quicker one of the two; on the examples they part less than one word in fifty."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt")))
    ours = [word.text for word in segment.words(text)]
    theirs = list(segment.reference_words(text))
    assert len(set(_ends(ours)) ^ set(_ends(theirs))) < len(theirs) / 50


def _ends(words: list[str]) -> list[int]:
    return list(accumulate(map(len, words)))


def test_a_trigger_word_is_of_one_class() -> None:
    listed = [word for row in words("triggers.tsv") for word in row[1].split()]
    assert sorted(set(listed)) == sorted(listed)

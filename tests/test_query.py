"""Named questions, their parameters and answers; queries as users write them."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdf_small
import rdflib
import yaml

import kg
from kg.export.rdf import write_turtle
from kg.query import INDEX, QueryError, build_index, open_store, question, questions, refuse_loading, run
from kg.rdf.names import PREFIXES

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases/questions.yaml").read_text("utf-8")
)
NAMES = [q.name for q in questions()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("build")
    write_turtle(rdf_small.small(), path / "graph.ttl", {})
    return path


@pytest.fixture(scope="module")
def loaded(folder: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(folder / "graph.ttl")


def _plain(value: Any) -> str:
    """Numbers by value, whatever their lexical form; terms by their last part."""
    if value is None:
        return ""
    text = str(value).rpartition("#")[2] if str(value).startswith("https://example.org/kg/ontology#") else str(value)
    try:
        return f"{float(text):g}" if not text.startswith("0") and text.isascii() and "-" not in text else text
    except ValueError:
        return text


def _case(case: dict[str, Any]) -> str:
    return f"{case['question']}-{'-'.join(case.get('params', {}).values())}"


@pytest.mark.parametrize("case", CASES["small"], ids=_case)
def test_answers(case: dict[str, Any], folder: Path, loaded: rdflib.Graph) -> None:
    params = case.get("params", {})
    found = run(folder, case["question"], params)
    picked = [found.columns.index(column) for column in case["columns"]]
    wanted = [[_plain(cell) for cell in row] for row in case["rows"]]
    rows = list(found.rows())
    assert [[_plain(row[i]) for i in picked] for row in rows] == wanted
    # the same text in another engine, with what people import the export with
    answer: Any = loaded.query(question(case["question"]).filled(params))
    columns = [str(variable) for variable in answer.vars]
    other = [[_plain(row[columns.index(name)]) for name in case["columns"]] for row in answer]
    assert sorted(other) == sorted(wanted)


def test_every_question_has_an_answer_in_the_tests() -> None:
    asked = {case["question"] for case in CASES["small"]} | {"what-changed"}
    assert asked == set(NAMES)
    assert len(NAMES) >= 15


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    path = tmp_path_factory.mktemp("examples")
    kg.build([examples], path)
    return path


@pytest.mark.parametrize("case", CASES["examples"], ids=_case)
def test_answers_over_the_examples(case: dict[str, Any], built: Path) -> None:
    found = run(built, case["question"], case.get("params", {}))
    picked = [found.columns.index(column) for column in case["columns"]]
    rows = [[_plain(row[i]) for i in picked] for row in found.rows()]
    for row in case["holds"]:
        assert [_plain(cell) for cell in row] in rows
    for row in case.get("lacks", ()):
        assert [_plain(cell) for cell in row] not in rows


@pytest.mark.parametrize("name", NAMES)
def test_questions_are_told_in_both_languages(name: str) -> None:
    asked = question(name)
    assert asked.zh.endswith("？")
    assert asked.en.endswith("?")
    assert asked.en.isascii()
    for parameter in asked.parameters:
        assert parameter.zh
        assert parameter.en
        assert parameter.is_build or parameter.term, f"{parameter.name} has no VALUES line"


def test_what_changed_between_two_builds(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for path in (before, after):
        path.mkdir()
    graph = rdf_small.small()
    write_turtle(graph, before / "graph.ttl", {})
    graph.remove_edge(rdf_small.VILLAGE, rdf_small.FOREST, "receivedHonor")
    graph.nodes[rdf_small.STORE]["status"] = "completed"
    found = [rdf_small.evidence("first", "柳湾村")]
    graph.add_edge(rdf_small.COOP, rdf_small.CIVIL, key="receivedHonor", predicate="receivedHonor", evidence=found)
    write_turtle(graph, after / "graph.ttl", {})
    rows = list(run(after, "what-changed", {"before": str(before)}).rows())
    assert rows == [
        ["added", "丰谷合作社", "receivedHonor", "全国文明村"],
        ["changed", "仓储项目", "status", "started → completed"],
        ["removed", "柳湾村", "receivedHonor", "省级森林村居"],
    ]
    assert list(run(after, "what-changed", {"before": str(after)}).rows()) == []


@pytest.mark.parametrize(
    ("text", "params", "message"),
    [
        ("no-such-question", {}, "there are about, areas-below"),
        ("about", {"village": "x"}, "its parameters: name"),
        ("fastest-growth", {"least": "many"}, "is not a number"),
        ("projects-in-area", {}, "-p area=清河镇"),
        ("about", {"name": " "}, "请给出名称，如 -p name=恒达新材料公司"),
        ("status-history", {}, "-p name=新材料项目"),
        ("what-changed", {}, "give the folder of another build"),
        ("what-changed", {"before": "/nowhere"}, "build the graph first"),
        ("SELECT * WHERE {", {}, "not SPARQL"),
        ("SELECT ?x { ?x x:y ?z }", {}, "not SPARQL"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", {}, "SERVICE is refused"),
        ("ASK {}", {"area": "x"}, "parameters are for named questions"),
    ],
)
def test_errors_are_sentences(folder: Path, text: str, params: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run(folder, text, params)


def test_parameters_may_be_numbers_and_paths(folder: Path) -> None:
    for least in (2, 2.0, "2"):
        assert len(list(kg.query(folder, "several-projects", least=least).rows())) == 2
    assert list(kg.query(folder, "what-changed", before=folder).rows()) == []


def test_projects_of_an_area_above_that_is_no_node(folder: Path) -> None:
    """山东省 is only written in ``kg:within`` of the town."""
    found = kg.query(folder, "projects-in-area", area="山东省")
    assert [row[found.columns.index("name")] for row in found.rows()] == ["新材料项目", "仓储项目"]
    assert list(kg.query(folder, "projects-by-status", area="山东省").rows()) == [["completed", "1"], ["started", "1"]]


@pytest.mark.parametrize("name", ["projects-in-area", "projects-by-status", "areas-below"])
@pytest.mark.parametrize("area", ["山东省", "青山市", "白石镇", "河北省"])
def test_areas_above_in_another_engine(name: str, area: str, folder: Path, loaded: rdflib.Graph) -> None:
    """rdflib lets a BIND replace what VALUES has bound, unless it stands in a SELECT of its own."""
    rows = list(kg.query(folder, name, area=area).rows())
    answer: Any = loaded.query(question(name).filled({"area": area}))
    assert len(list(answer)) == len(rows)


def test_projects_of_provinces_and_cities_over_the_examples(built: Path) -> None:
    for area in ("天津市", "山东省", "湖北省", "佛山市"):
        assert len(list(kg.query(built, "projects-in-area", area=area).rows())) > 9, area
        assert list(kg.query(built, "projects-by-status", area=area).rows())


def test_honours_have_their_year_and_level_over_the_examples(built: Path) -> None:
    found = kg.query(built, "honours")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows()]
    assert all(row["year"] for row in rows), "by the period where an article has no date"
    levels = {row["honourName"]: row["level"] for row in rows}
    for name, level in {
        "四川老字号": "省级",
        "浙江好人榜": "省级",
        "天津市劳动模范": "省级",
        "全盟先进基层党组织": "市级",
        "锡林郭勒盟民族团结进步示范嘎查": "市级",
        "无棣县平安建设红旗镇": "县级",
        "后稷特别奖": "其他",
    }.items():
        assert levels[name] == level


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("2022年度浙江好人榜", "省级"),
        ("甘孜州脱贫攻坚先进集体", "市级"),
        ("州级文明单位", "市级"),
        ("最美社区", "其他"),
        ("黄河联盟优秀单位", "其他"),
        ("佛山西樵示范点", "其他"),
        ("东塔拉旗五好嘎查", "县级"),
    ],
)
def test_levels_of_honours(name: str, level: str, tmp_path: Path) -> None:
    graph = rdf_small.small()
    graph.nodes[rdf_small.CIVIL]["name"] = name
    write_turtle(graph, tmp_path / "graph.ttl", {})
    found = kg.query(tmp_path, "honours")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows()]
    assert {row["honourName"]: row["level"] for row in rows}[name] == level


@pytest.mark.parametrize("value", ['"}; DROP ALL', 'x" } ?s ?p ?o . VALUES ?z { "', "\\", "a\nb", "{ }", "\\1 \\g<0>"])
def test_values_of_parameters_stay_values(folder: Path, value: str) -> None:
    assert list(run(folder, "about", {"name": value}).rows()) == []


def test_results_in_every_form(folder: Path) -> None:
    query = "SELECT ?name ?code { ?a a kg:AdministrativeArea ; rdfs:label ?name ; skos:notation ?code } ORDER BY ?code"
    assert [row[0] for row in run(folder, query).rows()] == ["青禾县", "清河镇", "白石镇"]
    table = list(csv.reader(io.StringIO(run(folder, query).serialize("csv").decode())))
    assert table[:2] == [["name", "code"], ["青禾县", "370199"]]
    assert json.loads(run(folder, query).serialize("json"))["head"]["vars"] == ["name", "code"]
    assert run(folder, "ASK { ?a a kg:Village }").boolean is True
    described = "CONSTRUCT WHERE { ?a kg:memberOf ?b }"
    assert len(list(ox.parse(run(folder, described).serialize("ttl"), format=ox.RdfFormat.TURTLE))) == 1
    with pytest.raises(QueryError, match="it can as csv, tsv, json, xml"):
        run(folder, query).serialize("ttl")


def test_vocabulary_stands_apart_from_the_data(folder: Path) -> None:
    store = open_store(folder)
    counted: Any = run(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    told: Any = run(store, "SELECT ?n { ?d void:triples ?n FILTER EXISTS { ?d a dcat:Dataset } }")
    assert list(counted.rows()) == list(told.rows())
    label = 'ASK { GRAPH ?g { kg:runs rdfs:label "推行"@zh } }'
    assert run(store, label).boolean


def test_index_is_used_and_made_anew_when_the_build_changes(folder: Path, tmp_path: Path) -> None:
    turtle = tmp_path / "graph.ttl"
    turtle.write_bytes((folder / "graph.ttl").read_bytes())
    assert build_index(tmp_path) == tmp_path / INDEX
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    rows = list(run(tmp_path, count).rows())
    assert rows == list(run(folder, count).rows())
    with turtle.open("a", encoding="utf-8") as file:
        file.write("<new> kg:runs <newer> .\n")
    os.utime(turtle, ns=(1, 1))
    assert int(next(run(tmp_path, count).rows())[0]) == int(rows[0][0]) + 1


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <file:///etc/passwd>",
        "load silent <http://a/>",
        "PREFIX a: <http://a/> LOAD a:b",
        "\\u004cOAD <http://a/>",
    ],
)
def test_loading_is_refused(update: str) -> None:
    with pytest.raises(QueryError, match="LOAD is refused"):
        refuse_loading(update)


def test_prefixes_need_no_declaration(folder: Path) -> None:
    for prefix in PREFIXES:
        assert run(folder, f"ASK {{ ?s {prefix}:x ?o }}").boolean is False

"""The graph made of articles: the contract that readers rely on, its files read back by others, parts and ways."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import networkx as nx
import oracle
import pytest
from articles import article, fact

import kg
from kg import repair
from kg.across import resolve
from kg.article import Article, harvest
from kg.build import read
from kg.export import graphml, node_link, tables
from kg.graph import GraphError, assemble, dumps, load, merge_graphs, paths, subgraph
from kg.names import norm
from kg.schema import schema

SCALARS = (str, int, float, bool)
TOWNS = ((1, "370114016", "刁镇街道"), (2, "370114001", "明水街道"))  # both in 章丘区 of 济南市


def graph_of(*articles: Article) -> nx.MultiDiGraph:
    return assemble(articles, resolve(articles))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {source.id: source.text for source in read([oracle.EXAMPLES]).sources}


@pytest.fixture(scope="module")
def graph() -> nx.MultiDiGraph:
    """The examples' gold as a graph: what comes after extraction, whatever extraction can do today."""
    sources = read([oracle.EXAMPLES]).sources
    return graph_of(*(harvest(oracle.extract(repair.document(source))) for source in sources))


def test_nodes_keep_the_contract(graph: nx.MultiDiGraph) -> None:
    types = {data["type"] for _, data in graph.nodes(data=True)}
    assert types == set(schema().types)
    for node, data in graph.nodes(data=True):
        assert node.startswith(data["type"].lower() + "/")
        assert data["name"]
        for value in data.values():
            assert isinstance(value, SCALARS) or all(isinstance(item, str) for item in value)
    statuses = {data["status"] for _, data in graph.nodes(data=True) if "status" in data}
    assert statuses <= set(schema().statuses)


def test_edges_keep_the_contract(graph: nx.MultiDiGraph, texts: dict[str, str]) -> None:
    for source, target, key, data in graph.edges(keys=True, data=True):
        assert key.split(":")[0] == data["predicate"]
        assert data["predicate"] in schema().relations
        assert data["evidence"], (source, target)
        for row in data["evidence"]:
            if "quote" in row:
                assert row["quote"] == texts[row["document"]][row["start"] : row["end"]]
            else:
                assert row == {"rule": "gazetteer"}


def test_mentions_quote_the_name_itself(graph: nx.MultiDiGraph) -> None:
    """As printed: where a character was mended, the quote has the one that stands in the file."""
    exact = mended = 0
    for _, target, data in graph.edges(data=True):
        if data["predicate"] == "mentions":
            named = graph.nodes[target]
            names = {norm(name) for name in (named["name"], *named.get("aliases", ()))}
            for row in data["evidence"]:
                quote = norm(row["quote"])
                exact += quote in names
                mended += quote not in names
                assert any(len(quote) == len(name) for name in names), (quote, names)
    assert exact > 20 * mended


def test_figures_have_one_owner_and_their_numbers(graph: nx.MultiDiGraph) -> None:
    figures = [(node, data) for node, data in graph.nodes(data=True) if data["type"] == "Figure"]
    assert len(figures) > 200
    for node, data in figures:
        assert [edge["predicate"] for _, _, edge in graph.out_edges(node, data=True)] == ["figureOf"]
        assert {"indicator", "value", "unit", "base_value", "base_unit", "about"} <= set(data)


def test_areas_above_come_from_the_gazetteer_where_they_join_articles() -> None:
    towns = [article(n, code, [["AdministrativeArea", name, {"code": code}]]) for n, code, name in TOWNS]
    graph = graph_of(*towns)
    county = "administrativearea/370114"
    for below, above in [(f"administrativearea/{code}", county) for _, code, _ in TOWNS] + [
        (county, "administrativearea/370100"),
        ("administrativearea/370100", "administrativearea/370000"),
    ]:
        assert graph[below][above]["locatedIn"]["evidence"] == [{"rule": "gazetteer"}]
    assert graph.nodes[county]["name"] == "章丘区"


def test_an_area_that_no_article_names_and_that_joins_nothing_is_no_node() -> None:
    graph = graph_of(article(1, "370114016", [["AdministrativeArea", "刁镇街道", {"code": "370114016"}]]))
    areas = {data["name"] for _, data in graph.nodes(data=True) if data["type"] == "AdministrativeArea"}
    assert areas == {"刁镇街道"}
    within = graph.nodes["administrativearea/370114016"]["within"]
    assert within == ["370114 章丘区", "370100 济南市", "370000 山东省"]


def test_statuses_are_edges_and_the_latest_is_the_nodes() -> None:
    """By the article's date first; within one article by a project's life."""
    project = [["Project", "管网改造", {"scope": "370114016"}]]
    early = article(1, "370114016", project, date="2023-05-01")
    early.facts = [
        fact(1, early.id, "reportsStatus", "Project:管网改造", status=status) for status in ("completed", "started")
    ]
    late = article(2, "370114016", project, period="2024-01/2024-06")
    late.facts = [fact(2, late.id, "reportsStatus", "Project:管网改造", status="underway")]
    graph = graph_of(early, late)
    node = "project/管网改造@370114016"
    assert graph.nodes[node]["status"] == "underway"
    assert {key: data["status"] for key, data in graph[early.id][node].items() if key != "mentions"} == {
        "reportsStatus": "completed",
        "reportsStatus:started": "started",
    }


def test_one_fact_of_two_articles_is_one_edge_with_both_sentences() -> None:
    entities = [["Organization", "海润集团", {}], ["Honor", "绿色工厂"]]
    articles = [article(n, "370114016", entities) for n in (1, 2)]
    for n, made in enumerate(articles, 1):
        made.facts = [fact(n, "Organization:海润集团", "receivedHonor", "Honor:绿色工厂")]
    graph = graph_of(*articles)
    evidence = graph["organization/海润集团"]["honor/绿色工厂"]["receivedHonor"]["evidence"]
    assert [row["document"] for row in evidence] == [made.id for made in articles]


# --- files


def test_node_link_file_is_read_back_by_us_and_by_networkx(graph: nx.MultiDiGraph, tmp_path: Path) -> None:
    path = tmp_path / "graph.json"
    node_link.write(graph, path, {})
    assert nx.utils.graphs_equal(load(tmp_path), graph)
    assert nx.utils.graphs_equal(load(path), graph)
    theirs = nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="links")
    assert nx.utils.graphs_equal(theirs, graph)


def test_graphml_is_read_back_with_every_value(graph: nx.MultiDiGraph, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    graphml.write(graph, path, {})
    back = nx.read_graphml(path, force_multigraph=True)
    assert list(back) == list(graph)
    for node, data in graph.nodes(data=True):
        assert {key: unpacked(value, data[key]) for key, value in back.nodes[node].items()} == data
    edges = sorted((s, t, d["key"], d["predicate"], unpacked(d["evidence"], [])) for s, t, d in back.edges(data=True))
    assert edges == sorted((s, t, k, d["predicate"], d["evidence"]) for s, t, k, d in graph.edges(keys=True, data=True))
    keys = [key for _, _, key in back.edges(keys=True)]
    assert len(set(keys)) == len(keys), "an edge's id may stand once in a file"


def unpacked(value: Any, like: Any) -> Any:
    return json.loads(value) if isinstance(like, list) else value


def test_graphml_holds_what_xml_cannot(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a\x00", type="Place", name="坏\x0b字<&>\"'")
    graphml.write(graph, tmp_path / "graph.graphml", {})
    assert [data["name"] for _, data in nx.read_graphml(tmp_path / "graph.graphml").nodes(data=True)] == [
        "坏\ufffd字<&>\"'"
    ]


def test_tables_are_read_back(graph: nx.MultiDiGraph, tmp_path: Path) -> None:
    tables.write_nodes(graph, tmp_path / "nodes.csv", {})
    tables.write_edges(graph, tmp_path / "edges.csv", {})
    with (tmp_path / "nodes.csv").open(encoding="utf-8-sig", newline="") as file:
        nodes = list(csv.DictReader(file))
    assert [row["id"] for row in nodes] == list(graph)
    for row in nodes:
        data = graph.nodes[row["id"]]
        assert row["name"].removeprefix("'") == data["name"]
        assert json.loads(row["aliases"] or "[]") == data.get("aliases", [])
        assert row["value"] == (str(float(data["value"])) if "value" in data else "")
    with (tmp_path / "edges.csv").open(encoding="utf-8-sig", newline="") as file:
        edges = list(csv.DictReader(file))
    assert [(row["source"], row["target"], row["key"]) for row in edges] == list(graph.edges(keys=True))
    assert all(json.loads(row["evidence"]) for row in edges)
    for row in edges:
        names = (row["source_name"].removeprefix("'"), row["target_name"].removeprefix("'"))
        assert names == (graph.nodes[row["source"]]["name"], graph.nodes[row["target"]]["name"])


def test_spreadsheets_run_no_name_as_a_formula(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("n", type="Figure", name='=HYPERLINK("x")', growth=-2.5, value=-1)
    tables.write_nodes(graph, tmp_path / "nodes.csv", {})
    with (tmp_path / "nodes.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["name"] == '\'=HYPERLINK("x")'
    assert (row["growth"], row["value"]) == ("-2.5", "-1.0")


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "no such file"), ("{", "not a graph"), ("[]", "not a graph"), ('{"nodes": 3}', "not a graph")],
)
def test_a_bad_graph_file_is_told_in_a_sentence(tmp_path: Path, content: str | None, told: str) -> None:
    if content is not None:
        (tmp_path / "graph.json").write_text(content, encoding="utf-8")
    with pytest.raises(GraphError, match=told):
        load(tmp_path)


# --- parts, wholes and ways


def test_subgraph_is_a_copy_of_the_neighbourhood(graph: nx.MultiDiGraph) -> None:
    before = dumps(graph)
    middle = max((node for node, data in graph.nodes(data=True) if data["type"] == "Organization"), key=graph.degree)
    part = subgraph(graph, [middle])
    assert set(part) == {middle, *nx.all_neighbors(graph, middle)}
    assert part.number_of_edges() >= graph.degree(middle)
    part.nodes[middle]["name"] = "另"
    assert dumps(graph) == before


def test_merging_two_graphs_unites_evidence_and_aliases() -> None:
    def made(n: int, alias: str) -> nx.MultiDiGraph:
        one = article(n, "370114016", [["Organization", "海润集团", {"aliases": [alias]}], ["Honor", "绿色工厂"]])
        one.facts = [fact(n, "Organization:海润集团", "receivedHonor", "Honor:绿色工厂")]
        return graph_of(one)

    first, second = made(1, "海润"), made(2, "该集团")
    whole = merge_graphs(first, second)
    assert whole.nodes["organization/海润集团"]["aliases"] == ["海润", "该集团"]
    assert len(whole["organization/海润集团"]["honor/绿色工厂"]["receivedHonor"]["evidence"]) == 2
    assert dumps(merge_graphs(second, first)) == dumps(whole)
    assert len(first) == 3
    assert nx.utils.graphs_equal(merge_graphs(whole, first), whole)


def test_paths_prefer_entities_to_articles() -> None:
    entities = [
        ["Organization", "海润集团", {}],
        ["Honor", "绿色工厂"],
        ["Organization", "瑞丰集团", {}],
        ["Product", "鲍芹"],
    ]
    one = article(1, "370114016", entities)
    one.facts = [
        fact(1, f"Organization:{name}", "receivedHonor", "Honor:绿色工厂") for name in ("海润集团", "瑞丰集团")
    ]
    graph = graph_of(one)
    assert paths(graph, "organization/海润集团", "organization/瑞丰集团") == [
        ["organization/海润集团", "honor/绿色工厂", "organization/瑞丰集团"]
    ]
    assert paths(graph, "organization/海润集团", "product/鲍芹") == [["organization/海润集团", one.id, "product/鲍芹"]]


def test_the_turtle_of_a_build_loads_as_the_same_graph(tmp_path: Path, examples: Path) -> None:
    """``kg.load`` takes the Turtle as well, and tells what is wrong with a file that is none."""
    made = kg.build([examples], tmp_path / "out")
    assert nx.utils.graphs_equal(kg.load(tmp_path / "out" / "graph.ttl"), made)
    broken = tmp_path / "broken.ttl"
    broken.write_text("柳泊镇", encoding="utf-8")
    with pytest.raises(GraphError, match="build it again"):
        kg.load(broken)

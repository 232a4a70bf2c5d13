"""Scoring: what counts as right, extra and missed, and what the listing tells. Counts were worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import oracle
import pytest
import yaml

from kg import repair
from kg.across import resolve
from kg.article import harvest
from kg.build import read
from kg.graph import assemble
from kg.score import Score, ScoreError, add, quantity, report, score_paths

GOLD: dict[str, Any] = yaml.safe_load("""
entities:
  - {name: 柳泊镇, type: AdministrativeArea, also: [柳泊]}
  - {name: 滨州市, type: AdministrativeArea, optional: true}
  - {name: 海润新材料, type: Organization}
  - {name: 年产3万吨碳酸二甲酯, type: Project, also: [碳酸二甲酯]}
  - {name: 管网改造, type: Project, or: [Facility]}
  - {name: 11个项目, type: ProjectGroup, count: 11}
  - {name: 采摘季, type: Event, or: [Program]}
  - {name: 冠军, type: Honor}
relations:
  - [年产3万吨碳酸二甲酯, partOf, 11个项目]
  - [年产3万吨碳酸二甲酯, undertakenBy, 海润新材料]
  - [柳泊镇, organizes, 采摘季]
  - [海润新材料, receivedHonor, 冠军]
optional relations:
  - [管网改造, locatedIn, 柳泊镇]
statuses:
  - [11个项目, completed]
  - [管网改造, underway]
figures:
  - {of: 11个项目, indicator: 投资, value: 41.2, unit: 亿元}
  - {of: 柳泊镇, indicator: 工业总产值, value: 186.3, unit: 亿元, growth: 11.2, period: '2024'}
  - {of: 年产3万吨碳酸二甲酯, indicator: 年产, value: 3, unit: 万吨}
  - {of: 柳泊镇, indicator: 降幅, value: 22, unit: '%'}
  - {of: 柳泊镇, indicator: 占比, value: 91.5, unit: '%', optional: true}
""")


def node(id_: str, kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": kind, "name": name, **more}


def edge(source: str, predicate: str, target: str, rule: str = "r") -> dict[str, Any]:
    return {"source": source, "target": target, "key": predicate, "predicate": predicate, "evidence": [{"rule": rule}]}


def figure(id_: str, value: float, unit: str, indicator: str = "x", **more: Any) -> dict[str, Any]:
    return node(id_, "Figure", "", value=value, unit=unit, indicator=indicator, **more)


GRAPH: dict[str, Any] = {
    "nodes": [
        node("d", "Document", "文"),
        node("a", "AdministrativeArea", "柳泊"),  # by its other name
        node("b", "AdministrativeArea", "滨州市"),  # optional
        node("o", "Organization", "海润新材料公司", aliases=["海润新材料"]),  # by its alias
        node("p", "Project", "年产３万吨碳酸二甲酯"),  # width does not count
        node("f", "Facility", "管网改造", status="completed"),  # or: Facility
        node("g", "ProjectGroup", "等11个项目", count=11, status="completed"),  # by its count
        node("e", "Program", "采摘季"),  # or: Program
        node("h", "Honor", "单项冠军"),  # cut otherwise
        node("x", "Person", "张三"),  # not there
        figure("f1", 4120000000, "元", "投资"),  # another unit, the same amount; owner right
        figure("f2", 186.3, "亿元", "工业总产值", growth=11.2, period="2023"),
        figure("f3", 3, "万吨"),  # owner wrong
        figure("f4", -22, "%", "降幅"),  # the sign of a fall does not count
        figure("f5", 91.5, "%"),  # optional
        figure("f6", 7, "个"),  # not there
    ],
    "links": [
        edge("d", "mentions", "x", "surname"),
        edge("p", "partOf", "g"),
        edge("a", "runs", "e"),  # runs for organizes, since it may be a Program
        edge("f", "locatedIn", "a"),  # optional relation
        edge("p", "locatedIn", "a"),  # geography is neutral
        edge("o", "receivedHonor", "h", "list"),
        edge("f1", "figureOf", "g"),
        edge("f2", "figureOf", "a"),
        edge("f3", "figureOf", "g", "group"),
        edge("f4", "figureOf", "a"),
        edge("f5", "figureOf", "a"),
        edge("f6", "figureOf", "a"),
    ],
}


@pytest.fixture(scope="module")
def score() -> Score:
    made = Score()
    add(made, GOLD, GRAPH, "文")
    return made


@pytest.mark.parametrize(
    ("measure", "right", "extra", "missed"),
    [
        ("entities", 6, 2, 1),
        ("entities, any type", 6, 2, 1),
        ("relations", 2, 1, 2),
        ("statuses", 1, 1, 1),
        ("figures", 3, 2, 1),
        ("figures, value only", 4, 1, 0),
        ("figures, indicator named", 3, 0, 0),
        ("figures, period", 0, 0, 1),
        ("figures, growth", 1, 0, 0),
    ],
)
def test_counts(score: Score, measure: str, right: int, extra: int, missed: int) -> None:
    found = score.counts[measure].ratios()
    assert (found["tp"], found["fp"], found["fn"]) == (right, extra, missed)


def test_ratios(score: Score) -> None:
    found = score.as_dict()["entities"]
    assert found["P"] == 6 / 8
    assert found["R"] == 6 / 7
    assert found["F1"] == 2 * found["P"] * found["R"] / (found["P"] + found["R"])
    assert "figures, about" not in score.as_dict()


def test_the_listing_names_the_deviation_its_rule_and_the_reason(score: Score) -> None:
    notes = {(note.measure, note.kind, note.what): (note.rules, note.why) for note in score.notes}
    assert notes["entities", "extra", "张三"] == ("surname", "not in the gold")
    assert notes["entities", "extra", "单项冠军"][1] == "cut otherwise than 冠军"
    assert notes["entities", "missed", "冠军"][1] == "cut as 单项冠军"
    assert notes["relations", "extra", "海润新材料公司 —receivedHonor→ 单项冠军"] == (
        "list",
        "单项冠军 not in the gold",
    )
    assert notes["relations", "missed", "海润新材料 —receivedHonor→ 冠军"][1] == "no node for 冠军"
    assert notes["figures", "owner", "x 3万吨"] == ("group", "of 11个项目, the gold says of 年产3万吨碳酸二甲酯")
    assert "管网改造: underway" in {note.what for note in score.notes}
    text = report(score, notes=True)
    assert "+ Person" in text
    assert "~ Figure" in text


@pytest.mark.parametrize(
    ("value", "unit", "plain"),
    [
        (2, "万吨", (20000.0, "吨")),
        (1.5, "万亿元", (1.5e12, "元")),
        (3, "千万元", (3e7, "元")),
        ("4.8", "平米", (4.8, "平方米")),
        (-22, "％", (22.0, "%")),
        (-22, "元", (-22.0, "元")),
    ],
)
def test_quantities(value: float, unit: str, plain: tuple[float, str]) -> None:
    assert quantity(value, unit) == plain


def test_the_gold_itself_scores_full_marks() -> None:
    """Every example's annotation made a graph: no entity, relation or status is lost on the way."""
    made = Score()
    for source in read([oracle.EXAMPLES]).sources:
        article = harvest(oracle.extract(repair.document(source)))
        graph = assemble([article], resolve([article]))
        gold = yaml.safe_load((oracle.EXAMPLES / (Path(source.path).stem + ".yaml")).read_text(encoding="utf-8"))
        add(made, gold, nx.node_link_data(graph, edges="links"))
    found = made.as_dict()
    assert found["entities"]["R"] == 1
    assert found["entities"]["P"] > 0.95
    assert found["relations"]["P"] == 1
    assert found["relations"]["R"] > 0.95
    assert found["statuses"]["P"] > 0.95


GOOD = "entities:\n  - {name: 甲村, type: Village}\n"


@pytest.mark.parametrize(
    ("gold", "told"),
    [
        ("entities:\n  - {type: Village}\n", "entities, row 1 ({'type': 'Village'}): name is missing"),
        (GOOD + "  - 乙村\n", "entities, row 2: '乙村' is not a row of fields; it needs name, type"),
        ("entities:\n  - {name: 2024, type: Village}\n", "entities, row 1: name is 2024, not text (in quotes"),
        (
            "entities:\n  - {name: 甲, type: Town}\n",
            "entities, row 1: there is no type 'Town'; there are Administrative",
        ),
        ("entities:\n  - {name: 甲, type: Village, also: 乙}\n", "entities, row 1: also is '乙', not a list of names"),
        ("entities: {name: 甲}\n", "entities is not a list"),
        (
            GOOD + "relations:\n  - [甲村, runs]\n",
            "relations, row 1: ['甲村', 'runs'] is not [subject, predicate, object]",
        ),
        (GOOD + "relations:\n  - [甲村, has, 乙]\n", "relations, row 1: there is no predicate 'has'; there are est"),
        (GOOD + "relations:\n  - [甲村, runs, 2024]\n", "relations, row 1: object is 2024, not text"),
        (GOOD + "statuses:\n  - 甲村\n", "statuses, row 1: '甲村' is not [project, status]"),
        (GOOD + "statuses:\n  - [甲村, done]\n", "statuses, row 1: there is no status 'done'; there are planned"),
        (GOOD + "figures:\n  - {of: 甲村, indicator: 人口, unit: 人}\n", "): value is missing"),
        (
            GOOD + "figures:\n  - {of: 甲村, indicator: 人口, value: 许多, unit: 人}\n",
            "figures, row 1: value is '许多', not a number",
        ),
        (
            GOOD + "figures:\n  - {of: 甲村, indicator: 人口, value: 3, unit: 人, growth: 快}\n",
            "figures, row 1: growth is '快', not a number",
        ),
    ],
)
def test_malformed_gold_is_told_by_list_row_and_field(tmp_path: Path, gold: str, told: str) -> None:
    path, graph = tmp_path / "a.yaml", tmp_path / "graph.json"
    path.write_text(gold, encoding="utf-8")
    graph.write_text('{"nodes": [], "links": []}', encoding="utf-8")
    with pytest.raises(ScoreError) as caught:
        score_paths([path, graph])
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)


def test_lists_of_gold_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD + "relations:\nstatuses: []\nfigures:\n", encoding="utf-8")
    (tmp_path / "graph.json").write_text('{"nodes": [], "links": []}', encoding="utf-8")
    found = score_paths([tmp_path / "a.yaml", tmp_path / "graph.json"]).as_dict()
    assert found["entities"]["fn"] == 1


@pytest.mark.parametrize(
    ("graph", "told"),
    [
        ('{"nodes": [{"type": "Village"}], "links": []}', "nodes, row 1 ({'type': 'Village'}): id is missing"),
        ('{"nodes": [], "links": [{"source": "a"}]}', "links, row 1 ({'source': 'a'}): target is missing"),
        ('{"nodes": {}, "links": []}', "nodes is not a list"),
    ],
)
def test_a_malformed_graph_is_told(tmp_path: Path, graph: str, told: str) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "graph.json").write_text(graph, encoding="utf-8")
    with pytest.raises(ScoreError) as caught:
        score_paths([tmp_path / "a.yaml", tmp_path / "graph.json"])
    assert told in str(caught.value)


def test_files_that_make_no_pairs(tmp_path: Path) -> None:
    gold = tmp_path / "a.yaml"
    gold.write_text("entities: []", encoding="utf-8")
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ScoreError, match="there is no such article"):
        score_paths([gold])
    with pytest.raises(ScoreError, match="holds no nodes"):
        score_paths([gold, tmp_path / "b.json"])
    with pytest.raises(ScoreError, match="make no pairs"):
        score_paths([gold, gold, tmp_path / "b.json"])
    with pytest.raises(ScoreError, match="cannot be read"):
        score_paths([tmp_path / "c.yaml", tmp_path / "b.json"])

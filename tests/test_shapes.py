"""Planted faults: each is found, told in plain words, and found the same by pySHACL."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest
import rdf_small
import rdflib

from kg import shapes
from kg.export.rdf import write_ntriples, write_turtle
from kg.graph import GraphError
from kg.rdf.names import PREFIXES, VOCABULARY, encode
from kg.rdf.shacl import Shapes
from kg.schema import ontology_dir, schema

Graph = nx.MultiDiGraph


def _set(node: str, **attributes: Any) -> Callable[[Graph], None]:
    return lambda graph: graph.nodes[node].update(attributes)


def _drop(node: str, *names: str) -> Callable[[Graph], None]:
    def change(graph: Graph) -> None:
        for name in names:
            del graph.nodes[node][name]

    return change


def _edge(source: str, key: str, target: str, evidence: list[dict[str, Any]] | None = None) -> Callable[[Graph], None]:
    found = [rdf_small.evidence("first", "柳湾村")] if evidence is None else evidence
    return lambda graph: graph.add_edge(source, target, key=key, predicate=key, evidence=found)


def _item(**changes: Any) -> list[dict[str, Any]]:
    return [{**rdf_small.evidence("first", "柳湾村"), **changes}]


DOCUMENT = rdf_small.document_id("first")
FAULTS: dict[str, tuple[Callable[[Graph], None], str]] = {
    "no name": (_drop(rdf_small.COMPANY, "name"), "OrganizationShape-label"),
    "an empty name": (_set(rdf_small.COMPANY, name=""), "OrganizationShape-label"),
    "a status that is none": (_set(rdf_small.STORE, status="paused"), "ProjectShape-status"),
    "a code of seven digits": (_set(rdf_small.QING, code="3701991"), "AdministrativeAreaShape-notation"),
    "a count of nothing": (_set(rdf_small.GROUP, count=0), "ProjectGroupShape-count"),
    "a count in words": (_set(rdf_small.GROUP, count="两个"), "ProjectGroupShape-count"),
    "a figure without indicator": (_set("figure/1", indicator=""), "FigureShape-indicator"),
    "a figure without unit": (_drop("figure/1", "unit"), "FigureShape-unit"),
    "a value in words": (_set("figure/1", value="两万"), "FigureShape-value"),
    "a base value in words": (_set("figure/6", base_value="许多"), "FigureShape-baseValue"),
    "about in words": (_set("figure/1", about="约"), "FigureShape-about"),
    "a period in words": (_set("figure/1", period="上半年"), "FigureShape-period"),
    "a period that ends first": (_set("figure/1", period="2024-06/2024-01"), "FigureShape-periodStart"),
    "growth in words": (_set("figure/1", growth="大幅"), "FigureShape-growth"),
    "a figure of two things": (_edge("figure/1", "figureOf", rdf_small.BAI), "FigureShape-figureOf"),
    "a figure of nothing": (lambda g: g.remove_edge("figure/1", rdf_small.QING), "FigureShape-figureOf"),
    "a document without digest": (_drop(DOCUMENT, "sha256"), "DocumentShape-sha256"),
    "a digest cut short": (_set(DOCUMENT, sha256="ab12"), "DocumentShape-sha256"),
    "a document without path": (_drop(DOCUMENT, "path"), "DocumentShape-path"),
    "a date that is none": (_set(DOCUMENT, date="去年"), "DocumentShape-issued"),
    "a fact without evidence": (_edge(rdf_small.VILLAGE, "runs", rdf_small.RIVER, []), "StatementShape-wasDerivedFrom"),
    "evidence without rule": (
        _edge(
            rdf_small.VILLAGE,
            "runs",
            rdf_small.RIVER,
            [{"document": DOCUMENT, "start": 0, "end": 3, "quote": "清河镇"}],
        ),
        "StatementShape-rule",
    ),
    "evidence of no article": (
        _edge(rdf_small.VILLAGE, "runs", rdf_small.RIVER, _item(document="document/none")),
        "EvidenceShape-hasSource",
    ),
    "evidence that ends before it starts": (
        _edge(rdf_small.VILLAGE, "runs", rdf_small.RIVER, _item(start=9, end=3)),
        "PositionShape-start",
    ),
    "evidence before the text": (
        _edge(rdf_small.VILLAGE, "runs", rdf_small.RIVER, _item(start=-5)),
        "PositionShape-start",
    ),
    "an empty quote": (
        _edge(rdf_small.VILLAGE, "runs", rdf_small.RIVER, _item(start=500, end=501, quote="")),
        "QuoteShape-exact",
    ),
    "a relation that is none": (_edge(rdf_small.VILLAGE, "admires", rdf_small.RIVER), "StatementShape-predicate"),
    "a relation to nowhere": (_edge(rdf_small.VILLAGE, "runs", "program/none"), "runsShape-range"),
}
for _name, _relation in schema().relations.items():
    # a document is in the range of no relation, a product in the domain of those that do not start anywhere
    FAULTS[f"{_name} to a document"] = (_edge(rdf_small.LOTUS, _name, DOCUMENT), f"{_name}Shape-range")
    if "*" not in _relation.domain:
        FAULTS[f"{_name} from a product"] = (
            _edge(rdf_small.LOTUS, _name, rdf_small.RIVER),
            f"{_name}InverseShape-domain",
        )


def _planted(fault: str) -> Graph:
    graph = rdf_small.small()
    FAULTS[fault][0](graph)
    return graph


def test_the_graph_without_faults_is_clean() -> None:
    assert shapes.check(rdf_small.small(), rdf_small.documents()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    found = shapes.check(_planted(fault))
    assert FAULTS[fault][1] in {problem.rule for problem in found}


@pytest.mark.parametrize("kind", [t for t in schema().types if t not in ("Document", "Figure")])
def test_two_names_and_two_types_are_found(kind: str, tmp_path: Path) -> None:
    graph = rdf_small.small()
    node = next(n for n, t in graph.nodes(data="type") if t == kind)
    write_turtle(graph, tmp_path / "graph.ttl", {})
    with (tmp_path / "graph.ttl").open("a", encoding="utf-8") as file:
        file.write(f'<{encode(node)}> rdfs:label "又名"@zh ; a kg:Document .\n')
    rules = {problem.rule for problem in shapes.check(tmp_path)}
    assert {f"{kind}Shape-label", f"{kind}Shape-type"} <= rules


def test_pyshacl_finds_the_same(tmp_path: Path) -> None:
    """All faults in one graph, by the reference validator over rdflib's own store."""
    pyshacl = pytest.importorskip("pyshacl")
    graph = rdf_small.small()
    for fault, (change, _) in FAULTS.items():
        if fault not in ("a figure of nothing", "a count in words", "an empty name", "a digest cut short"):
            change(graph)
    path = tmp_path / "graph.nt"
    write_ntriples(graph, path, {})
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    rows: set[tuple[str, str]] = set()
    for constraint in Shapes(ontology_dir() / "shapes.ttl").constraints:
        solutions: Any = store.query(constraint.query)
        rows.update((row["focus"].value, constraint.shape) for row in solutions)
    data = rdflib.Graph().parse(path)
    _, report, _ = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(ontology_dir() / "shapes.ttl"))
    sh = rdflib.Namespace(PREFIXES["sh"])
    wanted = {
        (str(report.value(result, sh.focusNode)), str(report.value(result, sh.sourceShape)))
        for result in report.subjects(rdflib.RDF.type, sh.ValidationResult)
    }
    assert rows == wanted
    assert len({shape for _, shape in wanted}) > 30


def test_problems_in_plain_words() -> None:
    (problem,) = shapes.check(_planted("a status that is none"))
    assert problem.node == rdf_small.STORE
    wanted = "the status must be one of planned, signed, started, underway, completed; found paused"
    assert problem.text("en") == f"仓储项目 ({rdf_small.STORE}): {wanted}"
    assert problem.text("zh").startswith(f"仓储项目（{rdf_small.STORE}）：状态须是 planned、")


def test_a_statement_is_told_by_its_ends() -> None:
    found = [p for p in shapes.check(_planted("a fact without evidence")) if p.rule == "StatementShape-wasDerivedFrom"]
    assert [p.name for p in found] == ["柳湾村 —runs→ 清水河"]


def test_quotes_are_compared_with_the_source() -> None:
    texts = rdf_small.documents()
    texts[DOCUMENT] = "。" + texts[DOCUMENT]
    found = shapes.check(rdf_small.small(), texts)
    assert found
    assert {problem.rule for problem in found} == {"quote"}


def test_the_texts_of_a_folder_are_those_of_its_documents_file(tmp_path: Path) -> None:
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    assert shapes.check(tmp_path) == []
    rows = ({"id": node, "text": "。" + text} for node, text in rdf_small.documents().items())
    (tmp_path / "documents.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert {problem.rule for problem in shapes.check(tmp_path)} == {"quote"}
    (tmp_path / "documents.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(GraphError, match="cannot be read"):
        shapes.check(tmp_path)


def test_positions_that_are_no_numbers_are_found_by_their_shape(tmp_path: Path) -> None:
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    text = (tmp_path / "graph.ttl").read_text(encoding="utf-8")
    (tmp_path / "graph.ttl").write_text(text.replace("oa:start 0 ", 'oa:start "x" '), encoding="utf-8")
    rules = {problem.rule for problem in shapes.check(tmp_path, rdf_small.documents())}
    assert rules == {"PositionShape-start"}


VILLAGE_LINE = (
    '<village/a> a kg:Village ; rdfs:label "甲"@zh ; kg:runs <facility/b> . '
    '<facility/b> a kg:Facility ; rdfs:label "乙"@zh .'
)
STATEMENT_LINE = (
    "<statement/0> a rdf:Statement ; rdf:subject <dataset> ; rdf:predicate kg:runs ; rdf:object <build> ; "
    'kg:rule "x" ; prov:wasDerivedFrom kg:background .'
)


@pytest.mark.parametrize(
    ("line", "rule"), [(VILLAGE_LINE, "fact-without-statement"), (STATEMENT_LINE, "statement-without-fact")]
)
def test_facts_and_statements_go_together(tmp_path: Path, line: str, rule: str) -> None:
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    with (tmp_path / "graph.ttl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert rule in {problem.rule for problem in shapes.check(tmp_path)}
    assert any(where and what for where, what in shapes.violations(tmp_path / "graph.ttl"))


def test_every_class_and_relation_has_a_shape() -> None:
    store = ox.Store()
    store.load(path=str(ontology_dir() / "shapes.ttl"), format=ox.RdfFormat.TURTLE)
    targets = {
        q.object.value
        for name in ("targetClass", "targetSubjectsOf")
        for q in store.quads_for_pattern(None, ox.NamedNode(PREFIXES["sh"] + name), None)
    }
    assert {VOCABULARY + name for name in (*schema().types, *schema().relations)} <= targets


def test_shapes_that_are_not_understood_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <http://x.example/> ."
        " x:s a sh:NodeShape ; sh:targetClass x:c ; sh:property x:p . x:p sh:path x:q ; sh:uniqueLang true .",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="sh:uniqueLang"):
        Shapes(path)


def test_a_folder_without_turtle(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="build the graph first"):
        shapes.check(tmp_path)

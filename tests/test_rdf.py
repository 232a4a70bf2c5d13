"""The graph as RDF and back: what a reader of the files relies on."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest
import rdf_small
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kg.export.rdf import WRITERS, read_turtle, write_jsonld, write_ntriples, write_trig, write_turtle, write_turtle12
from kg.rdf.names import PREFIXES, checked_base, decode, encode, is_node
from kg.rdf.values import bounds, moment

BASE = "https://example.org/kg/"


def contents(graph: nx.MultiDiGraph) -> tuple[Any, Any, Any]:
    """All that makes two graphs equal."""
    return dict(graph.nodes(data=True)), {(u, v, k): d for u, v, k, d in graph.edges(keys=True, data=True)}, graph.graph


def written(graph: nx.MultiDiGraph, path: Path, form: str) -> Path:
    target = path / f"graph.{form}"
    WRITERS[form](graph, target, rdf_small.documents())
    return target


def oxigraph(path: Path, form: ox.RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(path=str(path), format=form)}


def test_turtle_gives_back_the_graph(tmp_path: Path) -> None:
    graph = rdf_small.small()
    assert contents(read_turtle(written(graph, tmp_path, "ttl"))) == contents(graph)


def test_base_of_the_user_goes_with_the_graph(tmp_path: Path) -> None:
    graph = rdf_small.small()
    graph.graph["base"] = "http://data.example.net/县/"
    path = written(graph, tmp_path, "ttl")
    assert contents(read_turtle(path)) == contents(graph)
    assert f"<http://data.example.net/县/{encode(rdf_small.COMPANY)}>" in "".join(oxigraph(path, ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("base", ["kg/", "https://example.org/kg", "file:///etc/", "https://example.org/a b/", ""])
def test_base_that_cannot_be_one_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="ends with a slash"):
        checked_base(base)


@pytest.mark.parametrize(
    ("attributes", "note"),
    [
        ({"aliases": []}, "an empty list is not a missing one"),
        ({"aliases": ["乙", "甲", "甲"]}, "order and repeats"),
        ({"value": 7, "growth": -0.0, "big": 10**30}, "whole numbers stay whole"),
        ({"value": 1e25, "small": 1e-9, "third": 0.1 + 0.2}, "floats to the last bit"),
        ({"flag": True, "none of ours": "x", "tags": ["a", "b"]}, "attributes that the vocabulary lacks"),
        ({"status": "paused", "subtype": "Choir"}, "values that the schema lacks"),
        ({"within": ["370114 章丘区", "370100 济南市", "370000 山东省"]}, "areas above"),
        ({"within": ["乙", "甲"], "date": ""}, "areas above in another order"),
        ({"date": "2024-02-30"}, "a date that is none"),
    ],
)
def test_odd_attributes_come_back(tmp_path: Path, attributes: dict[str, Any], note: str) -> None:
    graph = rdf_small.small()
    graph.nodes[rdf_small.COMPANY].update(attributes)
    graph.edges[rdf_small.VILLAGE, rdf_small.FAIR, "organizes"]["confidence"] = 0.75
    graph.graph["note"] = "seen"
    back = read_turtle(written(graph, tmp_path, "ttl"))
    assert contents(back) == contents(graph), note
    found = back.nodes[rdf_small.COMPANY]
    assert {k: type(found[k]) for k in attributes} == {k: type(v) for k, v in attributes.items()}


@pytest.mark.parametrize(
    "ids", [["a//b", "/a", "a/../b", "a/.", "..", "statement/x", "dataset", "a#b", "a?b", "%41", "村 1"]]
)
def test_ids_of_any_form_stay_apart(ids: list[str]) -> None:
    references = [encode(node) for node in ids]
    assert [decode(reference) for reference in references] == ids
    assert len(set(references)) == len(ids)
    assert all(is_node(reference) for reference in references)


ANY_NAME = st.text(min_size=1, max_size=30) | st.sampled_from(
    [
        '他说"好"',
        "<b>&amp;",
        "a\nb\r\n\tc",
        "😀👨‍👩‍👧",
        "\u202eמרחב\u202c",
        "back\\slash\\",
        "'''\"\"\"",
        "\x00\x7f\ufffe",
        "é",
        "e\u0301",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY_NAME)
def test_any_name_goes_through_every_format(tmp_path: Path, name: str) -> None:
    graph = nx.MultiDiGraph()
    node = f"organization/{name}"
    graph.add_node(node, type="Organization", name=name, aliases=[name])
    graph.add_node("document/1", type="Document", name=name, title=name, path=name)
    found = [{"document": "document/1", "start": 0, "end": len(name), "quote": name, "rule": name}]
    graph.add_edge("document/1", node, key="mentions", predicate="mentions", evidence=found)
    assert contents(read_turtle(written(graph, tmp_path, "ttl"))) == contents(graph)
    forms = {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "trig": ox.RdfFormat.TRIG,
    }
    read = {form: oxigraph(written(graph, tmp_path, form), syntax) for form, syntax in forms.items()}
    assert read["ttl"] == read["nt"] == read["jsonld"] == read["trig"]
    triples = list(ox.parse(path=str(tmp_path / "graph.nt"), format=ox.RdfFormat.N_TRIPLES))
    quotes = [t.object.value for t in triples if t.predicate.value == PREFIXES["oa"] + "exact"]
    assert quotes == [name]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_reads_the_same_graph_from_every_format(tmp_path: Path) -> None:
    graph = rdf_small.small()
    parsed = {}
    for form, syntax in (("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")):
        parsed[form] = rdflib.Graph().parse(written(graph, tmp_path, form), format=syntax)
    assert isomorphic(parsed["ttl"], parsed["nt"])
    assert isomorphic(parsed["ttl"], parsed["jsonld"])
    quads = rdflib.Dataset(default_union=True).parse(written(graph, tmp_path, "trig"), format="trig")
    told = {(s, p, o) for s, p, o in quads.triples((None, None, None))}
    volume = rdflib.URIRef(PREFIXES["void"] + "triples")
    assert {t for t in told ^ set(parsed["ttl"]) if t[1] != volume} == set()


def test_named_graphs_hold_what_each_article_tells(tmp_path: Path) -> None:
    store = ox.Store()
    store.load(path=str(written(rdf_small.small(), tmp_path, "trig")), format=ox.RdfFormat.TRIG)
    company, union = (f"<{BASE}{encode(node)}>" for node in (rdf_small.COMPANY, rdf_small.UNION))
    query = f"SELECT ?g WHERE {{ GRAPH ?g {{ {company} kg:memberOf {union} }} }}"
    rows: Any = store.query(query, prefixes=PREFIXES)
    assert [row["g"].value for row in rows] == [f"{BASE}{rdf_small.document_id('second')}#facts"]


def test_no_blank_nodes_and_the_count_is_true(tmp_path: Path) -> None:
    triples = oxigraph(written(rdf_small.small(), tmp_path, "nt"), ox.RdfFormat.N_TRIPLES)
    assert not [triple for triple in triples if "_:" in triple.split('"')[0]]
    (told,) = [t for t in triples if t.startswith(f"<{BASE}dataset> <{PREFIXES['void']}triples>")]
    assert f'"{len(triples)}"' in told


def test_each_fact_leads_to_the_sentence(tmp_path: Path) -> None:
    store = ox.Store()
    store.load(path=str(written(rdf_small.small(), tmp_path, "ttl")), format=ox.RdfFormat.TURTLE)
    query = """SELECT ?document ?start ?end ?exact WHERE {
      ?fact rdf:predicate kg:memberOf ; prov:wasDerivedFrom ?e . ?e a oa:SpecificResource ; oa:hasSource ?document ;
        oa:hasSelector [ a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end ] ,
        [ a oa:TextQuoteSelector ; oa:exact ?exact ] }"""
    rows: Any = list(store.query(query, prefixes=PREFIXES))  # type: ignore[arg-type]
    assert len(rows) == 1
    text = rdf_small.documents()[decode(rows[0]["document"].value.removeprefix(BASE))]
    assert text[int(rows[0]["start"].value) : int(rows[0]["end"].value)] == rows[0]["exact"].value


def test_each_author_is_a_creator(tmp_path: Path) -> None:
    store = ox.Store()
    store.load(path=str(written(rdf_small.small(), tmp_path, "ttl")), format=ox.RdfFormat.TURTLE)
    rows = store.query("SELECT ?a (COUNT(?d) AS ?n) { ?d <http://purl.org/dc/elements/1.1/creator> ?a } GROUP BY ?a")
    assert {row["a"].value: row["n"].value for row in rows} == {"王平": "2", "李安": "1"}


def test_figures_keep_the_printed_form_beside_the_number(tmp_path: Path) -> None:
    graph = rdf_small.small()
    graph.nodes["figure/1"]["value"] = 2.0
    lines = oxigraph(written(graph, tmp_path, "nt"), ox.RdfFormat.N_TRIPLES)
    about = [line for line in lines if line.startswith(f"<{BASE}figure/1")]
    for wanted in ('"2万元"', "vocab/unit/CCY_CNY", '"2023-01-01"', '"2023-12-31"', '"6.5"'):
        assert any(wanted in line for line in about), wanted


def test_figures_of_every_make_are_the_same_in_every_format(tmp_path: Path) -> None:
    """The text syntaxes fill templates, JSON-LD does not."""
    graph = nx.MultiDiGraph()
    graph.add_node("place/1", type="Place", name="甲")
    units = ["元", "吨", "亩", "%", "", "人"]
    makes = itertools.product(
        (12, 1.5, 1e25, 1e-7, -3),
        units,
        (
            {},
            {"period": "2023-01/2023-06"},
            {"period": "2024", "growth": 7},
            {"growth": -1.25},
            {"period": "上半年"},
            {"rank": "第一"},
        ),
        (True, False),
    )
    for place, (value, unit, more, about) in enumerate(makes):
        node, name = f"figure/{place}", f'指标"{place % 7}" 1%s'
        numbers = {"value": value, "unit": unit, "base_value": float(value) * 10, "base_unit": unit}
        graph.add_node(node, type="Figure", name=name, indicator=name, **numbers, about=about, **more)
        graph.add_edge(node, "place/1", key="figureOf", predicate="figureOf", evidence=[{"rule": "a"}])
    read = {
        form: oxigraph(written(graph, tmp_path, form), syntax)
        for form, syntax in (
            ("ttl", ox.RdfFormat.TURTLE),
            ("nt", ox.RdfFormat.N_TRIPLES),
            ("jsonld", ox.RdfFormat.JSON_LD),
        )
    }
    assert read["ttl"] == read["jsonld"]
    assert read["nt"] == read["jsonld"]
    assert contents(read_turtle(tmp_path / "graph.ttl")) == contents(graph)


def test_annotations_of_rdf_12_say_the_same(tmp_path: Path) -> None:
    graph = rdf_small.small()
    reified = list(ox.parse(path=str(written(graph, tmp_path, "ttl12")), format=ox.RdfFormat.TURTLE))
    plain = list(ox.parse(path=str(written(graph, tmp_path, "ttl")), format=ox.RdfFormat.TURTLE))
    reifies = [t for t in reified if t.predicate.value == PREFIXES["rdf"] + "reifies"]
    assert len(reifies) == graph.number_of_edges()
    rest = {str(t) for t in plain if not t.predicate.value.startswith(PREFIXES["rdf"])}
    assert rest <= {str(t) for t in reified} | {t for t in rest if "void#triples" in t}


@pytest.mark.parametrize(
    ("text", "message"),
    [("<a> <b>", "is not Turtle"), ("<http://a/> <http://b/> <http://c/> .", "not written by kg")],
)
def test_other_files_are_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_turtle(path)


def test_a_failing_writer_leaves_the_old_file(tmp_path: Path) -> None:
    graph = rdf_small.small()
    path = written(graph, tmp_path, "ttl")
    before = path.read_bytes()
    graph.add_node("x", type="not a name", name="x")
    for writer in (write_turtle, write_ntriples, write_jsonld, write_trig, write_turtle12):
        with pytest.raises(ValueError, match="cannot be the name"):
            writer(graph, path, {})
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["graph.ttl"]


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, rdf_small; from kg.export.rdf import WRITERS\n"
        "for form, write in WRITERS.items(): write(rdf_small.small(), pathlib.Path(sys.argv[1]) / form, {})"
    )
    here = Path(__file__).parent
    made = []
    for seed in ("0", "1"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{here}:{here.parent}", "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env=environment)
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) == set(WRITERS)


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        ("2023", ("2023-01-01", "2023-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2024-01/2024-06", ("2024-01-01", "2024-06-30")),
        ("2022/2024", ("2022-01-01", "2024-12-31")),
        ("2023-13", None),
        ("上半年", None),
        ("", None),
    ],
)
def test_bounds_of_periods(period: str, wanted: tuple[str, str] | None) -> None:
    assert bounds(period) == wanted


@pytest.mark.parametrize(
    ("date", "wanted"), [("2024-02-29", (2024, 2, 29)), ("2023-02-29", None), ("2023-00", None), ("0000", None)]
)
def test_dates_are_real(date: str, wanted: tuple[int, ...] | None) -> None:
    assert moment(date) == wanted

"""What kg check finds: each kind of damage that a build's folder can have, told with its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import oracle
import pytest

from kg.build import run
from kg.check import check_folder
from kg.graph import GraphError
from kg.outputs import write
from kg.query import QueryError
from kg.query import run as query

Graph = dict[str, Any]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    patch = pytest.MonkeyPatch()
    patch.setattr("kg.extract.extract", oracle.extract)
    patch.chdir(oracle.EXAMPLES.parent)
    write(run(["examples/sd-liubo-2024.txt", "examples/baikeng-2023.txt"]), folder, ["json", "turtle"])
    patch.undo()
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "build"))


def damaged(folder: Path, change: Callable[[Graph], None]) -> list[str]:
    """The problems after ``change`` to graph.json, without the one that the file was changed."""
    path = folder / "graph.json"
    graph = json.loads(path.read_text(encoding="utf-8"))
    change(graph)
    path.write_text(json.dumps(graph, ensure_ascii=False), encoding="utf-8")
    problems = check_folder(folder, shapes=False).problems
    assert "files: graph.json: is not the file that build.json tells of; build again" in map(str, problems)
    return [str(problem) for problem in problems if problem.kind != "files"]


def edge(graph: Graph, predicate: str) -> dict[str, Any]:
    return next(link for link in graph["links"] if link["predicate"] == predicate and "quote" in link["evidence"][0])


def node(graph: Graph, kind: str) -> dict[str, Any]:
    return next(item for item in graph["nodes"] if item["type"] == kind)


def test_a_good_build_has_no_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(oracle.EXAMPLES.parent)
    checked = check_folder(folder)
    assert checked.problems == []
    assert checked.shapes == ""
    assert checked.counts["originals"] == checked.counts["documents"] == 2
    assert checked.counts["evidence"] > 200


def test_elsewhere_the_originals_are_not_there_and_that_is_no_problem(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checked = check_folder(folder, shapes=False)
    assert checked.problems == []
    assert checked.counts["originals"] == 0


def _shift(graph: Graph) -> None:
    edge(graph, "mentions")["evidence"][0]["start"] += 1


def _past_the_end(graph: Graph) -> None:
    edge(graph, "partOf")["evidence"][0]["end"] = 10**6


def _unknown_document(graph: Graph) -> None:
    edge(graph, "partOf")["evidence"][0]["document"] = "document/none"


def _no_rule(graph: Graph) -> None:
    del edge(graph, "partOf")["evidence"][0]["rule"]


def _no_evidence(graph: Graph) -> None:
    edge(graph, "partOf")["evidence"] = []


def _dangling(graph: Graph) -> None:
    graph["nodes"].remove(node(graph, "Honor"))


def _type(graph: Graph) -> None:
    node(graph, "Honor")["type"] = "Prize"


def _predicate(graph: Graph) -> None:
    edge(graph, "partOf")["predicate"] = "inside"


def _range(graph: Graph) -> None:
    edge(graph, "receivedHonor")["target"] = node(graph, "Person")["id"]


def _list_of_numbers(graph: Graph) -> None:
    node(graph, "Honor")["aliases"] = [1]


def _status(graph: Graph) -> None:
    node(graph, "Project")["status"] = "done"


def _two_owners(graph: Graph) -> None:
    link = edge(graph, "figureOf")
    graph["links"].append({**link, "target": node(graph, "Honor")["id"]})


def _figure_without_value(graph: Graph) -> None:
    node(graph, "Figure")["value"] = "三"


def _nameless(graph: Graph) -> None:
    node(graph, "Honor")["name"] = " "


def _null_evidence(graph: Graph) -> None:
    edge(graph, "partOf")["evidence"] = None


def _evidence_of_words(graph: Graph) -> None:
    edge(graph, "partOf")["evidence"] = ["x", None, 5]


def _list_of_statuses(graph: Graph) -> None:
    node(graph, "Project")["status"] = ["x"]


def _edge_with_statuses(graph: Graph) -> None:
    edge(graph, "reportsStatus")["status"] = ["x"]


def _list_as_id(graph: Graph) -> None:
    graph["nodes"].append({**node(graph, "Honor"), "id": ["a", 1]})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_null_evidence, "has no evidence"),
        (_evidence_of_words, "names no rule"),
        (_list_of_statuses, "has the status ['x']; there are planned"),
        (_edge_with_statuses, "has the status ['x']"),
        (_list_as_id, "has an id that is not text"),
        (_shift, "evidence: "),
        (_past_the_end, "is not a range of document/"),
        (_unknown_document, "its evidence names document/none, which is no document here"),
        (_no_rule, "names no rule"),
        (_no_evidence, "has no evidence"),
        (_dangling, "an edge speaks of it, but there is no such node"),
        (_type, "has the type 'Prize'; there are AdministrativeArea"),
        (_predicate, "has the predicate 'inside'; there are undertakenBy"),
        (_range, "which receivedHonor may not"),
        (_list_of_numbers, "aliases is neither a scalar nor a list of strings"),
        (_status, "has the status 'done'; there are planned"),
        (_two_owners, "has 2 owners, not one"),
        (_figure_without_value, "a Figure needs value"),
        (_nameless, "has no name"),
    ],
)
def test_damage_is_found(folder: Path, change: Callable[[Graph], None], told: str) -> None:
    problems = damaged(folder, change)
    assert any(told in problem for problem in problems), problems


def test_a_changed_text_is_found(folder: Path) -> None:
    path = folder / "documents.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[0]["text"] = "前" + rows[0]["text"]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    kinds = {problem.kind for problem in check_folder(folder, shapes=False).problems}
    assert kinds == {"evidence", "files"}


def test_a_missing_text_is_found(folder: Path) -> None:
    path = folder / "documents.jsonl"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert "reference" in {problem.kind for problem in check_folder(folder, shapes=False).problems}


def test_an_unfinished_set_is_found(folder: Path) -> None:
    (folder / "build.json").unlink()
    told = [str(problem) for problem in check_folder(folder, shapes=False).problems]
    assert told == ["files: build.json: is missing: the build was not finished; build again"]


def test_a_lost_file_is_found(folder: Path) -> None:
    (folder / "merges.jsonl").unlink()
    (problem,) = check_folder(folder, shapes=False).problems
    assert problem.where == "merges.jsonl"


def test_rdf_that_breaks_a_shape_is_found(folder: Path) -> None:
    path = folder / "graph.ttl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "kg:indicator " not in line), encoding="utf-8")
    kinds = {problem.kind for problem in check_folder(folder).problems}
    assert kinds == {"files", "shape"}


@pytest.mark.parametrize("encoding", ["utf-8\0", "no-such", "ascii", 5])
def test_an_encoding_that_is_not_the_files_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, encoding: object
) -> None:
    monkeypatch.chdir(oracle.EXAMPLES.parent)
    problems = damaged(folder, lambda graph: node(graph, "Document").update(encoding=encoding))
    assert any("its text is not that of examples/" in problem for problem in problems), problems


@pytest.mark.parametrize("share", [0.3, 0.9999])
def test_rdf_that_was_cut_off_is_found(built: Path, folder: Path, share: float) -> None:
    path = folder / "graph.ttl"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    told = [str(problem) for problem in check_folder(folder).problems]
    assert len(told) == 2
    assert any(problem.startswith("files: graph.ttl: cannot be read as Turtle (") for problem in told)
    with pytest.raises(QueryError, match=r"graph\.ttl is not Turtle .*; build it again"):
        query(built, "what-changed", {"before": str(folder)})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("build.json", '{"files": [["a", "b"], [5, 6]]}'),
        ("build.json", '{"files": {"a\\u0000": "x"}}'),
        ("build.json", "[]"),
        ("documents.jsonl", '{"id": "document/x", "text": 5}'),
    ],
)
def test_files_of_another_form_are_found(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    assert check_folder(folder, shapes=False).problems


def test_a_quote_is_told_once(folder: Path) -> None:
    """Changed in one of graph.json and graph.ttl or in both, by a text that is another."""
    good = {path.name: path.read_bytes() for path in folder.iterdir()}
    graph = json.loads(good["graph.json"])
    quotes = (row["quote"] for link in graph["links"] for row in link["evidence"] if len(row.get("quote", "")) > 20)
    quote = next(quote for quote in quotes if quote.isprintable() and '"' not in quote)
    wrong = quote.translate({ord(quote[0]): "错"})
    for names in (["graph.json"], ["graph.ttl"], ["graph.json", "graph.ttl"]):
        for name, content in good.items():
            changed = content.decode().replace(quote, wrong) if name in names else content.decode()
            (folder / name).write_text(changed, encoding="utf-8")
        problems = [problem for problem in check_folder(folder).problems if problem.kind != "files"]
        kinds = {problem.kind for problem in problems}
        assert kinds == ({"evidence"} if "graph.json" in names else {"shape"}), problems


def test_a_folder_without_a_graph_is_told(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="give a folder that kg build made"):
        check_folder(tmp_path)

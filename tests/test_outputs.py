"""Two builds and one folder, with processes of their own; what is printed of an answer; graphs joined and divided."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import networkx as nx
import oracle
import pytest
import rdf_small
from articles import article

import kg
from kg.across import resolve
from kg.article import Measured
from kg.build import BuildError, run
from kg.cli import main
from kg.export.rdf import write_turtle
from kg.graph import GraphError, assemble
from kg.model import Quantity, Span
from kg.outputs import prepare, write

ROOT = oracle.EXAMPLES.parent
needs_locks = pytest.mark.skipif(sys.platform == "win32", reason="folders have no locks there")

# A build of the gold of one example that says when it is in the midst of writing, and goes on when it is told to.
WRITING = """
import sys
from pathlib import Path
from kg.build import run
from kg.export import tables
from kg.outputs import write
import oracle, kg.extract
kg.extract.extract = oracle.extract
made, write_edges = run([oracle.EXAMPLES / "baikeng-2023.txt"], workers=1), tables.write_edges
def waiting(*arguments):
    print("writing", flush=True)
    sys.stdin.read()
    write_edges(*arguments)
tables.write_edges = waiting
write(made, Path("out"))
"""

# A build that is still at its articles, with a worker that outlives it.
WORKING = """
import os, sys
from pathlib import Path
from kg.outputs import prepare
prepare(Path("out")).rmdir()
if not os.fork():
    print("working", flush=True)
sys.stdin.read()
"""


@contextmanager
def started(program: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program, once it has said a word."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() in (b"writing", b"working")
            yield process
        finally:
            process.kill()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An article, in a folder that is worked in; extraction by the gold."""
    monkeypatch.setattr("kg.extract.extract", oracle.extract)
    monkeypatch.chdir(tmp_path)
    return oracle.EXAMPLES / "sd-liubo-2024.txt"


@needs_locks
def test_a_second_build_is_refused_and_the_first_is_whole(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run([answers])
    with started(WRITING, tmp_path) as first:
        assert main(["build", str(answers), "-o", "out"]) == 2
        assert (
            capsys.readouterr().err == "kg: out: another build is writing there; wait for it or give another folder\n"
        )
        with pytest.raises(BuildError, match="another build"):
            write(made, Path("out"))
        first.communicate()
        assert first.returncode == 0
    assert kg.check("out") == []
    (document,) = [data["path"] for _, data in kg.load("out").nodes(data=True) if data["type"] == "Document"]
    assert document == "baikeng-2023.txt"
    write(made, Path("out"))
    assert kg.check("out") == []


@needs_locks
@pytest.mark.parametrize("program", [WRITING, WORKING])
def test_a_killed_build_neither_keeps_the_folder_nor_leaves_anything(
    answers: Path, tmp_path: Path, program: str
) -> None:
    with started(program, tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert main(["build", str(answers), "-o", "out", "-q"]) == 0
        assert not [path.name for path in Path("out").iterdir() if path.name.startswith(".")]
        assert kg.check("out") == []


def test_a_folder_is_free_again_when_a_build_has_failed(answers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run([answers])
    prepare(Path("out")).rmdir()  # of a build that then found no article
    with monkeypatch.context() as patch:
        patch.setattr("kg.export.tables.write_edges", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write(made, Path("out"))
    assert list(Path("out").iterdir()) == []
    assert write(made, Path("out"), ["json"])
    assert kg.load("out").number_of_nodes() == made.graph.number_of_nodes()


@pytest.mark.parametrize(
    ("form", "printed"),
    [("csv", b"name,code\r\n\xe7\x94\xb2,\r\n\xe4\xb9\x99,\r\n"), ("tsv", '?name\t?code\n"甲"\t\n"乙"\t\n'.encode())],
)
def test_empty_cells_at_the_end_are_printed(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str, printed: bytes
) -> None:
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    query = 'SELECT ?name ?code { VALUES (?name ?code) { ("甲" UNDEF) ("乙" UNDEF) } }'
    assert main(["query", query, "-g", str(tmp_path), "-f", form]) == 0
    assert capfdbinary.readouterr().out == printed


def test_json_ends_with_a_line_end(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    assert main(["query", "ASK {}", "-g", str(tmp_path), "-f", "json"]) == 0
    assert capfdbinary.readouterr().out.endswith(b"}\n")


# --- the base of IRIs, names of figures, graphs put together and taken apart


@pytest.mark.parametrize("base", ["https://example.org/kg", "urn:kg:", "https://a b/", "http://[/", "https://x/%zz/"])
def test_a_base_that_cannot_be_one_is_told_at_once(
    base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["build", "none", "-o", str(tmp_path / "out"), "--base", base])
    assert caught.value.code == 2
    assert "give an absolute http(s) IRI that ends with a slash" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_base_that_cannot_be_one_is_a_build_error(answers: Path) -> None:
    with pytest.raises(BuildError, match="ends with a slash"):
        kg.build(answers, "out", base="urn:kg:")
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("value", "unit", "name"),
    [
        (12345.67, "万元", "投资 12345.67万元"),
        (1234567.0, "人", "投资 1234567人"),
        (0.1, "亿元", "投资 0.1亿元"),
        (8000000.0, "元", "投资 8000000元"),
    ],
)
def test_the_name_of_a_figure_has_every_digit(value: float, unit: str, name: str) -> None:
    made = article(1, "370114016", [["Village", "徐毛村", {}]])
    quantity = Quantity(Span(0, 1), value, unit, value, unit, "投资", Span(0, 1))
    made.figures.append(
        Measured("figure/1", quantity, "Village:徐毛村", tuple(made.entities["Village:徐毛村"].evidence))
    )
    graph = assemble([made], resolve([made]))
    assert graph.nodes["figure/1"]["name"] == name


def two_names() -> list[nx.MultiDiGraph]:
    graphs = []
    for number, name in enumerate(("刁镇", "刁镇街道"), 1):
        made = article(number, "370114016", [["AdministrativeArea", name, {"code": "370114016", "aliases": ["本镇"]}]])
        graphs.append(assemble([made], resolve([made])))
    return graphs


def test_graphs_put_together_keep_every_name() -> None:
    whole = kg.merge_graphs(*two_names())
    area = whole.nodes["administrativearea/370114016"]
    assert (area["name"], area["aliases"]) == ("刁镇", ["刁镇街道", "本镇"])
    assert all("aliases" not in data for _, data in whole.nodes(data=True) if data["type"] == "Document")


def test_graphs_put_together_share_nothing_with_those_they_come_from() -> None:
    graphs = two_names()
    before = [nx.node_link_data(graph, edges="links") for graph in copy.deepcopy(graphs)]
    for made in (kg.merge_graphs(*graphs), kg.merge_graphs(graphs[0]), kg.subgraph(graphs[0], list(graphs[0]))):
        for _, data in made.nodes(data=True):
            for value in data.values():
                if isinstance(value, list):
                    value.append("x")
        for *_, data in made.edges(data=True):
            for row in data["evidence"]:
                row.clear()
            data["evidence"].clear()
    assert [nx.node_link_data(graph, edges="links") for graph in graphs] == before


def test_graphs_put_together_have_one_base() -> None:
    one, other = two_names()
    assert kg.merge_graphs(one, other).graph == {}
    one.graph["base"] = "https://kg.test/x/"
    with pytest.raises(
        GraphError, match=r"with the bases https://example\.org/kg/ and https://kg\.test/x/ make no one"
    ):
        kg.merge_graphs(one, other)
    other.graph["base"] = "https://kg.test/x/"
    assert kg.merge_graphs(nx.MultiDiGraph(), one, other).graph == {"base": "https://kg.test/x/"}


def test_a_part_of_a_graph_is_the_same_whatever_the_hash_seed() -> None:
    program = """
import kg, networkx as nx
graph = nx.MultiDiGraph()
graph.add_nodes_from("abcdefgh" + "".join(map(chr, range(0x4E00, 0x4F00))))
for name in "hgfedcb":
    graph.add_edge(name, "a", key="partOf", evidence=[])
    graph.add_edge("a", name, key="partOf", evidence=[])
part = kg.subgraph(graph, ["a"])
print(list(part), list(part.edges), [list(part.in_edges(node)) for node in part])
"""
    told = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(oracle.EXAMPLES.parent)}
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        told.add(done.stdout)
    assert len(told) == 1


def test_a_figure_that_is_no_exact_number_says_so_without_saying_which_way() -> None:
    """突破200亿元 is not 约200亿元."""
    made = article(1, "370114016", [["Village", "徐毛村", {}]])
    quantity = Quantity(Span(0, 1), 200.0, "亿元", 2e10, "元", "投资", Span(0, 1), about=True)
    evidence = tuple(made.entities["Village:徐毛村"].evidence)
    made.figures.append(Measured("figure/1", quantity, "Village:徐毛村", evidence))
    assert assemble([made], resolve([made])).nodes["figure/1"]["name"] == "投资 200亿元（概数）"

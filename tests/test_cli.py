"""The command line as a user meets it: exit statuses, what is printed where, no traceback, interruption."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import oracle
import pytest

import kg as kg_package
from kg.arguments import parser
from kg.cli import COMMANDS, main
from kg.query import question

ROOT = oracle.EXAMPLES.parent
# a shell that starts the tests in the background has them ignore Ctrl-C, and what they start would too
LISTENING = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"
KG = [sys.executable, "-c", f"{LISTENING}; from kg.cli import main; sys.exit(main())"]


def commands() -> dict[str, argparse.ArgumentParser]:
    (choices,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(choices.choices)


def kg(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*KG, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two examples' gold built by the command; what the reading commands read."""
    patch = pytest.MonkeyPatch()
    patch.setattr("kg.extract.extract", oracle.extract)
    patch.chdir(ROOT)
    out = tmp_path_factory.mktemp("out")
    paths = ["examples/sd-liubo-2024.txt", "examples/baikeng-2023.txt"]
    assert main(["build", *paths, "-o", str(out), "--no-html", "--quiet"]) == 0
    patch.undo()
    return out


# --- help and documentation


def test_every_command_has_a_function_help_and_an_example() -> None:
    assert sorted(commands()) == sorted(COMMANDS)
    for name, command in commands().items():
        assert command.description, name
        assert command.epilog, name
        assert command.epilog.startswith(f"example:\n  kg {name} "), name
        for action in command._actions:
            assert action.help, (name, action.dest)


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in commands() if not re.search(rf"\bkg {re.escape(name)}\b", readme)]
    assert not missing


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert f"usage: kg {name}" in capsys.readouterr().out


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    program = "import sys; from kg.arguments import parser; parser(); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(eval(done.stdout))
    assert not loaded & {
        "networkx",
        "rdflib",
        "pyoxigraph",
        "rjieba",
        "jieba",
        "pyvis",
        "pycrfsuite",
        "numpy",
        "onnxruntime",
    }


# --- build


def test_build_prints_a_summary_and_ends_with_0(tmp_path: Path) -> None:
    done = kg("build", str(oracle.EXAMPLES / "sd-liubo-2024.txt"), "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 article," in done.stdout
    assert "打开 out/graph.html" in done.stdout
    assert "graph.html" in done.stdout
    assert (tmp_path / "out" / "graph.html").stat().st_size > 10_000


def test_build_with_rejected_inputs_ends_with_1_and_names_each(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(oracle.EXAMPLES / "sd-liubo-2024.txt", tmp_path / "in")
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    (tmp_path / "in" / "总结.docx").write_bytes(b"PK")
    done = kg("build", "in", "none.txt", "-o", "out", "--no-html", "--json", cwd=tmp_path)
    assert done.returncode == 1
    told = done.stderr.splitlines()
    assert len(told) == 3
    assert "kg: in/总结.docx: was skipped" in done.stderr
    assert all(line.startswith("kg: ") for line in told)
    summary = json.loads(done.stdout)
    assert [row["path"] for row in summary["rejected"]] == ["in/empty.txt", "none.txt"]
    assert summary["out"] == "out"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build", "none", "-o", "out"], "no article could be read"),
        (["build", "in", "-o", "file/out"], "cannot be written to"),
        (["build", "in", "-o", "out", "--corrections", "none.toml"], "none.toml: cannot be read"),
        (["show", "柳泊镇", "-g", "none"], "give a folder that kg build made (-g DIR) 没有图，请用 -g"),
        (["path", "甲", "乙", "-g", "none"], "give a folder that kg build made"),
        (["check", "none"], "give a folder that kg build made"),
        (["query", "ASK {}", "-g", "none"], "build the graph first"),
        (["query", "ASK {}"], "请先构建，或用 -g"),
        (["query", "-g", "none"], "give a query"),
        (["score", "none.yaml", "none.json"], "none.yaml: cannot be read"),
        (["explain-merge", "甲", "乙", "-g", "none"], "give a folder that kg build made"),
        (["query", "--file", "none.rq"], "none.rq: "),
    ],
)
def test_what_cannot_run_ends_with_2_and_one_sentence(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(oracle.EXAMPLES / "sd-liubo-2024.txt", tmp_path / "in")
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.err.startswith("kg: ")
    assert "Traceback" not in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["build"],
        ["build", "in"],
        ["build", "in", "-o", "out", "--workers", "0"],
        ["build", "in", "-o", "out", "--formats", "pdf"],
        ["build", "in", "-o", "out", "--base", "my graph"],
        ["query", "x", "--param", "area"],
    ],
)
def test_misuse_ends_with_2_and_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: kg" in capsys.readouterr().err


def test_an_unforeseen_error_is_one_sentence(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(importlib.import_module("kg.show"), "card", fails)
    monkeypatch.delenv("KG_DEBUG", raising=False)
    assert main(["show", "柳泊镇", "-g", str(built)]) == 2
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "please report it" in told
    monkeypatch.setenv("KG_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["show", "柳泊镇", "-g", str(built)])


def test_remarks_name_what_a_user_should_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kg.extract.extract", oracle.extract)
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        Path(f"{name}.txt").write_text("今天天气很好。\n", encoding="utf-8")
    Path("gb.txt").write_bytes("柳泊镇召开会议,部署防汛工作,各村负责人参加。\n".encode("gb18030") * 5)
    Path("mine.toml").write_text('[[drop]]\ntype = "Honor"\nname = "冠军"\n', encoding="utf-8")
    arguments = ["build", "a.txt", "b.txt", "gb.txt", "-o", "out", "--no-html", "--corrections", "mine.toml"]
    assert main(arguments) == 0
    told = capsys.readouterr().err
    assert "a.txt: b.txt has the same content" in told
    assert re.search(r"gb\.txt: was read as gb18030", told, re.IGNORECASE)
    assert "a.txt: no entity was found in it" in told
    assert "a correction met nothing: drop Honor 冠军" in told


def test_ctrl_c_ends_with_130_and_leaves_the_outputs(tmp_path: Path) -> None:
    shutil.copytree(oracle.EXAMPLES, tmp_path / "in")
    for number in range(120):
        text = (oracle.EXAMPLES / "sd-liubo-2024.txt").read_text(encoding="utf-8")
        (tmp_path / "in" / f"{number}.txt").write_text(text + f"\n第{number}号\n", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "graph.json").write_text("old", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [*KG, "build", "in", "-o", "out", "--workers", "2"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 60
    while not children.read_text(encoding="utf-8").split():  # with workers it is in the midst of the articles
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted" in told
    assert b"Traceback" not in told
    assert [(path.name, path.read_text(encoding="utf-8")) for path in out.iterdir()] == [("graph.json", "old")]


def test_a_closed_pipe_is_no_error(built: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [*KG, "show", "柳泊镇", "-g", str(built), "--json"],
            env=environment,
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_output_is_utf8_in_any_locale(built: Path, tmp_path: Path) -> None:
    done = kg("show", "柳泊镇", "-g", str(built), cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.startswith("柳泊镇")


# --- reading commands


def out_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_show_prints_facts_with_their_sentences(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = out_of(capsys, "show", "年产3万吨碳酸二甲酯", "-g", str(built))
    assert "海润新材料" in text
    assert "3万吨" in text
    assert "examples/sd-liubo-2024.txt:" in text
    (card,) = json.loads(out_of(capsys, "show", "年产3万吨碳酸二甲酯", "-g", str(built), "--json"))
    assert card["status"] == "completed"
    assert {(row["predicate"], row["direction"]) for row in card["relations"]} >= {("partOf", "out")}
    assert all(row["evidence"] for row in card["relations"] + card["figures"] + card["mentions"])


def test_show_finds_aliases_and_suggests_near_names(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "柳泊镇" in out_of(capsys, "show", "柳洎镇", "-g", str(built))
    assert main(["show", "柳泊真", "-g", str(built)]) == 2
    assert "did you mean 柳泊镇" in capsys.readouterr().err


def test_show_lists_when_many_are_meant(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = out_of(capsys, "show", "项目", "-g", str(built))
    assert text.splitlines()[0].split() == ["name", "type", "edges", "id"]


def test_path_tells_how_two_are_tied(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = out_of(capsys, "path", "海润新材料", "11个项目", "-g", str(built))
    assert "年产3万吨碳酸二甲酯" in text
    ways = json.loads(out_of(capsys, "path", "海润新材料", "11个项目", "-g", str(built), "--json"))
    assert [step["predicate"] for step in ways[0]] == ["undertakenBy", "partOf"]
    assert [step["forward"] for step in ways[0]] == [False, True]
    assert all(step["evidence"] for step in ways[0])


def test_a_way_through_an_article_is_called_one(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "只是同见于一篇文章" in out_of(capsys, "path", "柳泊镇", "海润新材料", "-g", str(built))
    assert "文章" not in out_of(capsys, "path", "瑞丰化学", "海润新材料", "-g", str(built))


def test_the_ways_of_the_readme_are_relations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In what the program makes of examples/ itself, as ``make demo`` does."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ((start, end),) = set(re.findall(r"kg path (\S+) (\S+) -g exports", readme))
    made = kg_package.build(oracle.EXAMPLES / "sd-liubo-2024.txt", tmp_path)
    ways = kg_package.path(made, start, end)
    assert ways
    assert all(step["predicate"] != "mentions" for step in ways[0])


def test_path_between_strangers_says_so(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "柳泊镇", "柳洎镇", "-g", str(built)]) == 2
    assert "are one entity" in capsys.readouterr().err


def test_query_in_sparql_and_by_name(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = "SELECT (COUNT(?p) AS ?n) { ?p a kg:ProjectGroup }"
    assert out_of(capsys, "query", count, "-g", str(built), "--format", "csv").split()[0] == "n"
    bindings = json.loads(out_of(capsys, "query", count, "-g", str(built), "--json"))["results"]["bindings"]
    assert int(bindings[0]["n"]["value"]) > 1
    names = [row["name"] for row in json.loads(out_of(capsys, "query", "--list", "--json"))]
    assert names
    for name in names:
        given = {"-p area=…": "area=柳泊镇", "-p name=…": "name=瑞丰化学"}
        asked = [given[word] for parameter in question(name).parameters if (word := parameter.usage) in given]
        if name != "what-changed":
            assert out_of(capsys, "query", name, "-g", str(built), *(word for one in asked for word in ("-p", one)))
    assert out_of(capsys, "query", "ASK { ?x a kg:Honor }", "-g", str(built)).strip() == "yes"


def test_a_question_about_a_name_asks_for_it(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = out_of(capsys, "query", "--list")
    assert re.search(r"^projects-in-area +-p area=… ", listed, re.MULTILINE)
    assert re.search(r"^indicator-over-time +-p area=… \[-p indicator=收入\] ", listed, re.MULTILINE)
    for given in ([], ["-p", "area="]):
        assert main(["query", "projects-in-area", "-g", str(built), *given]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        (example,) = re.findall(r"-p area=(\S+)", told.err)
        assert "请给出区域名称" in told.err
    assert "Administrative area" in out_of(capsys, "show", example, "-g", str(built)), "an example of this graph"


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml"])
def test_no_rows_are_told_with_near_names(form: str, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*arguments: str) -> str:
        assert main(["query", *arguments, "-g", str(built), "-f", form]) == 0
        return capsys.readouterr().err

    assert told("projects-in-area", "-p", "area=柳泊镇") == ""
    misspelt = told("projects-in-area", "-p", "area=柳泊真")
    assert "没有结果 (no rows)" in misspelt
    assert "did you mean 柳泊镇" in misspelt
    assert "图中有“柳泊镇”" in told("status-history", "-p", "name=柳泊镇")
    assert "did you mean 山东省" in told("areas-below", "-p", "area=山东"), "an area that is only written at others"
    assert told("fastest-growth", "-p", "least=100000").count("\n") == 1
    assert told("ASK { ?x kg:nope ?y }") == ""
    assert told("SELECT ?x { ?x kg:nope ?y }") == "kg: 没有结果 (no rows)\n"
    assert told("SELECT ?x { ?x a kg:Project } LIMIT 1") == ""


def test_query_from_a_file(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.rq").write_text("\ufeffSELECT ?n { ?p a kg:Honor ; rdfs:label ?n }", encoding="utf-8")
    assert len(out_of(capsys, "query", "--file", str(tmp_path / "q.rq"), "-g", str(built)).splitlines()) > 3


def test_serve_answers_until_interrupted(built: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [*KG, "serve", str(built), "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[0]
        question = urllib.parse.urlencode({"query": "ASK { ?x a kg:Honor }"})
        asked = urllib.request.Request(f"{address}sparql?{question}", headers={"Accept": "application/json"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert json.load(answer)["boolean"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()


def test_serve_of_no_build_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", str(tmp_path), "--port", "0"]) == 2
    assert "build the graph first" in capsys.readouterr().err


def test_check_ends_with_0_or_1(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no problems" in out_of(capsys, "check", str(built))
    assert json.loads(out_of(capsys, "check", str(built), "--json"))["problems"] == []
    broken = Path(shutil.copytree(built, tmp_path / "broken"))
    (broken / "build.json").unlink()
    assert main(["check", str(broken)]) == 1
    assert "build.json" in capsys.readouterr().out


def test_score_of_graphs_and_of_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kg.extract.extract", oracle.extract)
    gold = str(oracle.EXAMPLES / "sd-liubo-2024.yaml")
    built_first = json.loads(out_of(capsys, "score", gold, "--json"))
    assert main(["build", gold.replace(".yaml", ".txt"), "-o", str(tmp_path), "--no-html", "-q"]) == 0
    capsys.readouterr()
    assert json.loads(out_of(capsys, "score", gold, str(tmp_path), "--json")) == built_first
    assert built_first["entities"]["R"] == 1
    assert "entities by type" in out_of(capsys, "score", gold, str(tmp_path / "graph.json"), "--verbose")


def test_explain_merge_tells_why(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = json.loads(out_of(capsys, "explain-merge", "柳泊镇", "柳洎镇", "-g", str(built), "--json"))
    assert one["one"]
    assert any("prints 柳洎镇 for it" in reason for reason in one["reasons"])
    two = json.loads(out_of(capsys, "explain-merge", "柳泊镇", "海润新材料", "-g", str(built), "--json"))
    assert not two["one"]
    assert "only things of one type are merged" in two["reasons"][0]
    assert "two nodes" in out_of(capsys, "explain-merge", "盛邦硅业", "海润新材料", "-g", str(built))


def test_version_tells_what_a_graph_depends_on(capsys: pytest.CaptureFixture[str]) -> None:
    versions = json.loads(out_of(capsys, "version", "--json"))
    assert set(versions) == {"kg", "schema", "ontology", "models"}
    assert out_of(capsys, "version").startswith(f"kg {versions['kg']}")

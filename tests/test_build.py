"""A build: the same bytes whatever the order, the workers or the hash seed; bad inputs; outputs as a set."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import oracle
import pytest

import kg
from kg.build import Article, BuildError, Rejected, extract_all, portable, read, run
from kg.outputs import FORMATS, USUAL, write

FILES = sorted(file for name in USUAL for file, _, _ in FORMATS[name])
ALSO = ["build.json", "documents.jsonl", "merges.jsonl"]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extraction by the gold of examples/, so that these tests are of the pipeline alone."""
    monkeypatch.setattr("kg.extract.extract", oracle.extract)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def three(folder: Path) -> list[Path]:
    names = ("sd-liubo-2024", "baikeng-2023", "sc-rongxi-2022")
    folder.mkdir(exist_ok=True)
    return [Path(shutil.copy(oracle.EXAMPLES / f"{name}.txt", folder)) for name in names]


def test_writes_all_files_as_a_set(tmp_path: Path) -> None:
    out = tmp_path / "out"
    graph = kg.build(three(tmp_path / "in"), out)
    assert sorted(path.name for path in out.iterdir()) == sorted([*FILES, *ALSO])
    assert kg.load(out).number_of_edges() == graph.number_of_edges() > 100
    manifest = json.loads((out / "build.json").read_text(encoding="utf-8"))
    assert sorted(manifest["files"]) == sorted({*FILES, *ALSO} - {"build.json"})
    assert manifest["counts"]["documents"] == 3
    assert manifest["counts"]["nodes"] == graph.number_of_nodes()
    assert sum(manifest["counts"]["by_type"].values()) == graph.number_of_nodes()
    assert manifest["versions"]["models"]
    assert kg.check(out) == []


def test_order_workers_and_hash_seed_change_no_byte(tmp_path: Path) -> None:
    """Real extraction, in processes of their own: nothing carries over."""
    files = [path.relative_to(tmp_path) for path in three(tmp_path / "in")]
    runs = [
        (["in"], "1", "0"),
        ([str(path) for path in reversed(files)], "2", "1"),
        ([str(files[1]), "in"], "3", "31337"),
    ]
    made = []
    for number, (paths, workers, seed) in enumerate(runs):
        command = ["build", *paths, "-o", f"out{number}", "--workers", workers, "--quiet"]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(oracle.EXAMPLES.parent)}
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from kg.cli import main; sys.exit(main())", *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made.append(contents(tmp_path / f"out{number}"))
    assert made[0].keys() == made[1].keys() == made[2].keys()
    for name in made[0]:
        assert made[0][name] == made[1][name] == made[2][name], name


def test_no_output_holds_a_clock_or_this_machines_paths(answers: None, tmp_path: Path) -> None:
    three(tmp_path / "in")
    kg.build([tmp_path / "in"], tmp_path / "out")
    for name, content in contents(tmp_path / "out").items():
        assert str(tmp_path).encode() not in content, name
        assert str(oracle.EXAMPLES.parent).encode() not in content, name
    documents = json.loads((tmp_path / "out" / "build.json").read_text(encoding="utf-8"))["documents"]
    assert sorted(row["path"] for row in documents)[0] == "in/baikeng-2023.txt"


def test_documents_hold_the_source_text(answers: None, tmp_path: Path) -> None:
    (path,) = three(tmp_path / "in")[:1]
    kg.build(path, tmp_path / "out")
    (line,) = (tmp_path / "out" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == path.read_bytes().decode("utf-8")


def test_bad_inputs_cost_no_other(answers: None, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    three(folder)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "gb.txt").write_bytes("柳泊镇召开会议,部署防汛工作,各村负责人参加。\n".encode("gb18030") * 5)
    made = run([folder, tmp_path / "none.txt"])
    assert {rejected.path for rejected in made.rejected} == {"in/empty.txt", "in/binary.txt", "none.txt"}
    assert all(rejected.problem and rejected.advice for rejected in made.rejected)
    assert len(made.documents) == 4
    encodings = {row["path"]: row["encoding"] for row in made.manifest["documents"]}
    assert encodings["in/gb.txt"].lower() == "gb18030"


def test_an_article_without_an_entity_stays_and_is_counted(answers: None, tmp_path: Path) -> None:
    path = tmp_path / "nothing.txt"
    path.write_text("今天天气很好。\n", encoding="utf-8")
    made = run([path])
    assert [data["type"] for _, data in made.graph.nodes(data=True)] == ["Document"]
    assert made.manifest["without_entities"] == ["nothing.txt"]
    assert made.manifest["counts"]["without_entities"] == 1


def test_files_of_one_content_are_one_article(answers: None, tmp_path: Path) -> None:
    first, *_ = three(tmp_path / "in")
    shutil.copy(first, tmp_path / "in" / "copy.txt")
    made = run([tmp_path / "in"])
    assert len(made.documents) == 3
    assert made.manifest["counts"]["duplicates"] == 1
    row = next(row for row in made.manifest["documents"] if "also" in row)
    assert (row["path"], row["also"]) == ("in/copy.txt", ["in/sd-liubo-2024.txt"])


def test_no_readable_article_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"no article could be read(?s:.*)none\.txt"):
        run([tmp_path / "none.txt"])


def test_an_error_inside_costs_one_article(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(document: Any) -> Any:
        if "sd-liubo" in document.source.path:
            raise ValueError("bad luck")
        return oracle.extract(document)

    monkeypatch.setattr("kg.extract.extract", fails)
    made = run(three(tmp_path / "in"))
    assert len(made.documents) == 2
    (rejected,) = made.rejected
    assert "bad luck" in rejected.problem
    assert rejected.path.endswith("sd-liubo-2024.txt")


def test_workers_hand_back_in_order(tmp_path: Path) -> None:
    three(tmp_path / "in")
    sources = read([tmp_path / "in"]).sources
    told: list[int] = []
    done = list(extract_all(sources, workers=2, tell=told.append))
    assert [item.id for item in done if isinstance(item, Article)] == [source.id for source in sources]
    assert not any(isinstance(item, Rejected) for item in done)
    assert sum(told) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers do not see what a test has replaced")
def test_a_worker_that_dies_ends_the_build_with_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    here = os.getpid()
    monkeypatch.setattr("kg.extract.extract", lambda made: oracle.extract(made) if os.getpid() == here else os._exit(9))
    with pytest.raises(BuildError, match="a worker process died"):
        run(three(tmp_path / "in"), workers=2)


def test_a_failed_write_leaves_the_old_outputs(answers: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = tmp_path / "out"
    files = three(tmp_path / "in")
    kg.build(files[0], out)
    before = contents(out)
    made = run(files)

    def fails(*_: object) -> None:
        raise RuntimeError("interrupted here")

    monkeypatch.setattr("kg.export.tables.write_edges", fails)
    with pytest.raises(RuntimeError):
        write(made, out)
    assert contents(out) == before


def test_fewer_formats_leave_no_stale_file(answers: None, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = run(three(tmp_path / "in"))
    write(made, out, ["json", "csv"])
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    write(made, out, ["json"])
    assert sorted(path.name for path in out.iterdir()) == sorted(["graph.json", "notes.txt", *ALSO])


def test_an_unwritable_folder_is_told(answers: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BuildError, match=r"file.out: cannot be written to .*; give another folder"):
        kg.build(three(tmp_path / "in")[0], tmp_path / "file" / "out")


def test_base_reaches_the_rdf(answers: None, tmp_path: Path) -> None:
    kg.build(three(tmp_path / "in")[0], tmp_path / "out", base="https://kg.test/x/")
    assert "https://kg.test/x/" in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")
    assert kg.load(tmp_path / "out").graph["base"] == "https://kg.test/x/"


@pytest.mark.parametrize(
    ("path", "given", "shown"),
    [
        ("a/b.txt", ["a"], "a/b.txt"),
        ("/x/a/b.txt", ["/x/a"], "a/b.txt"),
        ("/x/a/b.txt", ["/x/a/b.txt"], "b.txt"),
        ("/x/a/c/b.txt", ["/x", "/x/a"], "a/c/b.txt"),
        ("/y/b.txt", ["/x"], "b.txt"),
    ],
)
def test_paths_in_outputs_are_of_no_machine(path: str, given: list[str], shown: str) -> None:
    assert portable(path, given) == shown


def test_public_names_are_functions_whatever_was_imported() -> None:
    """kg.build is a function though kg/build.py is a module."""
    import kg.check  # noqa: PLC0415
    import kg.query  # noqa: PLC0415
    import kg.show  # noqa: PLC0415

    functions = ["build", "check", "load", "merge_graphs", "path", "query", "show", "subgraph"]
    assert sorted(kg.__all__) == sorted(["BuildError", "CorrectionsError", "GraphError", "QueryError", *functions])
    assert all(callable(getattr(kg, name)) for name in kg.__all__)


def test_errors_can_be_caught_by_the_names_that_the_help_tells(tmp_path: Path) -> None:
    """As a script would: from a fresh interpreter, with nothing but ``import kg``."""
    program = """
import kg
for error, call in (
    (kg.BuildError, lambda: kg.build(["none.txt"])),
    (kg.GraphError, lambda: kg.load("none")),
    (kg.QueryError, lambda: kg.query("none", "members")),
    (kg.CorrectionsError, lambda: kg.build(["none.txt"], corrections="none.toml")),
):
    try:
        call()
    except error as caught:
        print(error.__name__, f"kg.{error.__name__}" in kg.__doc__, len(str(caught)) > 20)
"""
    environment = {**os.environ, "PYTHONPATH": str(oracle.EXAMPLES.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    names = ("BuildError", "GraphError", "QueryError", "CorrectionsError")
    assert done.stdout.splitlines() == [f"{name} True True" for name in names]
    with pytest.raises(AttributeError, match="no attribute 'NoError'"):
        kg.NoError  # noqa: B018


def test_the_package_tells_type_checkers_that_it_is_typed() -> None:
    root = oracle.EXAMPLES.parent
    assert (root / "kg" / "py.typed").is_file()
    assert 'packages = ["kg"]' in (root / "pyproject.toml").read_text(encoding="utf-8"), "the wheel takes all of kg"


def test_documents_that_were_skipped_are_in_the_manifest(answers: None, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    three(folder)
    (folder / "工作总结.docx").write_bytes(b"PK")
    made = run([folder, folder])
    assert made.rejected == []
    assert made.manifest["counts"]["skipped"] == 1
    (row,) = made.manifest["skipped"]
    assert (row["path"], "另存为纯文本" in row["advice"]) == ("in/工作总结.docx", True)
    (folder / "a").mkdir()
    (folder / "a" / "b.pdf").write_bytes(b"%PDF")
    with pytest.raises(BuildError, match=r"holds no \.txt or \.md file(?s:.*)b\.pdf: was skipped"):
        run([folder / "a"])


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023，鹤桥街道的十二张日历\n\n{}12月，街道投资3亿元、4亿元、5亿元。12月，客流638万人次。\n", "2023"),
        ("山海同行\n\n2025年上半年，园区投资24.7亿元。{}5月，产值3亿元，税收2亿元。\n", "2025-01/2025-06"),
        ("日历\n\n{}柳泊镇2024年5月产值3亿元。\n", "2024-05"),
    ],
)
def test_an_article_speaks_of_the_period_that_it_says_it_reports_on(text: str, period: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text.format("柳泊镇召开会议。"), encoding="utf-8")
    graph = kg.build(path)
    (found,) = [data.get("period") for _, data in graph.nodes(data=True) if data["type"] == "Document"]
    assert found == period


def test_a_base_that_cannot_be_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(kg.BuildError, match="cannot be the base of IRIs"):
        kg.build([tmp_path / "there is no such file.txt"], base="urn:kg:")

"""Files to raw text: encodings, bad inputs, folders."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Source
from kg.sources import File, SkippedError, SourceError, discover, read, read_all

ARTICLE = "柳泊镇全年完成固定资产投资14.7亿元，\r\n同比增长9.6%。在建的项目有11个。\r\n"


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gbk", "gb18030"), ("gb18030", "gb18030")],
)
def test_text_is_the_decoded_bytes_line_ends_and_all(tmp_path: Path, encoding: str, named: str) -> None:
    data = ARTICLE.encode(encoding)
    source = read(written(tmp_path, "a.txt", data), "given/a.txt")
    assert source == Source("given/a.txt", ARTICLE, hashlib.sha256(data).hexdigest(), named)
    assert source.text == data.decode(source.encoding)


def test_utf_16_of_either_byte_order(tmp_path: Path) -> None:
    for codec, bom in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        assert read(written(tmp_path, "a.txt", bom + ARTICLE.encode(codec))).text == ARTICLE


KOREAN = "안녕하세요 지방 정부의 보도 자료를 읽고 그래프를 만드는 프로그램 우리는 경제 성장과 복지를 위하여 노력하고"
JAPANESE = "これは日本語の文章です。地方の報道から知識グラフを作成するプログラムを紹介します。"
TRADITIONAL = "這是一篇繁體中文的新聞報導,全鎮完成工業總產值二十億元,同比增長百分之十,項目建設有序推進"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "only white space"),
        ("　　\n".encode(), "only white space"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is a Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "is a Word"),
        (b"\x7fELF\x02\x00", "binary file (NUL at byte 5)"),
        (b"{\\rtf1\\ansi " + ARTICLE.encode(), "is RTF"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<p>" + ARTICLE.encode(), "is HTML"),
        (b'<html lang="zh">' + ARTICLE.encode("gb18030"), "is HTML"),
        (b"\x01\x02\x03\x04\x05\x06\x07 text", "binary file (7 control characters)"),
        (b"caf\xe9 du coin, na\xefve", "neither UTF-8 nor Chinese"),
        (ARTICLE.encode("utf-8")[:-30] + b"\xff\xff\xff", "neither UTF-8 nor Chinese"),
        (b"\xff\xfe\x00\xd8\x00", "as utf-16"),
        (KOREAN.encode("euc-kr"), "neither UTF-8 nor Chinese"),
        (JAPANESE.encode("shift-jis"), "neither UTF-8 nor Chinese"),
        (JAPANESE.encode("euc-jp"), "neither UTF-8 nor Chinese"),
        (TRADITIONAL.encode("big5"), "neither UTF-8 nor Chinese"),
    ],
)
def test_what_is_no_chinese_text_is_refused_with_advice(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(written(tmp_path, "bad.txt", data), "in/bad.txt")
    error = caught.value
    assert problem in error.problem
    assert re.search("[\u4e00-\u9fff]", error.advice), "told in Chinese too"
    assert str(error).startswith("in/bad.txt: ")
    assert "\n" not in str(error)


@pytest.mark.parametrize("text", [ARTICLE, TRADITIONAL, "柳泊镇", "GDP增长9.6%"])
def test_chinese_in_gb18030_is_read(tmp_path: Path, text: str) -> None:
    assert read(written(tmp_path, "a.txt", text.encode("gb18030"))).text == text


def test_every_example_survives_a_detour_over_gb18030(examples: Path, tmp_path: Path) -> None:
    for path in examples.glob("*.txt"):
        source = read(path)
        assert source.encoding == "utf-8"
        assert read(written(tmp_path, path.name, source.text.encode("gb18030"))).text == source.text


@given(st.binary(max_size=300))
def test_any_bytes_give_their_exact_text_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), "any.txt", data)
    (result,) = read_all([path])
    if isinstance(result, Source):
        assert result.text == data.decode(result.encoding)
        assert result.text.strip()


def names(folder: Path, *given: str | Path) -> list[str]:
    found = discover(given or [folder])
    return [item.path.relative_to(folder).as_posix() for item in found if isinstance(item, File)]


def test_folders_are_read_recursively_in_sorted_order(tmp_path: Path) -> None:
    for name in (
        "b/2.TXT",
        "b/10.md",
        "a.txt",
        "B.txt",
        ".hidden.txt",
        ".git/x.txt",
        "a.yaml",
        "README.md",
        "b/readme.txt",
    ):
        written(tmp_path, name, ARTICLE.encode())
    assert names(tmp_path) == ["B.txt", "a.txt", "b/10.md", "b/2.TXT"]


def test_a_readme_named_outright_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "README.md", ARTICLE.encode())
    assert names(tmp_path, path) == ["README.md"]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", ARTICLE.encode())
    (tmp_path / "link.txt").symlink_to(path)
    assert names(tmp_path, path, tmp_path, tmp_path / ".." / tmp_path.name) == ["a.txt"]


def test_paths_are_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "文章/b.txt", ARTICLE.encode())
    monkeypatch.chdir(tmp_path)
    for path, shown in (("文章", "文章/b.txt"), (".", "文章/b.txt"), ("./文章/b.txt", "文章/b.txt"), (tmp_path, None)):
        (source,) = read_all([path])
        assert isinstance(source, Source)
        assert source.path == (shown or (tmp_path / "文章/b.txt").as_posix())


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes on POSIX only")
def test_a_file_name_that_is_not_utf_8_can_still_be_written(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/\xc1\xf8.txt"
    try:
        Path(os.fsdecode(raw)).write_bytes(ARTICLE.encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (source,) = read_all([tmp_path])
    assert isinstance(source, Source)
    assert source.path.encode("utf-8").decode().endswith("\ufffd\ufffd.txt")


def test_a_bad_input_costs_no_other(tmp_path: Path) -> None:
    good = written(tmp_path, "in/good.txt", ARTICLE.encode())
    written(tmp_path, "in/bad.txt", b"\0")
    (tmp_path / "none").mkdir()
    given = [tmp_path / "in", tmp_path / "missing.txt", tmp_path / "none", written(tmp_path, "a.pdf", b"%PDF")]
    problems = {Path(item.path).name: item.problem for item in read_all(given) if isinstance(item, SourceError)}
    assert [item.path for item in read_all(given) if isinstance(item, Source)] == [good.as_posix()]
    assert problems == {
        "bad.txt": "is a binary file (NUL at byte 0)",
        "missing.txt": "does not exist",
        "none": "holds no .txt or .md file",
        "a.pdf": "has the suffix .pdf, which is not read",
    }


def test_documents_in_a_folder_are_named_and_skipped(tmp_path: Path) -> None:
    given = (
        "a.txt",
        "out/build.json",
        "out/graph.html",
        "工作总结.docx",
        "b/旧稿.WPS",
        "c.pdf",
        ".hidden.pdf",
        "~$工作总结.docx",
        "README.html",
        "d.jpg",
    )
    for name in given:
        written(tmp_path, name, ARTICLE.encode())
    told = [item for item in read_all([tmp_path]) if isinstance(item, SkippedError)]
    assert [Path(item.path).name for item in told] == ["旧稿.WPS", "c.pdf", "工作总结.docx"]
    assert all("另存为纯文本" in str(item) and "save it as plain text" in str(item) for item in told)
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for given_path in (tmp_path, tmp_path / "pipe.txt"):
        (error,) = read_all([given_path])
        assert isinstance(error, SourceError)
        assert error.problem == "is not a regular file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_file_without_read_permission(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", ARTICLE.encode())
    path.chmod(0)
    with pytest.raises(SourceError, match="must not be read by this user"):
        read(path)


def test_a_file_that_vanished_after_discovery(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read(tmp_path / "gone.txt")


def test_errors_cross_process_borders() -> None:
    error = SourceError("a.txt", "is empty", "leave it out")
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == "a.txt: is empty; leave it out"

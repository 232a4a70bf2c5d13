"""What the terminal shows: aligned Chinese, wrapped lines, progress that stays out of machine output."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import console

ROWS: list[list[object]] = [
    ["柳泊镇", "AdministrativeArea", 186.3],
    ["柳泊镇中心卫生院新院区项目", "Project", 5200],
    ["ＡＢ ltd", "Organization", None],
]


class Terminal(io.StringIO):
    """Something that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def colour_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_columns_are_aligned_by_cells() -> None:
    lines = console.table(ROWS, ["名称", "type", "value"]).splitlines()
    starts = {
        console.display_width(line[: line.index(word)])
        for line, word in zip(
            [lines[0], *lines[2:]], ["type", "AdministrativeArea", "Project", "Organization"], strict=True
        )
    }
    assert len(starts) == 1
    assert {console.display_width(line) for line in lines[2:4]} == {console.display_width(lines[0])}
    assert lines[2].endswith("186.3")
    assert lines[3].endswith(" 5200")


@pytest.mark.parametrize("width", [20, 33, 34, 60])
def test_a_table_is_cut_to_the_terminal_and_says_so(width: int) -> None:
    text = console.table(ROWS, ["名称", "type", "value"], width)
    assert max(map(console.display_width, text.splitlines())) <= width
    assert len(text.splitlines()) == len(ROWS) + 2
    assert ("…" in text) == (width < 50)


def test_a_table_without_width_is_whole() -> None:
    name = "名" * 500
    assert name in console.table([[name, "x"]], ["a", "b"])


def test_a_table_without_rows_has_its_headers() -> None:
    assert console.table([], ["名称", "类型"]).splitlines()[0].split() == ["名称", "类型"]


def test_text_of_articles_cannot_steer_the_terminal() -> None:
    hostile = "[red]x[/red] \x1b[31my\x07\nz :smile:"
    for text in (console.table([[hostile]], ["a"]), *console.wrap(hostile, 80)):
        assert "[red]x[/red]" in text
        assert ":smile:" in text
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)


def test_chinese_wraps_anywhere_but_before_closing_and_after_opening_marks() -> None:
    text = "柳泊镇推行“红哨到岗”机制，组建22支“蓝海”志愿服务队，化解纠纷373件，办结率98.6%。"
    for width in range(8, 60):
        lines = console.wrap(text, width)
        assert "".join(lines) == text
        assert max(map(console.display_width, lines)) <= width
        assert not any(line[0] in "，。”%" or line[-1] == "“" for line in lines)
        assert any("98.6%" in line for line in lines)


def test_indent_counts_and_long_words_are_split() -> None:
    lines = console.wrap("a" * 25, 12, indent="  ")
    assert lines == ["  " + "a" * 10, "  " + "a" * 10, "  " + "a" * 5]


@given(st.text(max_size=200), st.integers(4, 40))
def test_wrapping_keeps_every_visible_character(text: str, width: int) -> None:
    lines = console.wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(console.plain(text).split())
    assert all(console.display_width(line) <= width for line in lines)


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in console.styled("kg:", "red", Terminal())
    assert console.styled("kg:", "red", io.StringIO()) == "kg:"
    monkeypatch.setenv("NO_COLOR", "1")
    assert console.styled("kg:", "red", Terminal()) == "kg:"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert console.styled("kg:", "red", Terminal()) == "kg:"


def test_complaints_are_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    console.complain("a.txt: is empty;\nleave it out")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "kg: a.txt: is empty; leave it out\n"


def test_no_progress_where_nobody_watches() -> None:
    stream = io.StringIO()
    with console.reporter("build", 3, stream=stream) as done:
        done(3)
    assert stream.getvalue() == ""


def test_progress_that_was_asked_for_is_plain_lines() -> None:
    stream = io.StringIO()
    with console.reporter("build", 3, show=True, stream=stream) as done:
        for _ in range(3):
            done(1)
    assert re.fullmatch(r"build: 3 of 3 files, [\d,.]+/s\n", stream.getvalue())


def test_progress_lines_tell_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 2.0, 10.0, 10.0, 100.0])
    monkeypatch.setattr("kg.console.time", SimpleNamespace(monotonic=lambda: next(clock)))
    stream = io.StringIO()
    with console.reporter("build", 100, show=True, stream=stream) as done:
        done(5)
        done(5)
    assert stream.getvalue().splitlines()[0] == "build: 10 of 100 files, 1.0/s, 1:30 left"


def read_to_the_end(terminal: int) -> str:
    """What was written to a pseudo-terminal whose other end is closed; Linux then ends with EIO, others with b""."""
    parts = []
    with contextlib.suppress(OSError):
        while part := os.read(terminal, 65536):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode("utf-8")


def test_a_terminal_gets_a_bar_that_vanishes() -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as stream, console.reporter("读取", 2, stream=stream) as done:
        done(2)
    shown = read_to_the_end(master)
    assert "读取" in shown
    assert "2/2" in shown
    assert shown.rstrip().endswith("\x1b[2K")


def test_a_job_that_fails_under_the_bar_tells_its_own_error() -> None:
    with pytest.raises(ValueError, match="disk full"), console.reporter("x", 2, show=True, stream=io.StringIO()):
        raise ValueError("disk full")


def test_output_is_utf_8_in_any_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    console.utf8_streams()
    print("柳泊镇\ud800", flush=True)
    assert raw.getvalue().decode("utf-8").strip() == "柳泊镇\\ud800"

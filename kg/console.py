"""What the command line shows to people: tables, wrapped text, progress, colours. A thin layer over rich.

Widths count terminal cells, two for a Chinese character. Text from articles is shown as it is: no markup is
read in it, and control characters, which could steer the terminal, become spaces.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TextIO

from rich import box, progress
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NUMBER = re.compile(r"[-+]?[\d,.]+%?")
# A run of letters and digits stays whole; any other character is a place to break behind, save that what
# closes a phrase does not begin a line and what opens one does not end it.
_PIECES = re.compile(r"[“‘「『《〈（【(\[]*(?:[!-~]+|[^\s])[，。、；：？！…”’」』》〉）】,.;:?!)\]%％]*|\s+")
_UNCUT = 100_000
_LINE_EVERY = 5.0


def utf8_streams() -> None:
    """Makes standard output and error write UTF-8 whatever the locale; what cannot be written is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def colours(stream: TextIO) -> bool:
    """Whether ``stream`` takes colours: a terminal, and neither NO_COLOR nor TERM=dumb is set (no-color.org)."""
    console = _console(stream)
    return stream.isatty() and console.color_system is not None and not console.no_color


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def terminal_width(stream: TextIO) -> int | None:
    """Cells in a line of the terminal behind ``stream``; None where it is none and lines need not be cut."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def display_width(text: str) -> int:
    """Cells that ``text`` takes on a terminal."""
    return cell_len(text)


def plain(value: object) -> str:
    """``value`` on one line, harmless to a terminal; nothing for None."""
    return "" if value is None else _CONTROLS.sub(" ", str(value)).strip()


def styled(text: str, style: str, stream: TextIO) -> str:
    """``text`` in a rich style (``bold``, ``red``, ``dim``) where ``stream`` takes colours, else as it is."""
    if not colours(stream):
        return text
    with io.StringIO() as out:
        Console(file=out, force_terminal=True, width=_UNCUT, highlight=False).print(Text(text, style), end="")
        return out.getvalue()


def table(rows: Iterable[Sequence[object]], headers: Sequence[str], width: int | None = None) -> str:
    """Aligned columns under their headers, numbers to the right, one row a line.

    Where the table is wider than ``width`` cells, the widest columns are cut and end in ``…``.
    """
    cells = [[plain(value) for value in row] for row in rows]
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, header in enumerate(headers):
        values = [row[column] for row in cells if row[column]]
        numbers = bool(values) and all(_NUMBER.fullmatch(value) for value in values)
        grid.add_column(Text(header), justify="right" if numbers else "left", no_wrap=True, overflow="ellipsis")
    for row in cells:
        grid.add_row(*map(Text, row))
    with io.StringIO() as out:
        Console(file=out, width=width or _UNCUT, color_system=None, highlight=False).print(grid)
        return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """``text`` in lines of at most ``width`` cells, each begun with ``indent``.

    Chinese breaks between any two characters, but no line begins with closing or ends with opening punctuation;
    a word or number stays whole unless it is wider than a line.
    """
    room = max(2, width - cell_len(indent))
    lines, line = [], ""
    for piece in (part for whole in _PIECES.findall(plain(text)) for part in _fitting(whole, room)):
        if cell_len(line) + cell_len(piece) <= room or (piece.isspace() and not line):
            line += piece
        else:
            lines.append(line)
            line = piece
    lines.append(line)
    return [indent + line.strip() for line in lines if line.strip()]


def _fitting(piece: str, room: int) -> Iterator[str]:
    while cell_len(piece) > room:
        end = room
        while cell_len(piece[:end]) > room:
            end -= 1
        yield piece[:end]
        piece = piece[end:]
    yield piece


def complain(message: object) -> None:
    """One line to standard error, ``kg: message``."""
    print(styled("kg:", "bold red", sys.stderr), plain(message), file=sys.stderr)


@contextmanager
def reporter(
    label: str, total: int | None = None, unit: str = "files", show: bool | None = None, stream: TextIO | None = None
) -> Iterator[Callable[[int], None]]:
    """Tells how far a long job is, on standard error; the block calls what it is given with how many are done.

    ``show`` None means only on a terminal. There it is a bar that vanishes at the end; elsewhere, if asked for,
    a line every five seconds and one at the end. Each tells the count, the rate and the time left.
    """
    stream = stream or sys.stderr
    if not (stream.isatty() if show is None else show):
        yield _ignore
    elif stream.isatty():
        with _bar(stream, unit) as bar:
            task = bar.add_task(label, total=total)
            yield partial(bar.advance, task)
    else:
        lines = _Lines(label, total, unit, stream)
        yield lines.advance
        lines.tell()


def _ignore(done: int = 1) -> None:
    pass


def _bar(stream: TextIO, unit: str) -> progress.Progress:
    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn(unit),
        _Rate(),
        progress.TimeRemainingColumn(),
        console=_console(stream),
        transient=True,
    )


class _Rate(progress.ProgressColumn):
    def render(self, task: progress.Task) -> Text:
        return Text(f"{task.speed:,.1f}/s" if task.speed else "")


class _Lines:
    """Progress where nothing can be drawn over: plain lines, not too many."""

    def __init__(self, label: str, total: int | None, unit: str, stream: TextIO) -> None:
        self._label, self._total, self._unit, self._stream = label, total, unit, stream
        self._done = 0
        self._begun = self._told = time.monotonic()

    def advance(self, done: int = 1) -> None:
        self._done += done
        if time.monotonic() - self._told >= _LINE_EVERY:
            self.tell()

    def tell(self) -> None:
        self._told = time.monotonic()
        rate = self._done / max(self._told - self._begun, 1e-9)
        line = f"{self._label}: {self._done}{f' of {self._total}' if self._total else ''} {self._unit}, {rate:,.1f}/s"
        if self._total and 0 < self._done < self._total:
            minutes, seconds = divmod(round((self._total - self._done) / rate), 60)
            line += f", {minutes}:{seconds:02d} left"
        print(line, file=self._stream, flush=True)

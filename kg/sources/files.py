"""Finding the files to read, and reading them one by one: a bad one never costs the others."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.model import Source
from kg.sources.encoding import UndecodableError, decode
from kg.sources.errors import SAVE_AS_TEXT, SkippedError, SourceError

SUFFIXES = (".txt", ".md")
#: what articles also come in, and what must be turned into plain text first; told of in folders too
DOCUMENTS = (".doc", ".docx", ".htm", ".html", ".odt", ".pdf", ".rtf", ".wps")
_KINDS = " or ".join(SUFFIXES)
_CHECK_PATH = ("does not exist", "check the path 没有这个文件或文件夹，请检查路径")


class File(NamedTuple):
    """A file to read, and its path as messages and the graph show it."""

    path: Path
    shown: str


def discover(paths: Iterable[str | Path]) -> list[File | SourceError]:
    """The files behind ``paths`` in the order given; those of a folder recursively, sorted by path.

    In folders, hidden files and files named README (they are about the folder) are passed over, and so are
    other suffixes than :data:`SUFFIXES`; of those, :data:`DOCUMENTS` are told as :class:`SkippedError`. A file named
    twice is read once. What cannot be read stands in the list as a :class:`SourceError`.
    """
    found: list[File | SourceError] = []
    seen: set[str] = set()
    for item in (item for path in paths for item in _behind(Path(path))):
        if isinstance(item, File):
            real = os.path.realpath(item.path)
            if real in seen:
                continue
            seen.add(real)
        found.append(item)
    return found


def _behind(path: Path) -> Iterator[File | SourceError]:
    shown = _shown(path)
    try:
        if path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            yield SourceError(shown, *_CHECK_PATH)
        elif not path.is_file():
            yield SourceError(shown, "is not a regular file", f"give a {_KINDS} file or a folder of them")
        elif path.suffix.lower() not in SUFFIXES:
            kind = f"has the suffix {path.suffix}" if path.suffix else "has no suffix"
            yield SourceError(shown, f"{kind}, which is not read", SAVE_AS_TEXT)
        else:
            yield File(path, shown)
    except OSError as error:
        yield _os_error(shown, error)


def _folder(folder: Path) -> Iterator[File | SourceError]:
    errors: list[SourceError] = []

    def unlisted(error: OSError) -> None:
        errors.append(_os_error(_shown(Path(error.filename or folder)), error))

    files: list[Path] = []
    skipped: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=unlisted):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(here, name) for name in names if not _is_about_the_folder(name)]
        files += [path for path in paths if path.suffix.lower() in SUFFIXES]
        if "build.json" not in names:  # a build's own graph.html is no article
            skipped += [path for path in paths if path.suffix.lower() in DOCUMENTS]
    if not files and not errors:
        advice = "give a folder of articles 文件夹里没有 .txt 或 .md 文件"
        yield SourceError(_shown(folder), f"holds no {_KINDS} file", advice)
    for path in sorted(files, key=_shown):
        yield from _behind(path)
    for path in sorted(skipped, key=_shown):
        yield SkippedError(_shown(path), f"was skipped, for {path.suffix} is not read", SAVE_AS_TEXT)
    yield from sorted(errors, key=str)


def _is_about_the_folder(name: str) -> bool:
    return name.startswith((".", "~$")) or Path(name).stem.lower() == "readme"  # ~$: Word's note of an open file


def _shown(path: Path) -> str:
    """With forward slashes; bytes of a file name that are not UTF-8 become U+FFFD, so that it can be written."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _os_error(shown: str, error: OSError) -> SourceError:
    if isinstance(error, PermissionError):
        return SourceError(shown, "must not be read by this user", "change its permissions 没有读取权限")
    if isinstance(error, FileNotFoundError):
        return SourceError(shown, *_CHECK_PATH)
    return SourceError(shown, f"cannot be read ({error.strerror or error})", "check the disk or leave it out")


def read(path: Path, shown: str = "") -> Source:
    """The file's text as it stands, line ends included. ``shown`` is the path to record (default: ``path``).

    Raises :class:`SourceError` for a file that cannot be opened, is empty, binary or in an unknown encoding.
    """
    shown = shown or _shown(path)
    try:
        data = path.read_bytes()
        text, encoding = decode(data)
    except OSError as error:
        raise _os_error(shown, error) from error
    except UndecodableError as error:
        raise SourceError(shown, *error.args) from None
    return Source(shown, text, hashlib.sha256(data).hexdigest(), encoding)


def read_all(paths: Iterable[str | Path]) -> Iterator[Source | SourceError]:
    """Every file behind ``paths`` (see :func:`discover`): its source, or why there is none."""
    for item in discover(paths):
        if isinstance(item, SourceError):
            yield item
            continue
        try:
            yield read(item.path, item.shown)
        except SourceError as error:
            yield error

"""Bytes to text: UTF-8, UTF-16 with a byte order mark, or GB18030 where the outcome reads as Chinese.

Nothing is replaced or dropped: the text is exactly ``data.decode(encoding)``, or there is none.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from kg.sources.errors import SAVE_AS_TEXT

_SAVE_AS_UTF8 = "save it as UTF-8 and try again 编码无法识别，请另存为 UTF-8"
_NO_TEXT = "put the article's text into it or leave it out 文件里没有文字"
#: how files begin that are no text though they are named so
_WORD = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_MARKED_UP = re.compile(r"\ufeff?\s*(?:(?P<rtf>\{\\rtf)|<(?:!doctype\s+html|html)\b)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

# The most frequent characters of Chinese prose. Korean and Japanese text mis-read as GB18030 also gives
# well-formed and even common characters, but hardly these.
_FREQUENT = frozenset(
    "的一是在了和有年人中大为上个国以要用生到地于出分成会发工产业全村镇区市县项目民农建设投资元万亿新"
)
_CHARACTERS_SHARE = 0.6
_FREQUENT_SHARE = 0.05
_ENOUGH_TO_COUNT = 20
_CONTROL_SHARE = 0.01
_LINE_CONTROLS = "\t\n\v\f\r\x1a"  # \x1a: end-of-file mark of old DOS editors


class UndecodableError(ValueError):
    """No text: ``args`` are the problem and what to do about it."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding, such that ``text == data.decode(encoding)``.

    Raises :class:`UndecodableError` for an empty or binary file, for a Word, RTF or HTML file in disguise and for bytes
    in another encoding.
    """
    if not data.strip():
        raise UndecodableError("is empty", _NO_TEXT)
    if data.startswith(_WORD):
        raise UndecodableError("is a Word or other binary file, whatever its name", SAVE_AS_TEXT)
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None and b"\0" in data:
        raise UndecodableError(f"is a binary file (NUL at byte {data.index(0)})", SAVE_AS_TEXT)
    for candidate in [encoding] if encoding else ["utf-8", "gb18030"]:
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        if candidate == "gb18030" and not reads_as_chinese(text):
            break
        _refuse_no_prose(text)
        return text, candidate
    tried = f"cannot be read as {encoding}" if encoding else "is neither UTF-8 nor Chinese in GB18030"
    raise UndecodableError(tried, _SAVE_AS_UTF8)


def _refuse_no_prose(text: str) -> None:
    if not text.strip():
        raise UndecodableError("holds only white space", _NO_TEXT)
    if found := _MARKED_UP.match(text):
        raise UndecodableError(f"is {'RTF' if found['rtf'] else 'HTML'}, whatever its name", SAVE_AS_TEXT)
    controls = sum(unicodedata.category(char) == "Cc" and char not in _LINE_CONTROLS for char in text)
    if controls > _CONTROL_SHARE * len(text):
        raise UndecodableError(f"is a binary file ({controls} control characters)", SAVE_AS_TEXT)


@cache
def _common_characters() -> frozenset[str]:
    """Punctuation, letters (rows 1-3) and the 3,755 first-level characters (rows 16-55) of GB/T 2312-1980."""
    rows = [*range(0xA1, 0xA4), *range(0xB0, 0xD8)]
    cells = bytes(byte for row in rows for cell in range(0xA1, 0xFF) for byte in (row, cell))
    return frozenset(cells.decode("gb2312", "ignore"))


def reads_as_chinese(text: str) -> bool:
    """Whether text that GB18030 gave is plausible: common characters, and the most frequent ones among them."""
    foreign = [char for char in text if ord(char) > 0x7F]
    if not foreign or sum(char in _common_characters() for char in foreign) < _CHARACTERS_SHARE * len(foreign):
        return False
    frequent = sum(char in _FREQUENT for char in foreign)
    return len(foreign) < _ENOUGH_TO_COUNT or frequent >= _FREQUENT_SHARE * len(foreign)

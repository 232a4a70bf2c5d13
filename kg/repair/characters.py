"""Repairs inside a paragraph: widths, spaces, quotation marks, misread words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kg.repair.mapped import Mapped
from kg.schema import words

# NFKC would also turn 。 or ㎡ into something else or longer: only the full-width ASCII block and the odd spaces.
_WIDTHS = {
    c: unicodedata.normalize("NFKC", chr(c))
    for c in range(0xFF01, 0xFF5F)
    if chr(c).isalnum() or chr(c) in "％＋－／．～＆＠＃＊"
}
_WIDTHS |= {0x2022: "·", 0x30FB: "·", 0x2027: "·"}  # the dots of names
_PUNCTUATION = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_HALF = re.compile(r"[,;:?!()]")
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_CHINESE = re.compile(rf"[{_CJK}“”‘’《》、。，；：？！（）%\"]")
_SPACE = re.compile(r"\s+")
_WORDY = re.compile(r"[A-Za-z]")


def unify_widths(text: Mapped) -> Mapped:
    """Full-width letters and digits become half-width; half-width punctuation among Chinese becomes full-width."""
    flat = text.text.translate(_WIDTHS)
    if not _HALF.search(flat):
        return text.rewrite(flat)
    chars = list(flat)
    for match in _HALF.finditer(flat):
        i = match.start()
        before = flat[i - 1] if i else ""
        after = flat[i + 1] if i + 1 < len(flat) else ""
        if before.isascii() and before.isdigit() and after.isascii() and after.isdigit() and match.group() in ",:":
            continue  # 1,205件; 8:30
        if _CHINESE.match(before or "\n") or _CHINESE.match(after or "\n") or match.group() in ",;()":
            chars[i] = _PUNCTUATION[match.group()]
    return text.rewrite("".join(chars))


def drop_spaces(text: Mapped, keep_words: bool) -> Mapped:
    """Spaces that OCR or typesetting put between characters go; between Latin words one stays.

    ``keep_words`` (headings, bylines) keeps one space between groups of two or more characters: it is a boundary there.
    """
    if not _SPACE.search(text.text):
        return text
    keep: list[int] = []
    chars = text.text
    last = 0
    for match in _SPACE.finditer(chars):
        keep.extend(range(last, match.start()))
        last = match.end()
        before, after = chars[match.start() - 1 : match.start()], chars[match.end() : match.end() + 1]
        if not before or not after:
            continue
        if (_WORDY.match(before) and _WORDY.match(after)) or (
            keep_words and not (_single(chars, match.start(), -1) and _single(chars, match.end(), 1))
        ):
            keep.append(match.start())
    keep.extend(range(last, len(chars)))
    kept = text.keep(keep)
    return kept.rewrite(_SPACE.sub(" ", kept.text)) if _SPACE.search(kept.text) else kept


def _single(chars: str, at: int, step: int) -> bool:
    """Is the group of characters that ends or begins at ``at`` a lone character (letter-spaced text)?"""
    if step < 0:
        return at < 2 or chars[at - 2].isspace()
    return at + 1 >= len(chars) or chars[at + 1].isspace()


def pair_quotes(text: Mapped) -> Mapped:
    """Straight double quotes become “ and ”, by turns, with lost ones allowed for.

    A quote that would open before closing punctuation is a stray closer; one that would close after more than 40
    characters, right after an opening mark, or behind a comma with as many left as pair up, is a new opener whose
    forerunner lost its partner.
    """
    if '"' not in text.text and "＂" not in text.text:
        return text
    chars = list(text.text)
    opened = -1
    for i, char in enumerate(chars):
        if char in "“”":
            opened = i if char == "“" else -1
        if char not in '"＂':
            continue
        after = chars[i + 1] if i + 1 < len(chars) else "\n"
        before = chars[i - 1] if i else "\n"
        if opened < 0:
            stray = after in "，。、；：）！？\n" and before not in "，。、；：（\n"
            chars[i] = "”" if stray else "“"
            opened = -1 if stray else i
        elif _opens_anew(text.text, chars, opened, i):
            chars[i] = "“"
            opened = i
        else:
            chars[i] = "”"
            opened = -1
    return text.rewrite("".join(chars))


def _opens_anew(text: str, chars: list[str], opened: int, i: int) -> bool:
    before, after = chars[i - 1], chars[i + 1] if i + 1 < len(chars) else "\n"
    if i - opened > 40 or before in "（：" or (before in "，。、；：" and after not in "，。、；：）！？\n"):
        return True
    inside = "".join(chars[opened + 1 : i])
    ahead = re.split(r"[。\n]", text[i:])[0].count('"')
    return ahead % 2 == 0 and bool(re.search(r"[，。；]", inside)) and after not in "，。、；：）！？\n"


@cache
def _misread() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row[0]), row[1]) for row in words("ocr.tsv"))


def mend_misread(text: Mapped) -> Mapped:
    """Misread words that later frames rest on (人选 → 入选), each with the context that proves it: lexicon/ocr.tsv."""
    chars = text.text
    for pattern, right in _misread():
        for match in pattern.finditer(chars):
            start, end = match.span(1)
            if end - start == len(right):
                chars = chars[:start] + right + chars[end:]
    return text.rewrite(chars)

"""Repairs of a whole file's text before its lines are looked at: characters that only look like the usual ones."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kg.model import Edit
from kg.repair.lines import pattern
from kg.repair.mapped import Mapped, differences
from kg.schema import words

# Blocks of Unicode whose characters are the usual ones over again: radicals (as PDF files have them), compatibility
# ideographs, marks for vertical lines, half-width 。 and 、.
_BLOCKS = (range(0x2E80, 0x2FD6), range(0xF900, 0xFB00), range(0xFE10, 0xFE1A), range(0xFE30, 0xFE50), (0xFF61, 0xFF64))
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")


@cache
def _usual() -> dict[int, int]:
    """Look-alike → usual character, both as code points."""
    table = {row[0]: row[1] for row in words("glyphs.tsv")}
    for block in _BLOCKS:
        for code in block:
            usual = unicodedata.normalize("NFKC", chr(code))
            if usual != chr(code) and len(usual) == 1 and not usual.isspace():
                table.setdefault(chr(code), usual)
    return {ord(odd): ord(usual) for odd, usual in table.items()}


def readable(source: str) -> tuple[Mapped, list[Edit]]:
    """The text without invisible characters, in the usual characters, full stops misread as . or o mended."""
    text = Mapped.of(source)
    unseen = {i for match in _INVISIBLE.finditer(source) for i in range(*match.span())}
    if unseen:
        text = text.keep(i for i in range(len(source)) if i not in unseen)
    edits: list[Edit] = []
    for rule in (unify_glyphs, mend_stops):
        after = rule(text)
        edits.extend(differences(text, after, source, rule.__name__))
        text = after
    return text, edits


def unify_glyphs(text: Mapped) -> Mapped:
    """Radicals and compatibility forms (⼯ for 工, ︐ for ，) become the usual characters."""
    return text.rewrite(text.text.translate(_usual()))


def mend_stops(text: Mapped) -> Mapped:
    """Full stops printed or read as . or o (已完成. 已完成o) become 。; dots between words only where most do."""
    mended, ends = pattern("misread_stop").subn("。", text.text)
    dotted, dots = pattern("dotted_stop").subn("。", mended)
    return text.rewrite(dotted if ends + dots > text.text.count("。") else mended)

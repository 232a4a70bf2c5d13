"""Pinyin for finding names by keyboard: syllables with a space between, other characters as they are."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin  # MIT; its phrase table reads 重庆 as chong qing

_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=200_000)
def pinyin(name: str) -> str:
    """``章丘区`` → ``zhang qiu qu``; the empty string for a name without Chinese characters."""
    if not _HAN.search(name):
        return ""
    return " ".join(part.strip().lower() for part in lazy_pinyin(name) if part.strip())

"""Trigger words by class, from ontology/lexicon/triggers.tsv."""

from __future__ import annotations

import re
from functools import cache

from kg.schema import alternatives, words


@cache
def _classes() -> dict[str, str]:
    return {word: row[0] for row in words("triggers.tsv") for word in row[1].split()}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(alternatives(map(re.escape, _classes())))


def trigger_classes(text: str) -> list[str]:
    """The classes of the trigger words in ``text``, in order."""
    classes = _classes()
    return [classes[word] for word in _pattern().findall(text)]

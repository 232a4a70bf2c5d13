"""Campaigns of study that the whole country knows by their names: 党史学习教育."""

from __future__ import annotations

import re
from functools import cache

from kg.model import Document, Mention, Span
from kg.schema import alternatives, toml, words

RULE = "campaigns:listed"
_SCORE = 0.9


@cache
def _pattern() -> re.Pattern[str]:
    """All forms of the country-wide programmes that end as such campaigns do."""
    rows = words("national-programs.tsv")
    forms = [form for name, *also in rows for form in (name, *(also[0].split("|") if also else ()))]
    kind = re.compile(toml("patterns/names.toml")["campaigns"]["name"])
    return re.compile(alternatives(re.escape(form) for form in forms if kind.fullmatch(form)))


def find(document: Document) -> list[Mention]:
    """Each place where one of them stands."""
    found = _pattern().finditer(document.text)
    return [Mention(Span(*match.span()), match.group(), "Program", RULE, _SCORE) for match in found]

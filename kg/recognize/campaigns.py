"""Campaigns of study that the whole country knows by their names: 党史学习教育."""

from __future__ import annotations

import re
from functools import cache

from kg.model import Document, Mention, Span
from kg.schema import alternatives, printed_forms, toml

RULE = "campaigns:listed"
_SCORE = 0.9


@cache
def _pattern() -> re.Pattern[str]:
    """All forms of the country-wide programmes that end as such campaigns do."""
    kind = re.compile(toml("patterns/names.toml")["campaigns"]["name"])
    forms = (form for _, known in printed_forms("national-programs.tsv") for form in known if kind.fullmatch(form))
    return re.compile(alternatives(map(re.escape, forms)))


def find(document: Document) -> list[Mention]:
    """Each place where one of them stands."""
    found = _pattern().finditer(document.text)
    return [Mention(Span(*match.span()), match.group(), "Program", RULE, _SCORE) for match in found]

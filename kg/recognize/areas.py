"""Administrative areas and villages that the gazetteer knows, decided by the article's own area."""

from __future__ import annotations

from collections.abc import Sequence

from kg.gazetteer import gazetteer
from kg.gazetteer.store import Division
from kg.model import Document, Mention, Span

_SCORES = {"full": 0.9, "short": 0.85, "former": 0.75, "stem": 0.7, "variant": 0.8, "village": 0.9, "bare": 0.35}


def home(document: Document) -> tuple[Division, ...]:
    """The most specific known areas that the article is about, best first."""
    return gazetteer().home(document.text)


def find(document: Document, context: Sequence[Division]) -> list[Mention]:
    """Mentions with codes where one division is meant; contradicted names are left out."""
    mentions: list[Mention] = []
    for found in gazetteer().find(document.text, [division.code for division in context]):
        if not found.candidates:
            continue
        division = found.division or (found.candidates[0] if len(found.candidates) == 1 else None)
        level = (division or found.candidates[0]).level
        kind = "Village" if level == "village" else "AdministrativeArea"
        name = division.label if division is not None and found.form in ("former", "variant") else ""
        code = division.code if division is not None else ""
        mentions.append(
            Mention(
                Span(found.start, found.end), found.name, kind, f"gazetteer:{found.form}", _SCORES[found.form], name=name, code=code
            )
        )
    return mentions

"""A name once found in an article is found everywhere in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.model import Document, Entity, Mention, Span

_SHORT = frozenset({"Organization", "Village", "AdministrativeArea", "Person", "Place"})  # may have two characters
_AGAIN_SCORE = 0.6  # at most: a repetition is no surer than the find that it repeats
_SHORT_SCORE = 0.6  # two-character names are repeated only when they were found surely


def extend(document: Document, entities: Sequence[Entity]) -> None:
    """Adds the mentions that recognition missed; longer forms first, never over another mention."""
    taken = bytearray(len(document.text) + 1)
    for entity in entities:
        for mention in entity.mentions:
            for i in range(*mention.span):
                taken[i] = 1
    forms = sorted(
        {
            (mention.text, entity.key)
            for entity in entities
            if entity.type != "ProjectGroup"
            for mention in entity.mentions
            if _repeats(mention)
        },
        key=lambda form: (-len(form[0]), form),
    )
    by_key = {entity.key: entity for entity in entities}
    for text, key in forms:
        entity = by_key[key]
        at = document.text.find(text)
        while at >= 0:
            end = at + len(text)
            if not any(taken[at:end]):
                first = entity.mentions[0]
                score = min(first.score, _AGAIN_SCORE)
                entity.mentions.append(replace(first, span=Span(at, end), text=text, rule="again", score=score))
                taken[at:end] = b"\x01" * (end - at)
            at = document.text.find(text, end)
    for entity in entities:
        entity.mentions.sort(key=lambda mention: mention.span)


def _repeats(mention: Mention) -> bool:
    length = len(mention.text)
    if mention.rule == "again" or length < (2 if mention.type in _SHORT else 4):
        return False
    return length > 2 or mention.score >= _SHORT_SCORE

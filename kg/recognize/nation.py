"""The whole country, where a number is told of it (全国, 我国): such figures are not those of the place reported on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import Document, Entity, Mention, Quantity, Span
from kg.schema import toml

RULE = "nation"
TYPE = "AdministrativeArea"


def spoken_of(words: str) -> str:
    """The pattern of words for an area, but where something is only compared with it, ranked in it or from there."""
    compared = toml("patterns/home.toml")["compared"]
    return f"(?<!{compared['before']}){words}(?!{compared['behind']})"


def find(document: Document, entities: Sequence[Entity], quantities: Sequence[Quantity]) -> Entity | None:
    """The country as an entity, if the text names it outside of other names and before a number of the sentence.

    Where the text names no area more than once, all its numbers may be the country's, wherever it is named.
    Where it is an entity already (中国), it is that one, which is given the mentions.
    """
    rules = toml("patterns/home.toml")["nation"]
    taken = [mention.span for entity in entities for mention in entity.mentions]
    found = [Span(*match.span()) for match in re.finditer(spoken_of(rules["words"]), document.text)]
    free = [span for span in found if not any(span.overlaps(other) for other in taken)]
    reach = [Span(span.end, document.sentence_at(span.start).end) for span in free]
    areas = [entity for entity in entities if entity.type == TYPE and entity.name not in rules["known"]]
    alone = bool(free) and all(len(entity.mentions) == 1 for entity in areas)
    told = [q.span.start for q in quantities if q.indicator]
    if not alone and not any(start <= at < end for start, end in reach for at in told):
        return None
    mentions = [Mention(span, document.text[span.start : span.end], TYPE, RULE) for span in free]
    known = next((entity for entity in entities if entity.type == TYPE and entity.name in rules["known"]), None)
    if known:
        known.mentions = sorted([*known.mentions, *mentions], key=lambda mention: mention.span)
        known.aliases = sorted({*known.aliases, *(mention.text for mention in mentions)})
        return known
    name: str = rules["name"]
    aliases = sorted({mention.text for mention in mentions} - {name})
    return Entity(f"{TYPE}/{name}", TYPE, name, aliases=aliases, mentions=mentions)

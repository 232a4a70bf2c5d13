"""An article to all that it says: a pure function of the document and the ontology."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg import figures, recognize
from kg.gazetteer import gazetteer
from kg.gazetteer.store import Division
from kg.model import Document, Entity, Extraction, Span
from kg.recognize import again, areas, language, nation, tagger
from kg.relate import defaults, owners, reader, relations, review, statuses
from kg.relate.context import Context
from kg.repair import misread_names
from kg.resolve import resolve
from kg.schema import schema

_QUOTED = re.compile("“[^“”]*”")


def extract(document: Document) -> Extraction:
    """Entities, facts and figures of one article, each with its evidence."""
    with language.one_thread():
        return _extract(document)


def _extract(document: Document) -> Extraction:
    chain = home_chain(document)
    document = misread_names.mend(document, chain)
    seen = tagger.read(document)
    entities, merges = resolve(document, recognize.find(document, chain, seen))
    again.extend(document, entities)
    quantities = figures.find(document.text, document.sentences, document.date, document.title)
    country = nation.find(document, entities, quantities)
    context = Context(document, entities)
    wide = _with(country, context)
    reading = reader.Reading(reader.model(), wide, seen.batches, quantities)
    table = relations.likely(context, reading, seen.supports(entities))
    sure = review.names(table)
    facts = relations.find(table, sure)
    entities = [entity for entity, chance in zip(entities, sure, strict=True) if review.stands(chance)]
    context = context.over(entities)
    wide = _with(country, context)
    facts += defaults.find(context, facts)
    status, reports = statuses.find(context, reading)
    reports += statuses.from_groups(context, facts, status)
    for index, label in status.items():
        entities[index].status = label
    named = list(_numbered_names(entities, document.text))
    told = [q for q in quantities if q.indicator]  # a number of nothing says nothing
    measured = [q for q in told if not any(span.overlaps(q.span) for span in named)]
    _set_scopes(entities, context, chain)
    owned = owners.find(wide, reading, measured)
    if country and country not in entities and any(figure.owner == country.key for figure in owned):
        entities.append(country)
    return Extraction(document, entities, facts + reports, owned, merges)


def _with(country: Entity | None, context: Context) -> Context:
    """The article with the country among its entities, where it may own figures."""
    return context.over([*context.entities, country]) if country and country not in context.entities else context


def _numbered_names(entities: Sequence[Entity], text: str) -> Iterator[Span]:
    """Where numbers are part of a name: groups (23个项目), what quotation marks enclose (“1名领导+1个专班”机制)."""
    for entity in entities:
        for span in (mention.span for mention in entity.mentions):
            if entity.type == "ProjectGroup":
                yield span
            elif entity.type in ("Program", "Honor") and (quoted := _QUOTED.search(text, *span)):
                yield Span(*quoted.span())


def home_chain(document: Document) -> list[Division]:
    """The article's own known area and its parents, nearest first; empty where the gazetteer knows none."""
    found = areas.home(document)
    if not found:
        return []
    return [found[0], *gazetteer().parents(found[0].code)]


def _set_scopes(entities: list[Entity], context: Context, chain: list[Division]) -> None:
    """Names that are unique only within an area take the article's own one: its code, else its name."""
    own = context.entities[context.home_area] if context.home_area >= 0 else None
    scope = (own.code or own.name) if own is not None else (chain[0].code if chain else "")
    for entity in entities:
        kind = schema().types[entity.type].scope
        if kind == "area" or (kind == "code" and not entity.code):
            entity.scope = "" if entity is own else scope

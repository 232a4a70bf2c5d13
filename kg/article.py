"""What one article says, small enough to keep thousands in memory: an Extraction without its text and character map.

:func:`harvest` is the last step that sees one article alone; it runs in the worker, and only what it returns travels.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from kg.model import Entity, Evidence, Extraction, Fact, Figure, Mention, Merge, Quantity
from kg.schema import schema


@cache
def area_scoped() -> frozenset[str]:
    """Types whose names are unique within an area."""
    return frozenset(name for name, kind in schema().types.items() if kind.scope == "area")


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with the places that name it: the model's Entity, its mentions turned into evidence."""

    key: str
    type: str
    name: str
    subtype: str = ""
    aliases: tuple[str, ...] = ()
    code: str = ""
    count: int | None = None
    scope: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with a name of its own (a hash of where it stands and what it says) and its owner's key."""

    id: str
    quantity: Quantity
    owner: str
    evidence: tuple[Evidence, ...]


@dataclass(slots=True)
class Article:
    """One article's facts. ``home`` is the area it reports on (a code or a name), ``period`` the time it speaks of."""

    id: str
    path: str
    sha256: str
    encoding: str = "utf-8"
    title: str = ""
    author: str = ""
    date: str = ""
    home: str = ""
    period: str = ""
    entities: dict[str, Named] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    figures: list[Measured] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    loose: int = 0  # facts and figures that name an entity which the article does not have

    @property
    def time(self) -> str:
        """When it speaks: its date, else the end of the period that it speaks of; sortable, '' unknown."""
        return self.date or _period_end(self.period)


def harvest(extraction: Extraction) -> Article:
    """The article of an extraction: evidence in place of spans, figures named, dangling references counted."""
    document, kinds = extraction.document, area_scoped() - {"Village"}
    entities = {entity.key: _named(entity, extraction) for entity in extraction.entities}
    known = {*entities, document.id}
    facts = [fact for fact in extraction.facts if _ends(fact, document.id) <= known]
    figures = [_measured(figure, extraction) for figure in extraction.figures if figure.owner in entities]
    return Article(
        id=document.id,
        path=document.source.path,
        sha256=document.source.sha256,
        encoding=document.source.encoding,
        title=document.title,
        author=document.author,
        date=document.date,
        home=_commonest(entity.scope for entity in extraction.entities if entity.type in kinds),
        period=_period(extraction),
        entities=entities,
        facts=[_from_document(fact, document.id) for fact in facts],
        figures=sorted(figures, key=lambda figure: figure.id),
        merges=[merge if merge.document else replace(merge, document=document.id) for merge in extraction.merges],
        loose=len(extraction.facts) - len(facts) + len(extraction.figures) - len(figures),
    )


def _ends(fact: Fact, document: str) -> set[str]:
    return {fact.object} if fact.predicate == "reportsStatus" else {fact.subject, fact.object}


def _from_document(fact: Fact, document: str) -> Fact:
    """A status is the article's report on a project, whatever the extraction put as its subject."""
    return replace(fact, subject=document) if fact.predicate == "reportsStatus" else fact


def _named(entity: Entity, extraction: Extraction) -> Named:
    found = {extraction.document.evidence(mention.span, mention.rule) for mention in entity.mentions}
    texts = [mention.text for mention in entity.mentions]
    return Named(
        key=entity.key,
        type=entity.type,
        name=entity.name,
        subtype=entity.subtype,
        aliases=tuple(sorted({*entity.aliases, *texts} - {entity.name, ""})),
        code=entity.code or _code(entity.mentions, entity.name),
        count=entity.count,
        scope=entity.scope,
        evidence=tuple(sorted(found, key=place)),
    )


def _code(mentions: list[Mention], name: str) -> str:
    return next((mention.code for mention in mentions if mention.code and name in (mention.name, mention.text)), "")


def _measured(figure: Figure, extraction: Extraction) -> Measured:
    quantity = figure.quantity
    document = extraction.document
    at = document.evidence(quantity.span, quantity.rule)
    evidence = figure.evidence or (at,)
    content = [document.id, at.start, at.end, quantity.value, quantity.unit, quantity.indicator, figure.owner]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8")).hexdigest()
    return Measured(f"figure/{digest[:16]}", quantity, figure.owner, evidence)


def place(evidence: Evidence) -> tuple[str, int, int, str]:
    """The order in which evidence stands on an edge."""
    return (evidence.document, evidence.start, evidence.end, evidence.rule)


def _period(extraction: Extraction) -> str:
    """What the title or the beginning says that the article reports on, else what most of its figures are of."""
    from kg.figures.numbers import fold  # noqa: PLC0415  loads the segmenter, which --help can do without
    from kg.figures.periods import head_period  # noqa: PLC0415

    document = extraction.document
    told = head_period(fold(document.text), document.date, fold(document.title))
    return told or _commonest(figure.quantity.period for figure in extraction.figures)


def _commonest(values: Iterable[str]) -> str:
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], value), default="")


def _period_end(period: str) -> str:
    end = period.rsplit("/", 1)[-1]
    return f"{end}-12" if len(end) == 4 else end

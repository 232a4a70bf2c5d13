"""The data set's description of itself: DCAT and VoID with counts, and PROV for the build that made it."""

from __future__ import annotations

from collections.abc import Iterator

import kg
from kg.rdf.mapping import Mapper
from kg.rdf.names import VOCABULARY
from kg.rdf.syntax import Block, Token
from kg.rdf.values import moment

_TITLE = ("地方新闻报道知识图谱", "Knowledge graph of local reporting")
_DESCRIPTION = (
    "从文章中抽取的实体、关系和数据，每条事实都附原文出处。",
    "Entities, relations and figures drawn from articles, each fact with the sentence behind it.",
)
_MEDIA_TYPES = {"graph.ttl": "text/turtle", "graph.jsonld": "application/ld+json"}
_IANA = "https://www.iana.org/assignments/media-types/"


def article_dates(mapper: Mapper) -> list[str]:
    """The full dates of the articles, in order."""
    dates = (date for _, date in mapper.graph.nodes(data="date", default="") if isinstance(date, str))
    return sorted(date for date in dates if len(moment(date) or ()) == 3)


def description(mapper: Mapper) -> Iterator[Block]:
    """Blocks to write after all others, since they count what was written.

    No clock is read: the dates are those of the articles.
    """
    parts = [*_partitions(mapper), *_distributions(mapper), *_build(mapper)]
    pairs = _dataset(mapper)
    total = mapper.triples + sum(len(block.pairs) for block in parts) + len(pairs) + 1
    pairs.append((mapper.syntax.predicate("void:triples"), mapper.syntax.number(total)))
    yield mapper.counted(mapper.syntax.iri("dataset"), pairs)
    for block in parts:
        yield mapper.counted(block.subject, block.pairs)


def _dataset(mapper: Mapper) -> list[tuple[Token, Token]]:
    s = mapper.syntax
    p = s.predicate
    graph = mapper.graph
    pairs = [
        (p("rdf:type"), s.term("dcat:Dataset")),
        (p("rdf:type"), s.term("void:Dataset")),
        *zip([p("dct:title")] * 2, [s.zh(_TITLE[0]), s.en(_TITLE[1])], strict=True),
        *zip([p("dct:description")] * 2, [s.zh(_DESCRIPTION[0]), s.en(_DESCRIPTION[1])], strict=True),
        (p("dct:conformsTo"), s.absolute(VOCABULARY.rstrip("#"))),
        (p("void:vocabulary"), s.absolute(VOCABULARY)),
        (p("void:uriSpace"), s.text(mapper.base)),
        (p("void:entities"), s.number(sum(mapper.classes.values()))),
        (p("prov:wasGeneratedBy"), s.iri("build")),
        (p("kg:aliasesAlwaysListed"), s.boolean(not mapper.explicit_aliases)),
    ]
    dates = article_dates(mapper)
    if dates:
        pairs.append((p("dct:modified"), s.typed(dates[-1], "xsd:date")))
        pairs.append((p("dct:temporal"), s.iri("dataset#period")))
    example = next((n for n, t in graph.nodes(data="type") if t not in (None, "Document", "Figure")), None)
    if example is not None:
        pairs.append((p("void:exampleResource"), s.iri(mapper.reference(example))))
    pairs.extend((p("void:classPartition"), s.iri(f"dataset#class-{name}")) for name in sorted(mapper.classes))
    pairs.extend((p("void:propertyPartition"), s.iri(f"dataset#property-{name}")) for name in sorted(mapper.relations))
    pairs.extend((p("dcat:distribution"), s.iri(f"dataset#file-{name}")) for name in _MEDIA_TYPES)
    for key, value in graph.graph.items():
        if key != "base" and value is not None:
            pairs.append((s.property(f"attribute/{key}"), mapper.literal(value)))
    return pairs


def _partitions(mapper: Mapper) -> Iterator[Block]:
    s = mapper.syntax
    p = s.predicate
    for name, count in sorted(mapper.classes.items()):
        members = [(p("void:class"), s.term(f"kg:{name}")), (p("void:entities"), s.number(count))]
        yield Block(s.iri(f"dataset#class-{name}"), members)
    for name, count in sorted(mapper.relations.items()):
        members = [(p("void:property"), s.term(f"kg:{name}")), (p("void:triples"), s.number(count))]
        yield Block(s.iri(f"dataset#property-{name}"), members)
    dates = article_dates(mapper)
    if dates:
        span = [
            (p("rdf:type"), s.term("dct:PeriodOfTime")),
            (p("dcat:startDate"), s.typed(dates[0], "xsd:date")),
            (p("dcat:endDate"), s.typed(dates[-1], "xsd:date")),
        ]
        yield Block(s.iri("dataset#period"), span)


def _distributions(mapper: Mapper) -> Iterator[Block]:
    s = mapper.syntax
    p = s.predicate
    for name, media_type in _MEDIA_TYPES.items():
        pairs = [
            (p("rdf:type"), s.term("dcat:Distribution")),
            (p("dct:title"), s.text(name)),
            (p("dcat:downloadURL"), s.iri(name)),
            (p("dcat:mediaType"), s.absolute(_IANA + media_type)),
        ]
        yield Block(s.iri(f"dataset#file-{name}"), pairs)


def _build(mapper: Mapper) -> Iterator[Block]:
    """The build as an activity of our software that used the articles."""
    s = mapper.syntax
    p = s.predicate
    documents = [node for node, kind in mapper.graph.nodes(data="type") if kind == "Document"]
    pairs = [
        (p("rdf:type"), s.term("prov:Activity")),
        (p("prov:wasAssociatedWith"), s.iri("build#software")),
        *((p("prov:used"), s.iri(mapper.reference(node))) for node in documents),
    ]
    yield Block(s.iri("build"), pairs)
    software = [
        (p("rdf:type"), s.term("prov:SoftwareAgent")),
        (p("rdfs:label"), s.text("kg-local-reporting")),
        (p("schema:softwareVersion"), s.text(kg.__version__)),
    ]
    yield Block(s.iri("build#software"), software)

"""The SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013): an HTTP request to one operation, and what to send back.

Nothing here knows sockets: a request is a method, a path with its query string, headers and a body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox

from kg.serve.engine import Choice, Dataset, Refused

NONE = Dataset()
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
}
_RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/xml": ox.RdfFormat.RDF_XML,
}
_BOOLEAN = {name: form for name, form in _RESULTS.items() if not name.startswith("text/")}
OFFERS: dict[str, dict[str, Any]] = {"table": _RESULTS, "boolean": _BOOLEAN, "graph": _RDF}

#: names for ``?format=``, for links in a page
SHORT = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "html": "text/html",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or an update (exactly one is set) with the data set that the request names."""

    query: str | None = None
    update: str | None = None
    dataset: Dataset = NONE
    using: Dataset = NONE


def accepts(header: str) -> list[tuple[str, float]]:
    """The media ranges of an Accept header with their weights, best first (RFC 9110, 12.5.1)."""
    ranges = []
    for part in header.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    weight = float(value)
                except ValueError:
                    weight = 0.0
        if media:
            ranges.append((media.lower(), weight))
    specific = [(media, weight, 2 - media.count("*")) for media, weight in ranges]
    ordered = sorted(specific, key=lambda item: (-item[1], -item[2]))
    return [(media, weight) for media, weight, _ in ordered]


def negotiate(header: str, offers: list[str]) -> str | None:
    """The first of ``offers`` that the Accept header likes best; None where it likes none."""
    ranges = accepts(header) or [("*/*", 1.0)]
    refused = {media for media, weight in ranges if weight <= 0}
    for media, weight in ranges:
        if weight <= 0:
            continue
        for offer in offers:
            major = offer.partition("/")[0]
            if offer not in refused and media in (offer, f"{major}/*", "*/*"):
                return offer
    return None


def chooser(header: str) -> Choice:
    """How an answer is written, by an Accept header and the kind of result."""

    def choose(kind: str) -> tuple[str, Any]:
        offers = OFFERS[kind]
        media_type = negotiate(header, list(offers))
        if media_type is None:
            raise Refused(406, f"this result can be had as {', '.join(offers)}")
        return media_type, offers[media_type]

    return choose


def operation(method: str, query_string: str, headers: Mapping[str, str], body: bytes) -> Operation | None:
    """The operation of a request; None for a GET that asks nothing. Raises Refused where the protocol says 4xx."""
    url = _parameters(query_string)
    if method in ("GET", "HEAD"):
        if "update" in url:
            raise Refused(400, "an update must be sent by POST")
        return _query(_one(url, "query"), url) if "query" in url else None
    if method != "POST":
        raise Refused(405, "queries are sent by GET or POST")
    media_type, charset = _content_type(headers.get("Content-Type", ""))
    if charset not in ("", "utf-8", "utf8"):
        raise Refused(415, f"the request is in {charset}; send UTF-8")
    text = _decoded(body)
    if media_type == QUERY:
        return _query(text, url)
    if media_type == UPDATE:
        return _update(text, url)
    if media_type != FORM:
        raise Refused(415, f"the Content-Type must be {FORM}, {QUERY} or {UPDATE}")
    form = _parameters(text)
    merged = {name: url.get(name, []) + form.get(name, []) for name in {*url, *form}}
    if "query" in form and "update" in form:
        raise Refused(400, "give a query or an update, not both")
    if "update" in form:
        return _update(_one(form, "update"), merged)
    return _query(_one(form, "query"), merged)


def _query(text: str, parameters: Mapping[str, list[str]]) -> Operation:
    dataset = Dataset(tuple(parameters.get("default-graph-uri", ())), tuple(parameters.get("named-graph-uri", ())))
    return Operation(query=text, dataset=dataset)


def _update(text: str, parameters: Mapping[str, list[str]]) -> Operation:
    using = Dataset(tuple(parameters.get("using-graph-uri", ())), tuple(parameters.get("using-named-graph-uri", ())))
    return Operation(update=text, using=using)


def _parameters(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise Refused(400, "the parameters are not percent-encoded UTF-8") from None


def _one(parameters: Mapping[str, list[str]], name: str) -> str:
    values = parameters.get(name, [])
    if len(values) != 1:
        raise Refused(400, f"the request must have exactly one parameter {name!r}, it has {len(values)}")
    return values[0]


def _content_type(header: str) -> tuple[str, str]:
    media, *parameters = (piece.strip() for piece in header.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return media.lower(), value.strip().strip('"').lower()
    return media.lower(), ""


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "the request is not UTF-8") from None

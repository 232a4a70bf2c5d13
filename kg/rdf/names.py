"""Namespaces, and IRIs made from node ids and back.

A node's IRI is the base followed by its percent-encoded id, so that it can be undone exactly. Everything else in a
data set (statements, evidence, indicators, the description) has an IRI too: there are no blank nodes, and two builds
can be compared line by line.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from kg.errors import UserError

if TYPE_CHECKING:
    import networkx as nx

VOCABULARY = "https://example.org/kg/ontology#"
DEFAULT_BASE = "https://example.org/kg/"

PREFIXES = {
    "kg": VOCABULARY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "sosa": "http://www.w3.org/ns/sosa/",
    "qudt": "http://qudt.org/schema/qudt/",
    "unit": "http://qudt.org/vocab/unit/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
}

# First path segments that the data set uses for things that are not nodes of the graph.
RESERVED = frozenset({"statement", "indicator", "attribute", "dataset", "build", "ontology", "sparql", "graph"})

_QUOTED = [quote(bytes([byte]), safe="/@") for byte in range(256)]
_BASE = re.compile(r"https?://(?:[^\x00-\x20\s<>\"{}|\\^`?#%]|%[0-9A-Fa-f]{2})+/\Z")
_DOTS = re.compile(r"(?<![^/])(\.{1,2})(?![^/])")


class BaseError(UserError, ValueError):
    """What cannot be the base of IRIs; ``str()`` is the sentence for the user."""


def expand(curie: str) -> str:
    """The IRI of a prefixed name; KeyError for a prefix that :data:`PREFIXES` lacks."""
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def checked_base(base: str) -> str:
    """``base`` if entity IRIs can be made under it. Raises :class:`BaseError`, which says what is wanted."""
    try:
        split = urlsplit(base)
        good = bool(_BASE.match(base) and split.hostname and (split.port is None or split.port))
    except ValueError:  # of a port or an address that is none
        good = False
    if not good:
        wanted = "give an absolute http(s) IRI that ends with a slash, such as https://example.org/kg/"
        raise BaseError(f"{base!r} cannot be the base of IRIs: {wanted}")
    return base


def base_of(graph: nx.MultiDiGraph) -> str:
    """The base that the user set on the graph (``graph.graph["base"]``), or the default."""
    return checked_base(str(graph.graph.get("base", DEFAULT_BASE)))


def encode(node: str) -> str:
    """A node id as a relative IRI reference, safe in any position and reversible by :func:`decode`."""
    text = "".join([_QUOTED[byte] for byte in node.encode()])
    if "//" in text or text.startswith("/") or "." in text:
        text = _DOTS.sub(lambda m: m[1].replace(".", "%2E"), text)
        text = re.sub(r"(?<![^/])/", "%2F", text)
    first = text.partition("/")[0]
    if first in RESERVED or not text:
        text = f"%{ord(text[0]):02X}{text[1:]}" if text else "%"
    return text


def decode(reference: str) -> str:
    """The node id that :func:`encode` made ``reference`` from."""
    return "" if reference == "%" else unquote(reference)


def is_node(reference: str) -> bool:
    """Whether a reference below the base names a node of the graph."""
    return "#" not in reference and bool(reference) and reference.partition("/")[0] not in RESERVED


def statement(subject: str, key: str, target: str) -> str:
    """The reference of a reified edge: a digest of what identifies it, so that it is the same in every build."""
    digest = blake2b(f"{subject}\0{key}\0{target}".encode(), digest_size=8)
    return f"statement/{digest.hexdigest()}"

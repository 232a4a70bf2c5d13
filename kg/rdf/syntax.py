"""Tokens of the syntaxes: how an IRI, a prefixed name and each kind of literal is written.

The mapping asks a syntax for tokens and gets strings (Turtle, N-Triples) or JSON values (JSON-LD); a *block* is a
subject with its pairs of predicate and object tokens. IRIs of the data set are handed over relative to the base.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from kg.rdf.names import PREFIXES, expand

Token: TypeAlias = Any


class Block(NamedTuple):
    """A subject and what is said of it."""

    subject: Token
    pairs: list[tuple[Token, Token]]


_ESCAPES = {c: f"\\u{c:04X}" for c in (*range(0x20), 0x7F)}
_ESCAPES.update({ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"})


_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')


def escaped(text: str) -> str:
    """``text`` as it stands inside a short string literal of Turtle and N-Triples."""
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def quoted(text: str) -> str:
    """``text`` as a short string literal of Turtle and N-Triples."""
    return f'"{escaped(text)}"'


def number(value: float) -> tuple[str, str]:
    """Lexical form and datatype that give back ``value`` exactly: int, decimal, or double where it must be."""
    if isinstance(value, int):
        return str(value), "xsd:integer"
    text = repr(value)
    if not math.isfinite(value):
        return {"inf": "INF", "-inf": "-INF"}.get(text, "NaN"), "xsd:double"
    return (text, "xsd:double") if "e" in text else (text, "xsd:decimal")


class NTriples:
    """Absolute IRIs, one triple a line."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._terms: dict[str, str] = {}

    def iri(self, reference: str) -> str:
        return f"<{self.base}{reference}>"

    def term(self, curie: str) -> str:
        token = self._terms.get(curie)
        if token is None:
            token = self._terms[curie] = f"<{expand(curie)}>"
        return token

    def predicate(self, curie: str) -> str:
        return self.term(curie)

    def property(self, reference: str) -> str:
        return self.iri(reference)

    def absolute(self, iri: str) -> str:
        return f"<{iri}>"

    def text(self, text: str) -> str:
        return quoted(text)

    def zh(self, text: str) -> str:
        return quoted(text) + "@zh"

    def en(self, text: str) -> str:
        return quoted(text) + "@en"

    def typed(self, text: str, curie: str) -> str:
        return f"{quoted(text)}^^{self.term(curie)}"

    def boolean(self, value: bool) -> str:
        return self.typed("true" if value else "false", "xsd:boolean")

    def number(self, value: float) -> str:
        text, datatype = number(value)
        return f'"{text}"^^{self.term(datatype)}'

    def head(self) -> str:
        return ""

    def block(self, block: Block) -> str:
        subject = block.subject
        return "".join([f"{subject} {p} {o} .\n" for p, o in block.pairs])


class Turtle(NTriples):
    """Prefixed names, references relative to ``@base``, one subject a paragraph."""

    def iri(self, reference: str) -> str:
        return f"<{reference}>"

    def term(self, curie: str) -> str:
        return curie

    def predicate(self, curie: str) -> str:
        return "a" if curie == "rdf:type" else curie

    def boolean(self, value: bool) -> str:
        return "true" if value else "false"

    def number(self, value: float) -> str:
        text, _ = number(value)
        return text if math.isfinite(value) else f'"{text}"^^xsd:double'

    def head(self) -> str:
        lines = [f"@base <{self.base}> .", *(f"@prefix {p}: <{iri}> ." for p, iri in PREFIXES.items())]
        return "\n".join(lines) + "\n\n"

    def block(self, block: Block) -> str:
        return f"{block.subject} " + " ;\n  ".join([f"{p} {o}" for p, o in block.pairs]) + " .\n"


class Turtle12(Turtle):
    """Turtle of RDF 1.2: a statement is a reifier of its triple, not a resource that names the triple's parts."""

    def block(self, block: Block) -> str:
        pairs = block.pairs
        if pairs[0] != ("a", "rdf:Statement"):
            return super().block(block)
        (_, subject), (_, predicate), (_, target) = pairs[1:4]
        annotation = " ; ".join([f"{p} {o}" for p, o in pairs[4:]])
        return f"{subject} {predicate} {target} ~ {block.subject} {{| {annotation} |}} .\n".replace(" {|  |}", "")


class JsonLd:
    """JSON values under a context of prefixes; the words of the context are the Turtle's."""

    def __init__(self, base: str) -> None:
        self.base = base

    def iri(self, reference: str) -> Token:
        return {"@id": reference}

    def term(self, curie: str) -> Token:
        return {"@id": curie}

    def predicate(self, curie: str) -> str:
        return "@type" if curie == "rdf:type" else curie

    def property(self, reference: str) -> str:
        return self.base + reference

    def absolute(self, iri: str) -> Token:
        return {"@id": iri}

    def text(self, text: str) -> Token:
        return text

    def zh(self, text: str) -> Token:
        return {"@value": text, "@language": "zh"}

    def en(self, text: str) -> Token:
        return {"@value": text, "@language": "en"}

    def typed(self, text: str, curie: str) -> Token:
        return {"@value": text, "@type": curie}

    def boolean(self, value: bool) -> Token:
        return value

    def number(self, value: float) -> Token:
        text, datatype = number(value)
        return value if datatype == "xsd:integer" else {"@value": text, "@type": datatype}

    def context(self) -> dict[str, str]:
        return {"@base": self.base, **PREFIXES}

    def block(self, block: Block) -> str:
        """One JSON object on one line."""
        members: dict[str, Any] = dict(block.subject)
        for predicate, value in block.pairs:
            item = value["@id"] if predicate == "@type" else value
            members.setdefault(predicate, []).append(item)
        single = {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in members.items()}
        return json.dumps(single, ensure_ascii=False, separators=(",", ":"))


Syntax: TypeAlias = NTriples | JsonLd


def distinct(pairs: Iterable[tuple[Token, Token]]) -> list[tuple[Token, Token]]:
    """The pairs in order, without repeats (tokens may be unhashable JSON values)."""
    kept: list[tuple[Token, Token]] = []
    for pair in pairs:
        if pair not in kept:
            kept.append(pair)
    return kept

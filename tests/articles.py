"""Articles made by hand: for tests of what sees more than one, and of what is made of given names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg import repair
from kg.article import Article, Named
from kg.model import Entity, Evidence, Fact, Mention, Source, Span
from kg.relate.context import Context


def article(number: int, home: str, entities: Iterable[Any], **fields: Any) -> Article:
    """An article; an entity is [type, name] or [type, name, {scope, code, subtype, aliases, count}]."""
    own = f"document/{number:016x}"
    named = {}
    for kind, name, *rest in entities:
        more: Mapping[str, Any] = rest[0] if rest else {}
        at = Evidence(own, 0, len(name), name, "test")
        plain = {key: tuple(value) if isinstance(value, list) else value for key, value in more.items()}
        named[f"{kind}:{name}"] = Named(f"{kind}:{name}", kind, name, evidence=(at,), **plain)
    return Article(own, f"{number}.txt", f"{number:064x}", home=home, entities=named, **fields)


def fact(number: int, subject: str, predicate: str, object_: str, quote: str = "句子。", *, status: str = "") -> Fact:
    """A fact of the article with this number."""
    evidence = Evidence(f"document/{number:016x}", 0, len(quote), quote, "test")
    return Fact(subject, predicate, object_, (evidence,), status)


def context(text: str, kinds: Mapping[str, str]) -> Context:
    """An article with all mentions of some names, whose types are given, as it is read for facts."""
    entities = []
    for name, kind in kinds.items():
        starts = [at for at in range(len(text)) if text.startswith(name, at)]
        mentions = [Mention(Span(at, at + len(name)), name, kind, "test") for at in starts]
        entities.append(Entity(key=name, type=kind, name=name, mentions=mentions))
    return Context(repair.document(Source("a.txt", text, "0" * 64)), entities)

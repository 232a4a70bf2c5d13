"""Evidence as columns: article, start and length of each quotation, and the articles' texts in parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CHUNK = 1_000_000  # characters of articles that are decoded together

Link = tuple[int, int, str, dict[str, Any]]  # source, target, predicate, attributes


def quotations(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The evidence of an edge; anything else that stands in its place is passed over."""
    evidence = data.get("evidence")
    if isinstance(evidence, str):  # as GraphML and CSV keep it
        try:
            evidence = json.loads(evidence)
        except ValueError:
            return []
    return [e for e in evidence if isinstance(e, Mapping)] if isinstance(evidence, list) else []


def chunks(texts: list[str]) -> list[list[str]]:
    """Articles in groups that are compressed and decoded together."""
    result: list[list[str]] = []
    size = 0
    for text in texts:
        if not result or size + len(text) > CHUNK:
            result.append([])
            size = 0
        result[-1].append(text)
        size += len(text)
    return result


def evidence(
    links: list[Link],
    number: Mapping[str, int],
    first: int,
    documents: Mapping[str, str],
) -> dict[str, Any]:
    """Columns over all evidence in the edges' order; a quote is kept only where the article's text does not give it."""
    counts: list[int] = []
    where: list[int] = []
    start: list[int] = []
    length: list[int] = []
    rule: list[int] = []
    quotes: dict[str, str] = {}
    rules: dict[str, int] = {}
    for *_, data in links:
        found = quotations(data)
        counts.append(len(found))
        for item in found:
            name = str(item.get("document", ""))
            begin, end = item.get("start"), item.get("end")
            offsets = (
                (begin, end - begin) if isinstance(begin, int) and isinstance(end, int) and 0 <= begin <= end else ()
            )
            quote = str(item.get("quote") or "")
            if quote and not (offsets and documents.get(name, "")[begin:end] == quote):
                quotes[str(len(where))] = quote
            where.append(number[name] - first if name in number else -1)
            start.append(offsets[0] if offsets else -1)
            length.append(offsets[1] if offsets else 0)
            rule.append(rules.setdefault(str(item.get("rule") or ""), len(rules)))
    return {
        "counts": counts,
        "document": where,
        "start": start,
        "length": length,
        "rule": rule,
        "rules": list(rules),
        "quotes": quotes,
    }

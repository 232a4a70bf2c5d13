"""An extraction that knows the answers: the gold of examples/ as Extractions, to test what comes after extraction."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from kg.model import Document, Entity, Evidence, Extraction, Fact, Figure, Mention, Quantity, Span

EXAMPLES = Path(__file__).parent.parent / "examples"
_GLOBAL = {"AdministrativeArea", "Organization", "Honor", "Product", "ProjectGroup"}
_SCALE = (("万亿", 1e12), ("亿", 1e8), ("万", 1e4))


def extract(document: Document) -> Extraction:
    """What examples/<stem>.yaml says of the document with that stem; nothing for other files."""
    path = EXAMPLES / (Path(document.source.path).stem + ".yaml")
    gold: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {"entities": []}
    golds = [item for item in gold["entities"] if not item.get("optional")]
    home = next((item["name"] for item in golds if item["type"] == "AdministrativeArea"), "")
    entities = [_entity(document, item, home) for item in golds]
    known = {entity.key: entity for entity in entities}
    facts = [
        Fact(s, p, o, (_sentence(document, known[o] if known[o].mentions else known[s], p),))
        for s, p, o in gold.get("relations", [])
        if s in known and o in known and (known[o].mentions or known[s].mentions)
    ]
    facts += [
        Fact(document.id, "reportsStatus", name, (_sentence(document, known[name], "status"),), status)
        for name, status in gold.get("statuses", [])
        if name in known and known[name].mentions
    ]
    figures = [
        figure for item in gold.get("figures", []) if item["of"] in known and (figure := _figure(document, item))
    ]
    return Extraction(document, entities, facts, figures)


def _entity(document: Document, item: dict[str, Any], home: str) -> Entity:
    forms = [item["name"], *map(str, item.get("also", []))]
    mentions = []
    for form in forms:
        for match in re.finditer(re.escape(form), document.text):
            mentions.append(Mention(Span(*match.span()), form, item["type"], "gold"))
    scope = "" if item["type"] in _GLOBAL else home
    return Entity(
        key=item["name"],
        type=item["type"],
        name=item["name"],
        subtype=item.get("subtype", ""),
        aliases=[form for form in forms[1:] if form in document.text],
        mentions=mentions,
        count=item.get("count"),
        scope=scope,
    )


def _sentence(document: Document, entity: Entity, rule: str) -> Evidence:
    return document.evidence(document.sentence_at(entity.mentions[0].span.start), rule)


def _figure(document: Document, item: dict[str, Any]) -> Figure | None:
    match = re.search(re.escape(f"{item['value']:g}"), document.text)
    if not match or item.get("optional"):
        return None
    unit, scale = str(item["unit"]), 1.0
    for prefix, factor in _SCALE:
        if unit.startswith(prefix):
            scale = factor
            break
    span = Span(*match.span())
    quantity = Quantity(
        span=span,
        value=item["value"],
        unit=unit,
        base_value=item["value"] * scale,
        base_unit=unit.lstrip("万亿"),
        indicator=str(item["indicator"]),
        indicator_span=span,
        about=bool(item.get("about", False)),
        period=str(item.get("period", "")),
        growth=item.get("growth"),
        rule="gold",
    )
    sentence = document.evidence(document.sentence_at(span.start), "gold")
    return Figure(quantity, item["of"], (sentence,))

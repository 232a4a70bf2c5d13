"""Annotated articles: an article's text and its YAML, and where each annotated name stands in the repaired text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kg import repair
from kg.model import Document, Source, Span
from kg.names import norm


@dataclass(slots=True)
class Annotated:
    """One annotated article; ``spans[name]`` are the places of the entity called ``name`` in the repaired text."""

    name: str
    document: Document
    gold: dict[str, Any]
    spans: dict[str, list[Span]] = field(default_factory=dict)


def by_form(gold: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The annotated entities by each of their names, as names are compared."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entity in gold["entities"]:
        for form in (entity["name"], *entity.get("also", [])):
            found.setdefault(norm(str(form)), []).append(entity)
    return found


def read(yaml_path: Path, text_path: Path | None = None) -> Annotated:
    """An annotation with its article; the text stands beside it or under ``../articles``."""
    text_path = text_path or next(
        path
        for path in (yaml_path.with_suffix(".txt"), yaml_path.parent.parent / "articles" / f"{yaml_path.stem}.txt")
        if path.exists()
    )
    raw = text_path.read_bytes()
    document = repair.document(Source(text_path.name, raw.decode("utf-8-sig"), hashlib.sha256(raw).hexdigest()))
    gold = yaml.safe_load(yaml_path.read_text(encoding="utf-8"))
    annotated = Annotated(yaml_path.stem, document, gold)
    annotated.spans = project(document.text, gold["entities"])
    return annotated


def read_folder(folder: Path, prefix: str = "") -> Iterator[Annotated]:
    for path in sorted(folder.glob(f"{prefix}*.yaml")):
        yield read(path)


def project(text: str, entities: list[dict[str, Any]]) -> dict[str, list[Span]]:
    """Every occurrence of a name or other form; where two forms overlap the longer one stands, nested ones of other
    entities too."""
    flat, positions = flatten(text)
    taken: dict[str, list[Span]] = {}
    for entity in entities:
        forms = sorted(
            {norm(str(form)) for form in (entity["name"], *entity.get("also", []))} - {""}, key=len, reverse=True
        )
        found: list[Span] = []
        for form in forms:
            at = flat.find(form)
            while at >= 0:
                span = Span(positions[at], positions[at + len(form) - 1] + 1)
                if not any(span.overlaps(other) for other in found):
                    found.append(span)
                at = flat.find(form, at + 1)
        taken[entity["name"]] = sorted(found)
    return taken


def flatten(text: str) -> tuple[str, list[int]]:
    """The text as names are compared, and the offset of each of its characters."""
    chars: list[str] = []
    positions: list[int] = []
    for i, char in enumerate(text):
        for piece in norm(char):
            chars.append(piece)
            positions.append(i)
    return "".join(chars), positions

"""The plain types that stages hand to each other. Imports nothing from kg.

Offsets are half-open and count code points. A :class:`Span` lies in a document's *repaired* text; only
:class:`Evidence` counts in the source file's own decoded text, so that ``quote == source[start:end]``.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

Scalar = str | int | float | bool
AREAS = ("AdministrativeArea", "Village")  # the types of places that people govern themselves in
LAND = (*AREAS, "Place")  # what things may lie in


class Span(NamedTuple):
    """Half-open range of code points in a document's repaired text."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: ``text`` is exactly ``bytes.decode(encoding)``, line ends and all."""

    path: str
    text: str
    sha256: str
    encoding: str = "utf-8"

    @property
    def id(self) -> str:
        """The Document node's id: depends on the content only."""
        return f"document/{self.sha256[:16]}"


@dataclass(frozen=True, slots=True)
class Edit:
    """One repair: what stood in the source at ``start:end`` and what replaced it."""

    start: int
    end: int
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class Block:
    """A logical paragraph of the repaired text; ``kind`` is title, heading, byline, caption or body."""

    span: Span
    kind: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its repaired text and the way back to the source.

    ``origin[i]`` is the source offset of the repaired text's character ``i``.
    """

    source: Source
    text: str
    origin: array[int]
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Span, ...] = ()
    edits: tuple[Edit, ...] = ()
    title: str = ""
    author: str = ""
    date: str = ""

    @property
    def id(self) -> str:
        return self.source.id

    def evidence(self, span: Span, rule: str) -> Evidence:
        """The source range that covers ``span``; captions inside a broken sentence are covered too."""
        offsets = self.origin[span.start : span.end]
        start, end = min(offsets), max(offsets) + 1
        return Evidence(self.id, start, end, self.source.text[start:end], rule)

    def sentence_at(self, position: int) -> Span:
        """The sentence that holds ``position`` (sentences cover the text in order)."""
        return self.sentences[max(0, bisect_right(self.sentences, Span(position, len(self.text))) - 1)]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the source says so. ``start`` is -1 for knowledge from the gazetteer, which quotes nothing."""

    document: str
    start: int
    end: int
    quote: str
    rule: str

    def as_dict(self) -> dict[str, Scalar]:
        if self.start < 0:
            return {"document": self.document, "rule": self.rule}
        return {"document": self.document, "start": self.start, "end": self.end, "quote": self.quote, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in the repaired text. ``score`` in 0..1 ranks overlapping finds."""

    span: Span
    text: str
    type: str
    rule: str
    score: float = 0.5
    subtype: str = ""
    name: str = ""  # the canonical form where it differs from the text (区委 → 章丘区委)
    code: str = ""  # official division code
    count: int | None = None  # of a ProjectGroup

    @property
    def form(self) -> str:
        """The canonical form, or the text where it is that."""
        return self.name or self.text


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as printed, and what is printed around it.

    ``value`` × ``unit`` is the printed form (224.4, 亿元), ``base_value`` × ``base_unit`` the same in the plain
    unit (2.244e10, 元). ``period`` is YYYY, YYYY-MM or YYYY-MM/YYYY-MM; ``growth`` is in percent.
    """

    span: Span
    value: float
    unit: str
    base_value: float
    base_unit: str
    indicator: str
    indicator_span: Span
    about: bool = False
    period: str = ""
    growth: float | None = None
    rank: str = ""
    rule: str = "figure"


@dataclass(slots=True)
class Entity:
    """One thing an article speaks of, after its mentions were brought together."""

    key: str  # unique within the article
    type: str
    name: str
    subtype: str = ""
    aliases: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    code: str = ""
    count: int | None = None
    status: str = ""
    scope: str = ""  # name or code of the area that the name is unique in


@dataclass(frozen=True, slots=True)
class Fact:
    """subject —predicate→ object, by entity keys, with where it stands. ``status`` on reportsStatus only."""

    subject: str
    predicate: str
    object: str
    evidence: tuple[Evidence, ...]
    status: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity and the entity key that it speaks of."""

    quantity: Quantity
    owner: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Why two names are one: kept in the log and told by ``kg explain-merge``."""

    kept: str
    merged: str
    type: str
    reason: str
    document: str = ""


@dataclass(slots=True)
class Extraction:
    """All that one article says: a pure function of the document and the ontology, and picklable."""

    document: Document
    entities: list[Entity]
    facts: list[Fact]
    figures: list[Figure]
    merges: list[Merge] = field(default_factory=list)

"""What scoring counts: right, extra and missed by measure, and a note for each deviation; and how it is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.schema import schema

TYPES = tuple(sorted({*schema().types} - {"Figure", "Document"}))
RELATIONS = tuple(sorted({*schema().relations} - {"mentions", "figureOf", "reportsStatus"}))
MEASURES = (
    *("entities", "entities, any type", "relations", "statuses", "figures", "figures, value only"),
    *("figures, indicator named", "figures, period", "figures, growth", "figures, about"),
)


@dataclass(slots=True)
class Counts:
    """Right, extra and missed, by type or predicate."""

    right: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def ratios(self, key: str | None = None) -> dict[str, float]:
        """P, R, F1 and the counts behind them; of one key or of all."""
        tp, fp, fn = (
            counter[key] if key else sum(counter.values()) for counter in (self.right, self.extra, self.missed)
        )
        p = tp / (tp + fp) if tp + fp else 0.0
        r = tp / (tp + fn) if tp + fn else 0.0
        return {"P": p, "R": r, "F1": 2 * p * r / (p + r) if p + r else 0.0, "tp": tp, "fp": fp, "fn": fn}


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One deviation: in which measure; missed, extra or owner; of which type or predicate; what; by which rule; why."""

    measure: str
    kind: str
    group: str
    what: str
    rules: str = ""
    why: str = ""
    article: str = ""


@dataclass(slots=True)
class Score:
    """Counts by measure and the notes of all pairs."""

    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    notes: list[Note] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The ratios of every measure that had anything to count, and by type and predicate."""
        found: dict[str, Any] = {name: self.counts[name].ratios() for name in MEASURES if name in self.counts}
        found["entities by type"] = {kind: self.counts["entities"].ratios(kind) for kind in TYPES}
        found["relations by predicate"] = {name: self.counts["relations"].ratios(name) for name in RELATIONS}
        return found

    def listing(self) -> list[dict[str, str]]:
        """The notes as plain data, sorted."""
        return [asdict(note) for note in sorted(self.notes)]


def report(score: Score, notes: bool = False) -> str:
    """The ratios as text, by measure, type and predicate; with ``notes`` every deviation as well."""
    row = "{:26} P {P:.3f}  R {R:.3f}  F1 {F1:.3f}   ({tp} right, {fp} extra, {fn} missed)"
    lines = [row.format(name, **score.counts[name].ratios()) for name in MEASURES if name in score.counts]
    for title, measure in (("entities by type", "entities"), ("relations by predicate", "relations")):
        counts = score.counts[measure]
        lines.append(f"-- {title}")
        keys = sorted({*counts.right, *counts.extra, *counts.missed})
        lines += ["   " + row.format(key, **counts.ratios(key)) for key in keys]
    if notes:
        marks = {"extra": "+", "missed": "-", "owner": "~"}
        for measure in MEASURES:
            found = sorted(note for note in score.notes if note.measure == measure)
            if found:
                lines.append(f"-- {measure}: + extra, - missed, ~ wrong owner")
            for note in found:
                tail = "; ".join(part for part in (note.why, note.rules and f"rule {note.rules}", note.article) if part)
                lines.append(f"   {marks[note.kind]} {note.group:18} {note.what}   ({tail})")
    return "\n".join(lines)

"""Entity precision, recall and F1 of a labeller on annotated articles, as sets of (name, type) an article.

Names are matched as the score of a built graph does. Names that mean one entity count once, since bringing them
together is the resolver's work (``strict`` counts each further one as extra, as a graph without resolution would).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from kg.model import Document, Mention
from kg.names import norm
from kg.recognize import tagger
from training import data

Finder = Callable[[Document], Iterable[Mention]]


class Tally:
    """Right, extra and missed by type."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.extra: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.notes: list[str] = []

    def f1(self, kind: str = "") -> tuple[float, float, float]:
        """Precision, recall, F1 of one type or of all."""
        right, extra, missed = (c[kind] if kind else c.total() for c in (self.right, self.extra, self.missed))
        precision = right / (right + extra) if right + extra else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def add(self, other: Tally) -> None:
        self.right += other.right
        self.extra += other.extra
        self.missed += other.missed


def compare(article: data.Article, mentions: Iterable[Mention], strict: bool = False) -> Tally:
    """One article's names against its annotation."""
    tally = Tally()
    entities = article.gold["entities"]
    by_form: dict[str, list[int]] = {}
    for index, entity in enumerate(entities):
        for form in [entity["name"], *entity.get("also", [])]:
            by_form.setdefault(norm(form), []).append(index)
    found: set[int] = set()
    for name, kind, count in sorted({(norm(m.form), m.type, m.count or 0) for m in mentions}):
        if kind == "ProjectGroup":
            hits = [i for i, e in enumerate(entities) if e["type"] == kind and e.get("count") == count]
            new = [i for i in hits if i not in found]
        else:
            hits = by_form.get(name, [])
            new = [i for i in hits if kind in {entities[i]["type"], *entities[i].get("or", [])}]
        if new:
            fresh = [i for i in new if i not in found]
            if strict and not fresh and not any(entities[i].get("optional") for i in hits):
                tally.extra[kind] += 1
            found.update(fresh[:1])
        elif not any(entities[i].get("optional") for i in hits):
            tally.extra[kind] += 1
            tally.notes.append(f"{article.name} + {kind} {name}{'  (type)' if hits else ''}")
    for index, entity in enumerate(entities):
        if entity.get("optional"):
            continue
        if index in found:
            tally.right[entity["type"]] += 1
        else:
            tally.missed[entity["type"]] += 1
            tally.notes.append(f"{article.name} - {entity['type']} {entity['name']}")
    return tally


def score(articles: list[data.Article], finder: Finder, strict: bool = False) -> dict[str, Tally]:
    """By kind of article (composed, real) and ``all``."""
    tallies: dict[str, Tally] = {}
    for article in articles:
        tally = compare(article, finder(article.document), strict)
        for kind in (article.kind, "all"):
            tallies.setdefault(kind, Tally()).add(tally)
            tallies[kind].notes += tally.notes
    return tallies


def table(tallies: dict[str, Tally], by_type: bool = True) -> str:
    """F1 by kind of article and type."""
    kinds = sorted(tallies)
    rows = ["| type | " + " | ".join(kinds) + " |", "| --- |" + " --- |" * len(kinds)]
    types = sorted(set(tallies["all"].right) | set(tallies["all"].missed)) if by_type else []
    for kind in types:
        rows.append(f"| {kind} | " + " | ".join(f"{tallies[k].f1(kind)[2]:.3f}" for k in kinds) + " |")
    cells = ["{2:.3f} (P {0:.3f} R {1:.3f})".format(*tallies[k].f1()) for k in kinds]
    return "\n".join([*rows, "| all | " + " | ".join(cells) + " |"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--part", default="working")
    parser.add_argument("--texts", type=Path, help="folder of the texts of all articles in FOLDER, which has no split")
    parser.add_argument("--strict", action="store_true", help="count further names of one entity as extra")
    parser.add_argument("--notes", action="store_true", help="list what was extra and missed (not for the scored part)")
    options = parser.parse_args()
    if options.notes and options.part == "scored":
        parser.error("the scored part is for scores only: its errors are not looked into")
    if options.texts:
        paths = sorted(options.folder.glob("*.yaml"))
        articles = [data.read(path, options.texts / f"{path.stem}.txt") for path in paths]
    else:
        articles = data.load(options.folder, (options.part,))
    tallies = score(articles, tagger.find, options.strict)
    print(table(tallies))
    if options.notes:
        print("\n".join(tallies["all"].notes))


if __name__ == "__main__":
    main()

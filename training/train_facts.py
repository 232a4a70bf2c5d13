"""Trains the choosers of relations, statuses and owners of figures; writes ontology/models/.

    python -m training.train_facts ANNOTATED_DIR [--parts train,working] [--out ontology/models]

ANNOTATED_DIR holds pairs of .txt and .yaml (docs/annotation.md); training/split.toml says which may be used.
The same articles give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.model import Entity
from kg.relate.context import Context
from kg.relate.maxent import train
from training import crossfit, data, rank
from training.annotations import Annotated, read
from training.fact_data import Owned, guess_owners, owner_rows, status_rows
from training.relation_data import align, allowed_types, rows

ROOT = Path(__file__).resolve().parent.parent


Figures = tuple[Annotated, Context, list[Owned]]


@dataclass
class Material:
    """What one article teaches, once with its annotated names and once with those recognized."""

    name: str
    relations: list[tuple[list[str], str]] = field(default_factory=list)
    statuses: list[tuple[list[str], str]] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)

    def add(self, article: Annotated, allowed: frozenset[tuple[str, str]], entities: list[Entity] | None) -> None:
        """With ``entities`` as recognized, or the annotated ones."""
        found = rows(article, allowed, entities and align(article, entities))
        self.relations += [(f, label) for f, label in zip(found.features, found.labels, strict=True) if label]
        self.statuses += [(f, label) for _, f, label in status_rows(article, found.context)]
        self.figures.append((article, found.context, list(owner_rows(article, found.context))))


def articles(folder: Path, parts: list[str]) -> list[Annotated]:
    """The articles of the named parts of the split."""
    return [read(*data.locate(folder, name)) for name in data.names(parts)]


def gather(
    annotated: Sequence[Annotated], allowed: frozenset[tuple[str, str]], recognized: Mapping[str, list[Entity]]
) -> list[Material]:
    """The material of each article."""
    result = []
    for article in annotated:
        material = Material(article.name)
        material.add(article, allowed, None)
        if article.name in recognized:
            material.add(article, allowed, recognized[article.name])
        result.append(material)
    return result


def learn(materials: Sequence[Material], out: Path) -> None:
    """Writes the three choosers to a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("relations", "statuses"):
        told = [row for material in materials for row in getattr(material, name)]
        train(out / f"{name}.crfsuite", told)
        print(f"{name}: {len(told)} rows, {(out / f'{name}.crfsuite').stat().st_size:,} bytes", flush=True)
    choices = follow([item for material in materials for item in material.figures])
    rank.train(choices).write(out / "owners.tsv.xz")
    print(f"owners: {len(choices)} choices, {(out / 'owners.tsv.xz').stat().st_size:,} bytes", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", default="train,working")
    parser.add_argument("--out", type=Path, default=ROOT / "ontology" / "models")
    parser.add_argument(
        "--crossfit", type=Path, help="labellers of training.crossfit: adds entities as they are recognized"
    )
    arguments = parser.parse_args()
    annotated = articles(arguments.folder, arguments.parts.split(","))
    allowed = allowed_types(annotated)
    (arguments.out / "relations.json").write_text(
        json.dumps({"allowed": sorted(map(list, allowed))}, indent=0) + "\n", encoding="utf-8"
    )
    recognized = crossfit.recognized(annotated, arguments.crossfit) if arguments.crossfit else {}
    learn(gather(annotated, allowed, recognized), arguments.out)


def follow(figures: Sequence[Figures]) -> list[rank.Choice]:
    """Choices of owners in which the figure before has the owner that a ranker gave it, mistakes and all.

    A ranker that always saw the right one before would trust its own choices too much. Two rankers, each trained on
    half of the articles, guess for the other half.
    """
    halves: list[list[Figures]] = [[], []]
    for item in figures:
        halves[zlib.crc32(item[0].name.encode()) % 2].append(item)
    result = []
    for k in (0, 1):
        chooser = rank.train([choice for _, _, owned in halves[1 - k] for choice in choices_of(owned)])
        for article, context, owned in halves[k]:
            result += choices_of(list(owner_rows(article, context, guess_owners(context, owned, chooser))))
    return result


def choices_of(owned: list[Owned]) -> list[rank.Choice]:
    return [(item.features, item.right) for item in owned if item.candidates]


if __name__ == "__main__":
    main()

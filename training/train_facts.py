"""Trains the choosers of relations, statuses and owners of figures; writes ontology/models/.

    python -m training.train_facts ANNOTATED_DIR [--parts train,working] [--out ontology/models]

ANNOTATED_DIR holds pairs of .txt and .yaml (docs/annotation.md); training/split.toml says which may be used.
The same articles give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zlib
from pathlib import Path

from kg.relate.context import Context
from kg.relate.maxent import MaxEnt, train
from training import crossfit, data
from training.annotations import Annotated, read
from training.fact_data import Owned, guess_owners, owner_rows, status_rows
from training.relation_data import align, allowed_types, rows

Figures = tuple[Annotated, Context, list[Owned]]

ROOT = Path(__file__).resolve().parent.parent


def articles(folder: Path, parts: list[str]) -> list[Annotated]:
    """The articles of the named parts of the split."""
    return [read(*data.locate(folder, name)) for name in data.names(parts)]


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
    arguments.out.mkdir(parents=True, exist_ok=True)
    allowed = allowed_types(annotated)
    (arguments.out / "relations.json").write_text(
        json.dumps({"allowed": sorted(map(list, allowed))}, indent=0) + "\n", encoding="utf-8"
    )
    relation_rows, status = [], []
    figures: list[Figures] = []
    recognized = crossfit.recognized(annotated, arguments.crossfit) if arguments.crossfit else {}
    for article, entities in [(a, None) for a in annotated] + [
        (a, recognized[a.name]) for a in annotated if a.name in recognized
    ]:
        found = rows(article, allowed, entities and align(article, entities))
        relation_rows += [(f, label) for f, label in zip(found.features, found.labels, strict=True) if label]
        status += [(f, label) for _, f, label in status_rows(article, found.context)]
        figures.append((article, found.context, list(owner_rows(article, found.context))))
    for name, training in (("relations", relation_rows), ("statuses", status), ("owners", follow(figures))):
        train(arguments.out / f"{name}.crfsuite", training)
        print(f"{name}: {len(training)} rows, {(arguments.out / f'{name}.crfsuite').stat().st_size:,} bytes")


def follow(figures: list[Figures]) -> list[tuple[list[str], str]]:
    """Rows for owners in which the figure before has the owner that a chooser gave it, mistakes and all.

    A chooser that always saw the right one before would trust its own choices too much. Two choosers, each trained on
    half of the articles, guess for the other half.
    """
    halves: list[list[Figures]] = [[], []]
    for item in figures:
        halves[zlib.crc32(item[0].name.encode()) % 2].append(item)
    result = []
    with tempfile.TemporaryDirectory() as folder:
        for k in (0, 1):
            path = Path(folder) / f"half{k}"
            train(path, [row for _, _, owned in halves[1 - k] for row in labelled(owned)])
            chooser = MaxEnt(path)
            for article, context, owned in halves[k]:
                guesses = guess_owners(context, owned, chooser)
                result += labelled(list(owner_rows(article, context, guesses)))
    return result


def labelled(owned: list[Owned]) -> list[tuple[list[str], str]]:
    return [(f, "yes" if right else "no") for item in owned for f, right in zip(item.features, item.right, strict=True)]


if __name__ == "__main__":
    main()

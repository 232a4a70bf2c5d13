"""Entities as they are recognized in articles that the labeller has not learnt from.

    python -m training.crossfit ANNOTATED_DIR FOLDER [--parts train,working]

Three labellers, each trained on two thirds of the articles, are written to FOLDER; ``recognized`` runs each on the
third that it has not seen. The choosers of facts learn from these beside the annotated entities: they meet the same
mistakes later.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

from kg import recognize
from kg.extract import home_chain
from kg.model import Entity
from kg.recognize import again, tagger
from kg.resolve import resolve
from training.annotations import Annotated

FOLDS = 3


def fold(name: str) -> int:
    return zlib.crc32(name.encode()) % FOLDS


def recognized(annotated: Sequence[Annotated], folder: Path) -> dict[str, list[Entity]]:
    """Article → its entities, by the labeller that has not seen it."""
    found: dict[str, list[Entity]] = {}
    shipped = tagger._model, tagger._second
    for k in range(FOLDS):
        model = pycrfsuite.Tagger()
        model.open(str(folder / f"fold{k}.crfsuite"))
        # both voices: the shipped ones have seen these articles
        tagger._model = tagger._second = lambda model=model: model  # type: ignore[misc, assignment]
        for article in annotated:
            if fold(article.name) == k:
                entities, _ = resolve(article.document, recognize.find(article.document, home_chain(article.document)))
                again.extend(article.document, entities)
                found[article.name] = entities
    tagger._model, tagger._second = shipped
    return found


def main() -> None:
    from training import data  # noqa: PLC0415
    from training.train_tagger import PARAMETERS, train  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotated", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", default="train,working")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    articles = data.load(arguments.annotated, tuple(arguments.parts.split(",")))
    for k in range(FOLDS):
        others = [article for article in articles if fold(article.name) != k]
        train(others, arguments.folder / f"fold{k}.crfsuite", PARAMETERS)


if __name__ == "__main__":
    main()

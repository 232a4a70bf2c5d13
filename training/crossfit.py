"""Articles as they are recognized by labellers that have not learnt from them.

    python -m training.crossfit ANNOTATED_DIR FOLDER --lists LISTS --start lm.pt [--parts train,working]

Three labellers with a single head, each trained on two thirds of the articles, are written to FOLDER beside their
language model. ``recognizers`` gives each third the one that has not seen it, and the judge (training/train_judge.py)
that has not. The judge of names and the reader of facts learn from what these find: they meet the same mistakes later.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar
from unittest import mock

from kg import recognize
from kg.extract import home_chain
from kg.model import Document, Entity
from kg.recognize import again, judge, language, recurrent, tagger
from kg.recognize.maxent import MaxEnt
from kg.resolve import resolve

FOLDS = 3


class Article(Protocol):
    name: str


A = TypeVar("A", bound=Article)


def fold(name: str) -> int:
    return zlib.crc32(name.encode()) % FOLDS


def recognizers(articles: Sequence[A], folder: Path) -> Iterator[A]:
    """Each article while the labellers that have not seen it are in place of the shipped ones."""
    for k in range(FOLDS):
        judging = folder / f"fold{k}.judge"
        labeller = recurrent.read(folder / f"fold{k}.npz")
        lower = language.Language(language.load(folder / language.MODEL))
        with _in_place(lower, labeller, MaxEnt(judging) if judging.exists() else None):
            for article in articles:
                if fold(article.name) == k:
                    yield article


@contextmanager
def _in_place(lower: language.Language, labeller: recurrent.Recurrent, judging: MaxEnt | None) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(tagger, "language", return_value=lower))
        stack.enter_context(mock.patch.object(recurrent, "model", return_value=labeller))
        if judging is not None:
            stack.enter_context(mock.patch.object(judge, "model", return_value=judging))
        yield


def recognized(document: Document, seen: tagger.Reading) -> list[Entity]:
    """The entities of a document by the labellers that are in place; ``seen`` is their view of it."""
    entities, _ = resolve(document, recognize.find(document, home_chain(document), seen))
    again.extend(document, entities)
    return entities


def main() -> None:
    from training import augment, chunks, data, graphs  # noqa: PLC0415
    from training import recurrent as recurrent_training  # noqa: PLC0415  needs torch
    from training.pretrain import Pretrained  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotated", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", default="train,working")
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="language model of training/pretrain.py")
    parser.add_argument("--epochs", type=int, default=7)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    articles = data.load(arguments.annotated, tuple(arguments.parts.split(",")))
    lower = Pretrained.read(arguments.start)
    graphs.write(lower.exported(), arguments.folder / language.MODEL)
    prepared = chunks.prepare(articles, augment.pools(arguments.lists), lower.known, versions=2)
    for k in range(FOLDS):
        unseen = {article.name for article in articles if fold(article.name) == k}
        saved = recurrent_training.train(prepared, lower, arguments.epochs, heads=1, without=unseen)
        graphs.write(saved, arguments.folder / f"fold{k}.npz")


if __name__ == "__main__":
    main()

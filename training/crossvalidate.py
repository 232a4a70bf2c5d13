"""The whole extraction on articles that no part of it has learnt from: cross-validation over the annotated articles.

    python -m training.crossvalidate ARTICLES --crossfit FOLDER [--parts train working] [--keep]

FOLDER holds the labellers and judges of training/crossfit.py and training/train_judge.py, which here have to stand upon
the shipped language model. The reader of facts is trained here, for each fold on the others. F1 as `kg score` counts
it, kinds of articles apart.
"""

from __future__ import annotations

import argparse
import copy
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from unittest import mock

from kg.relate import reader, relations
from kg.score.counts import Score
from training import crossfit, data, whole
from training.annotations import Annotated
from training.relation_data import allowed_types
from training.train_facts import articles, gather, learn


def validate(annotated: list[Annotated], folder: Path) -> dict[str, Score]:
    """Kind of article → score."""
    material = gather(annotated, folder)
    for k in range(crossfit.FOLDS):
        others = copy.copy(material)
        others.samples = [sample for sample in material.samples if crossfit.fold(sample.name) != k]
        learn(others, folder / f"facts{k}")
    return rescore(annotated, folder)


def rescore(annotated: list[Annotated], folder: Path) -> dict[str, Score]:
    """The same with the readers that lie in the folder."""
    allowed = allowed_types(annotated)
    scores = {kind: Score() for kind in data.KINDS}
    for article in crossfit.recognizers(annotated, folder):
        trained = _reader(folder / f"facts{crossfit.fold(article.name)}" / reader.MODEL)
        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(reader, "model", return_value=trained))
            stack.enter_context(mock.patch.object(relations, "allowed_types", return_value=allowed))
            whole.add(scores[article.name.partition("-")[0]], article)
    return scores


@cache
def _reader(path: Path) -> reader.Reader:
    return reader.read(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--parts", nargs="+", default=["train", "working"])
    parser.add_argument("--crossfit", type=Path, required=True)
    parser.add_argument("--keep", action="store_true", help="use the readers of an earlier run in FOLDER")
    options = parser.parse_args()
    annotated = articles(options.articles, options.parts)
    scores = (rescore if options.keep else validate)(annotated, options.crossfit)
    print(whole.head("articles"))
    for kind, score in scores.items():
        print(whole.row(score, kind))


if __name__ == "__main__":
    main()

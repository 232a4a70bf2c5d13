"""The whole extraction on articles that no part of it has learnt from: cross-validation over the annotated articles.

    python -m training.crossvalidate ARTICLES --crossfit FOLDER [--parts train working] [--keep]

FOLDER holds the labellers and judges of training/crossfit.py and training/train_judge.py. The choosers of facts are
trained here, for each fold on the others. F1 as `kg score` counts it, kinds of articles apart.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from unittest import mock

from kg.relate import owners, relations, statuses
from kg.relate.maxent import MaxEnt
from kg.relate.ranker import Ranker
from kg.score.counts import Score
from training import crossfit, data, whole
from training.annotations import Annotated
from training.relation_data import allowed_types
from training.train_facts import articles, gather, learn


def validate(annotated: list[Annotated], folder: Path) -> dict[str, Score]:
    """Kind of article → score."""
    allowed = allowed_types(annotated)
    materials = gather(annotated, allowed, crossfit.recognized(annotated, folder))
    for k in range(crossfit.FOLDS):
        learn([m for m in materials if crossfit.fold(m.name) != k], folder / f"facts{k}")
    return rescore(annotated, folder)


def rescore(annotated: list[Annotated], folder: Path) -> dict[str, Score]:
    """The same with the choosers that lie in the folder."""
    allowed = allowed_types(annotated)
    scores = {kind: Score() for kind in data.KINDS}
    for article in crossfit.recognizers(annotated, folder):
        choosers = folder / f"facts{crossfit.fold(article.name)}"
        with ExitStack() as stack:
            for module in (relations, statuses):
                stack.enter_context(
                    mock.patch.object(module, "model", lambda name, at=choosers: _chooser(at / f"{name}.crfsuite"))
                )
            stack.enter_context(
                mock.patch.object(owners, "ranker", lambda name, at=choosers: _ranker(at / f"{name}.tsv.xz"))
            )
            stack.enter_context(mock.patch.object(relations, "allowed_types", return_value=allowed))
            whole.add(scores[article.name.partition("-")[0]], article)
    return scores


@cache
def _chooser(path: Path) -> MaxEnt:
    return MaxEnt(path)


@cache
def _ranker(path: Path) -> Ranker:
    return Ranker.read(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--parts", nargs="+", default=["train", "working"])
    parser.add_argument("--crossfit", type=Path, required=True)
    parser.add_argument("--keep", action="store_true", help="use the choosers of an earlier run in FOLDER")
    options = parser.parse_args()
    annotated = articles(options.articles, options.parts)
    scores = (rescore if options.keep else validate)(annotated, options.crossfit)
    print(whole.head("articles"))
    for kind, score in scores.items():
        print(whole.row(score, kind))


if __name__ == "__main__":
    main()

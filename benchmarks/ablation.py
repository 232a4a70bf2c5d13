"""What the rules and what the trained models bring, on annotated articles: rules alone, models alone, both.

    python -m benchmarks.ablation ARTICLES [--parts scored]

``rules`` has the gazetteer, the patterns and the lists, but no labeller; facts by what goes without saying, statuses by
the nearest trigger word, a figure to the nearest name of its clause, else to the article's own area.
``models`` has the labellers, the judge, the comparison of names, the reader and the second look, but no gazetteer, no
patterns and no facts without saying.
F1 as `kg score` counts it, kinds of articles apart.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from kg.model import Document, Fact, Figure, Quantity
from kg.recognize import areas, bodies, bylines, groups, judge, lists, quotes, tagger
from kg.relate import defaults, owners, reader, relations, review, statuses
from kg.relate.context import Context
from kg.relate.triggers import trigger_classes
from kg.resolve import alike
from kg.score.counts import Score
from training import annotations, data, whole

TOLD = ("planned", "signed", "started", "underway", "completed")


def _none(*_: Any, **__: Any) -> list[Any]:
    return []


def _silent(document: Document) -> tagger.Reading:
    """Labellers that see nothing."""
    return tagger.Reading(document.text, [], np.zeros((len(document.text), 1)), ["O"])


def _nearest_owner(context: Context, _: reader.Reading, quantities: Sequence[Quantity]) -> list[Figure]:
    """The last name before the number in its clause, else the article's own area."""
    found = []
    for quantity in quantities:
        clause = context.clause(quantity.span.start)
        before = [p for p in context.placed if clause.start <= p.span.start and p.span.end <= quantity.span.start]
        owner = before[-1].entity if before else context.home
        if owner >= 0:
            evidence = context.document.evidence(quantity.span, "nearest")
            found.append(Figure(quantity, context.entities[owner].key, (evidence,)))
    return found


def _trigger_status(context: Context, _: reader.Reading) -> tuple[dict[int, str], list[Fact]]:
    """The status of the nearest trigger word of the clause."""
    status, facts = {}, []
    for index, entity in enumerate(context.entities):
        if entity.type in statuses.BUILT:
            span = entity.mentions[0].span
            text = context.text[context.clause(span.start).start : context.clause(span.end).end]
            told = [c for c in trigger_classes(text) if c in TOLD]
            if told:
                status[index] = told[-1]
                evidence = (context.document.evidence(span, "nearest"),)
                facts.append(Fact(context.document.id, "reportsStatus", entity.key, evidence, told[-1]))
    return status, facts


@contextmanager
def rules_alone() -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(tagger, "read", _silent))
        stack.enter_context(mock.patch.object(judge, "judged", lambda mentions, _: mentions))
        stack.enter_context(mock.patch.object(alike, "joined", lambda entities, _: (entities, [])))
        stack.enter_context(
            mock.patch.object(relations, "likely", lambda context, _, support: review.Table(context, {}, support))
        )
        stack.enter_context(mock.patch.object(review, "names", lambda table: [1.0] * len(table.context.entities)))
        stack.enter_context(mock.patch.object(statuses, "find", _trigger_status))
        stack.enter_context(mock.patch.object(owners, "find", _nearest_owner))
        yield


@contextmanager
def models_alone() -> Iterator[None]:
    with ExitStack() as stack:
        for module in (areas, bodies, bylines, groups, lists, quotes):
            stack.enter_context(mock.patch.object(module, "find", _none))
        stack.enter_context(mock.patch.object(areas, "home", return_value=()))
        stack.enter_context(mock.patch.object(defaults, "find", _none))
        yield


@contextmanager
def both() -> Iterator[None]:
    yield


SYSTEMS = {"rules": rules_alone, "models": models_alone, "both": both}


def scored(names: Sequence[str], folder: Path) -> Score:
    """All articles, each as a graph of its own."""
    score = Score()
    for name in names:
        article = annotations.read(*data.locate(folder, name))
        whole.add(score, article)
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--parts", nargs="+", default=["scored"])
    parser.add_argument("--systems", nargs="+", choices=tuple(SYSTEMS), default=list(SYSTEMS))
    options = parser.parse_args()
    print(whole.head("articles", "system"))
    for kind in data.KINDS:
        names = data.names(options.parts, (kind,))
        for label in options.systems:
            with SYSTEMS[label]():
                score = scored(names, options.articles)
            print(whole.row(score, f"{kind} ({len(names)})", label), flush=True)


if __name__ == "__main__":
    main()

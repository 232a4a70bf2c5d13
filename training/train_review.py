"""Trains the second look at names and relations (kg/relate/review.py); writes its two models.

    python -m training.train_review ARTICLES --crossfit FOLDER

It learns from what is found in articles that neither the labellers nor the readers of FOLDER have learnt from
(training.crossfit; the reader of fold K is FOLDER/foldK/reader.npz, see training.train_facts). Right is what kg score
would count as right, open what it would not count.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from kg import figures
from kg.model import Entity
from kg.names import norm
from kg.recognize import tagger
from kg.recognize.maxent import MaxEnt, train
from kg.relate import reader, relations, review
from kg.relate.context import Context
from kg.schema import ontology_dir
from kg.score.counts import Score
from kg.score.pair import Pair
from training import crossfit, train_facts
from training.annotations import Annotated

C1, C2 = 0.02, 8.0
HALVES = 2  # of the articles: what is said of names in one half is learnt from the other
Row = tuple[list[str], str]


@dataclass
class Seen:
    """What is found in an article, beside its annotation."""

    article: Annotated
    table: review.Table

    def names(self) -> list[tuple[list[str], str | None]]:
        """Features of each name, and whether it is right, wrong or open."""
        pair = self._pair
        rows = []
        for index, entity in enumerate(self.table.context.entities):
            thing = pair.aligned.get(entity.key)
            hits = [thing] if thing else pair.forms.get(norm(entity.name), [])
            free = any(hit.get("optional") for hit in hits)
            verdict = None if free else "yes" if thing else "no"
            rows.append((review.name_features(self.table, index), verdict))
        return rows

    def relations(self, sure: list[float]) -> Iterator[Row]:
        """Features of each relation that is looked at and not open, and whether it is right."""
        pair = self._pair
        keys = [entity.key for entity in self.table.context.entities]
        for subject, label, object_ in review.candidates(self.table):
            edge = {"source": keys[subject], "target": keys[object_]}
            right = pair.stated(edge, label) is not None
            if right or not pair.neutral(edge, label):
                features = review.relation_features(self.table, sure, subject, label, object_)
                yield features, "yes" if right else "no"

    @cached_property
    def _pair(self) -> Pair:
        return Pair(
            Score(), self.article.gold, {"nodes": list(map(_node, self.table.context.entities)), "links": []}, ""
        )


def _node(entity: Entity) -> dict[str, object]:
    return {
        "id": entity.key,
        "type": entity.type,
        "name": entity.name,
        "aliases": entity.aliases,
        "count": entity.count,
    }


def look(article: Annotated, reads: reader.Reader) -> Seen:
    """An article as the labellers in place and a reader see it."""
    document = article.document
    seen = tagger.read(document)
    entities = crossfit.recognized(document, seen)
    context = Context(document, entities)
    quantities = figures.find(document.text, document.sentences, document.date, document.title)
    reading = reader.Reading(reads, context, seen.batches, quantities)
    return Seen(article, relations.likely(context, reading, seen.supports(entities)))


def learn(seen: Iterable[Seen], folder: Path) -> None:
    """Writes both models."""
    articles = list(seen)
    rows = [article.names() for article in articles]
    told = [[(features, verdict) for features, verdict in some if verdict] for some in rows]
    halves = [zlib.crc32(article.article.name.encode()) % HALVES for article in articles]
    related: list[Row] = []
    for half in range(HALVES):
        with TemporaryDirectory() as scratch:  # a folder of models has no half-made ones
            path = Path(scratch) / "half.crfsuite"
            train(path, [row for some, mine in zip(told, halves, strict=True) if mine != half for row in some], C1, C2)
            judge = MaxEnt(path)
        for article, some, mine in zip(articles, rows, halves, strict=True):
            if mine == half:
                sure = [judge.probabilities(features).get("yes", 0.0) for features, _ in some]
                related += article.relations(sure)
    for name, taught in ((review.NAMES, [row for some in told for row in some]), (review.RELATIONS, related)):
        train(folder / f"{name}.crfsuite", taught, C1, C2)
        right = sum(verdict == "yes" for _, verdict in taught)
        print(f"{name}: {len(taught)} rows, {right} right", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--parts", default="train,working")
    parser.add_argument("--crossfit", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=ontology_dir() / "models")
    options = parser.parse_args()
    annotated = train_facts.articles(options.articles, options.parts.split(","))
    readers = [reader.read(options.crossfit / f"fold{k}" / reader.MODEL) for k in range(crossfit.FOLDS)]
    found = crossfit.recognizers(annotated, options.crossfit)
    learn((look(article, readers[crossfit.fold(article.name)]) for article in found), options.output)


if __name__ == "__main__":
    main()

"""Trains the reader of facts (kg/relate/reader.py); writes ontology/models/reader.npz and relations.json.

    python -m training.train_facts ARTICLES --crossfit FOLDER [--parts train,working] [--out ontology/models]
    python -m training.train_facts ARTICLES --crossfit FOLDER --start reader.npz --epochs 1 --pace 0.4 [--mean]
    python -m training.train_facts ARTICLES --crossfit FOLDER --without 0 --out FOLDER/fold0

ARTICLES holds pairs of .txt and .yaml (docs/annotation.md); training/split.toml says which may be used. Every article
teaches twice: with its annotated names, and with those that labellers recognize that have not learnt from it (FOLDER).
The same articles give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from kg import figures
from kg.model import Entity
from kg.recognize import tagger
from kg.recognize.language import language, load
from kg.relate import owners, reader, relations
from kg.relate.context import Context
from kg.relate.reader import Stretch
from kg.schema import schema
from training import crossfit, data, graphs, rank, stored
from training import reader as network
from training.annotations import Annotated, read
from training.fact_data import Owned, guess_owners, owner_rows, status_rows
from training.relation_data import align, allowed_types, gold_entities, rows
from training.samples import Index, Sample

ROOT = Path(__file__).resolve().parent.parent
TYPES = [name for name in schema().types if name not in ("Figure", "Document")]
EPOCHS = 4
# How often an epoch sees the articles that others annotated: they are few, and their manner is to be learnt.
TIMES = {"composed": 4, "real": 2}


def articles(folder: Path, parts: list[str]) -> list[Annotated]:
    """The articles of the named parts of the split."""
    return [read(*data.locate(folder, name)) for name in data.names(parts)]


def halved(parts: Sequence[Stretch]) -> list[Tensor]:
    """The states of an article's characters, shared by its samples: they are most of what is held in memory."""
    return [torch.from_numpy(part.states).half() for part in parts]


class Material:
    """Collects what articles teach."""

    def __init__(self, allowed: frozenset[tuple[str, str]]) -> None:
        self.index = Index()
        self.samples: list[Sample] = []
        self._allowed = allowed
        self._figures: list[tuple[Annotated, Context, list[Owned], Sample]] = []

    def add(self, article: Annotated, entities: list[Entity], text: Sequence[Stretch], states: list[Tensor]) -> None:
        """One article with some names, aligned to the annotated ones; ``text`` are its characters' states."""
        found = rows(article, self._allowed, entities)
        context, document = found.context, article.document
        quantities = figures.find(document.text, document.sentences, document.date, document.title)
        places = [part.places for part in text]
        sample = Sample(article.name, places, states, reader.marks(context, quantities, TYPES))
        labels = stored.LABELS
        for pair, features, label in zip(found.pairs, found.features, found.labels, strict=True):
            number = -1 if label is None else labels["relations"].index(label)
            sample.relations.append((relations.placed(context, pair), self.index.codes(features), number))
        sample.facts["relations"] = numbered([(pair.subject, pair.object) for pair in found.pairs])
        told = list(status_rows(article, context))
        for _, span, features, status in told:
            sample.statuses.append((span, self.index.codes(features), labels["statuses"].index(status)))
        sample.facts["statuses"] = numbered([row[0] for row in told])
        self.samples.append(sample)
        self._figures.append((article, context, list(owner_rows(article, context)), sample))

    def follow(self) -> None:
        """Choices of owners in which the figure before has the owner that a ranker gave it, mistakes and all.

        A reader that always saw the right one before would trust its own choices too much. Two rankers, each trained
        on half of the articles, guess for the other half.
        """
        halves: list[list[int]] = [[], []]
        for at, (article, *_) in enumerate(self._figures):
            halves[zlib.crc32(article.name.encode()) % 2].append(at)
        for k in (0, 1):
            taught = [item for at in halves[1 - k] for item in self._figures[at][2] if item.candidates]
            chooser = rank.train([(item.features, item.right) for item in taught])
            for at in halves[k]:
                article, context, owned, sample = self._figures[at]
                for item in owner_rows(article, context, guess_owners(context, owned, chooser)):
                    pairs = [owners.placed(context, item.quantity, owner) for owner in item.candidates]
                    coded = [self.index.codes(features) for features in item.features]
                    if pairs:
                        sample.owners.append((pairs, coded, item.right))


def numbered(keys: Sequence[Hashable]) -> list[int]:
    """Each key's number, by first occurrence."""
    known: dict[Hashable, int] = {}
    return [known.setdefault(key, len(known)) for key in keys]


def gather(annotated: Sequence[Annotated], folder: Path) -> Material:
    """The material of all articles, each as annotated and as recognized by the labellers of the folder."""
    material = Material(allowed_types(list(annotated)))
    for article in crossfit.recognizers(annotated, folder):
        document = article.document
        seen = tagger.read(document)
        text = reader.stretches(language().read(document.text, tagger.trimmed(document.text, document.sentences)))
        states = halved(text)
        material.add(article, gold_entities(article), text, states)
        material.add(article, align(article, crossfit.recognized(document, seen)), text, states)
    material.follow()
    return material


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", default="train,working")
    parser.add_argument("--out", type=Path, default=ROOT / "ontology" / "models")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--start", type=Path, help="a reader to go on with, upon the same language model")
    parser.add_argument("--pace", type=float, default=1.0, help="a factor on the rate of learning; lower with --start")
    parser.add_argument(
        "--mean", action="store_true", help="write the mean of the start and what was learnt from there"
    )
    parser.add_argument("--crossfit", type=Path, required=True, help="labellers of training.crossfit")
    parser.add_argument("--without", type=int, help="a fold of them whose articles are left out")
    arguments = parser.parse_args()
    if arguments.mean and not arguments.start:
        parser.error("--mean needs --start")
    annotated = articles(arguments.folder, arguments.parts.split(","))
    if arguments.without is not None:
        annotated = [article for article in annotated if crossfit.fold(article.name) != arguments.without]
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "relations.json").write_text(
        json.dumps({"allowed": sorted(map(list, allowed_types(annotated)))}, indent=0) + "\n", encoding="utf-8"
    )
    start = load(arguments.start) if arguments.start else None
    course = {"start": start, "pace": arguments.pace, "mean": arguments.mean}
    learn(gather(annotated, arguments.crossfit), arguments.out, arguments.epochs, **course)


def learn(
    material: Material,
    out: Path,
    epochs: int = EPOCHS,
    *,
    start: Mapping[str, Any] | None = None,
    pace: float = 1.0,
    mean: bool = False,
) -> None:
    """Writes the reader to a folder; ``mean``: the mean of the start and what was learnt from there."""
    samples = data.weighed(material.samples, lambda sample: sample.name, TIMES)
    saved = network.train(samples, material.index, TYPES, epochs, start=start, pace=pace)
    if mean and start is not None:
        saved = stored.mean([start, saved])
    graphs.write(saved, out / reader.MODEL)
    print(f"{len(material.samples)} samples; {(out / reader.MODEL).stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()

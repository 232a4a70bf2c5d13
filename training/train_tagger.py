"""Train the sequence labeller from annotated articles and write ontology/models/tagger.crfsuite.xz.

    python -m training.train_tagger ARTICLES --lists LISTS --output ontology/models/tagger.crfsuite.xz

Deterministic: the same articles give the same file. Optional entities are neither taught nor denied: a sentence is
cut where one stands.
"""

from __future__ import annotations

import argparse
import lzma
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pycrfsuite

from kg.recognize.features import resources
from kg.recognize.tagger import sequences
from training import augment, data

PARAMETERS = {"c1": 0.2, "c2": 0.02, "max_iterations": 60, "feature.minfreq": 2}


def tags_of(labels: list[data.Label], start: int, end: int) -> list[str]:
    """BIOES tags of the characters start:end; ``?`` where a masked label stands."""
    tags = ["O"] * (end - start)
    for label in labels:
        if label.span.end <= start or label.span.start >= end:
            continue
        first, last = max(label.span.start, start) - start, min(label.span.end, end) - start
        if label.masked:
            tags[first:last] = ["?"] * (last - first)
        elif last - first == 1:
            tags[first] = f"S-{label.type}"
        else:
            tags[first:last] = [
                f"B-{label.type}",
                *[f"I-{label.type}"] * (last - first - 2),
                f"E-{label.type}",
            ]
    return tags


def pieces(features: list[list[str]], tags: list[str]) -> Iterator[tuple[list[list[str]], list[str]]]:
    """The runs between masked characters."""
    start = 0
    for at in range(len(tags) + 1):
        if at == len(tags) or tags[at] == "?":
            if at > start:
                yield features[start:at], tags[start:at]
            start = at + 1


def train(
    articles: Iterable[data.Article],
    path: Path,
    parameters: dict[str, float],
    verbose: bool = False,
) -> None:
    """Write a crfsuite model learnt from the articles."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=verbose)
    trainer.set_params(parameters)
    known = resources()
    for article in articles:
        document = article.document
        for span, features in sequences(document.text, document.sentences, document.blocks, known):
            for part, tags in pieces(features, tags_of(article.labels, span.start, span.end)):
                trainer.append(part, tags)
    trainer.train(str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--parts", nargs="+", default=["train"])
    parser.add_argument("--lists", type=Path, help="folder with company-short-forms.txt and similar-shapes.txt")
    parser.add_argument("--copies", type=float, default=0.6, help="share of the articles that are also read renamed")
    parser.add_argument("--iterations", type=int, default=PARAMETERS["max_iterations"])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    articles = data.load(options.folder, tuple(options.parts))
    if options.lists:
        pool = augment.pools(options.lists)
        chosen = [a for a in articles if zlib.crc32(a.name.encode()) % 100 < 100 * options.copies]
        articles += [augment.copy(article, pool, 0) for article in chosen]
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "model"
        train(articles, raw, PARAMETERS | {"max_iterations": options.iterations}, options.verbose)
        options.output.write_bytes(lzma.compress(raw.read_bytes(), preset=9))


if __name__ == "__main__":
    main()

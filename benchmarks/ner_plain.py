"""A plain character CRF to compare with: characters around, rjieba's words and tags, nothing else.

python -m benchmarks.ner_plain ARTICLES --output plain.crfsuite
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pycrfsuite
import rjieba

from kg.model import Span
from kg.recognize.tagger import spans, trimmed
from training import data


def features(text: str) -> list[list[str]]:
    """Characters, pairs of characters, words with tags, and the place in the word."""
    words = [(word, tag) for word, tag in rjieba.tag(text)]
    at = [(index, place) for index, (word, _) in enumerate(words) for place in range(len(word))]
    c = f"^^{text}$$"
    w = [("^", "^"), *words, ("$", "$")]
    result = []
    for i in range(len(text)):
        index, place = at[i]
        (before, tag_before), (word, tag), (after, tag_after) = w[index : index + 3]
        position = "S" if len(word) == 1 else "B" if place == 0 else "E" if place == len(word) - 1 else "M"
        result.append(
            [
                *(f"c{k}{c[i + 2 + k]}" for k in (-2, -1, 0, 1, 2)),
                *(f"p{k}{c[i + 2 + k : i + 4 + k]}" for k in (-2, -1, 0, 1)),
                f"w{word}",
                f"x{before}",
                f"y{after}",
                f"t{position}{tag}",
                f"u{tag_before}|{tag}",
                f"v{tag}|{tag_after}",
            ]
        )
    return result


def sentences(article: data.Article) -> Iterator[tuple[Span, str]]:
    text = article.document.text
    for span in trimmed(text, article.document.sentences):
        yield span, text[span.start : span.end]


def pieces(features: list[list[str]], tags: list[str]) -> Iterator[tuple[list[list[str]], list[str]]]:
    """The runs between masked characters."""
    start = 0
    for at in range(len(tags) + 1):
        if at == len(tags) or tags[at] == "?":
            if at > start:
                yield features[start:at], tags[start:at]
            start = at + 1


class Plain:
    """The trained model, asked for the names of a sentence."""

    def __init__(self, path: Path) -> None:
        self.tagger = pycrfsuite.Tagger()
        self.tagger.open(str(path))

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and type of each name."""
        return list(spans(self.tagger.tag(features(text)))) if text else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 70})
    for article in data.load(options.folder, ("train",)):
        for span, text in sentences(article):
            for part, tags in pieces(features(text), data.tags_of(article.labels, span.start, span.end)):
                trainer.append(part, tags)
    trainer.train(str(options.output))


if __name__ == "__main__":
    main()

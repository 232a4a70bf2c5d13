"""Articles cut into the chunks that the recurrent labeller learns from (training/recurrent.py)."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.recognize import language, tagger
from kg.recognize.features import resources
from training import augment, data


@dataclass
class Item:
    """A chunk: ids of its characters and of their features, its tags and those of the layers.

    ``?`` stands where any tag is allowed.
    """

    characters: npt.NDArray[np.int64]
    features: npt.NDArray[np.int32]  # of all characters, one behind the other
    starts: npt.NDArray[np.int32]  # where each character's begin
    tags: list[str]
    layers: list[list[str]]


def _sequences(article: data.Article) -> list[tuple[Any, list[list[str]]]]:
    document = article.document
    return list(tagger.sequences(document.text, document.sentences, document.blocks, resources()))


def items_of(article: data.Article, known: dict[str, int], features: dict[str, int]) -> list[Item]:
    """An article's chunks with their tags."""
    text = article.document.text
    ids = [known.get(c, 1) for c in language.characters(text)]
    tags = data.tags_of(article.labels, 0, len(text))
    inner, held = (data.tags_of(labels, 0, len(text)) for labels in (article.inner, article.held))
    sequences = _sequences(article)
    rows = {at: row for span, rows in sequences for at, row in zip(range(*span), rows, strict=True)}
    items = []
    for chunk in language.chunks([span for span, _ in sequences]):
        known_rows = [[features[f] for f in rows[at] if f in features] for at in chunk]
        sizes = np.cumsum([0, *map(len, known_rows)], dtype=np.int32)
        flat = np.fromiter(itertools.chain.from_iterable(known_rows), np.int32)
        characters = np.array([ids[at] for at in chunk])
        layers = [[layer[at] for at in chunk] for layer in (inner, held)]
        items.append(Item(characters, flat, sizes[:-1], [tags[at] for at in chunk], layers))
    return items


def feature_index(articles: Sequence[data.Article], least: int = 8) -> dict[str, int]:
    """The features that are common enough, numbered from 1; 0 is none."""
    counts: Counter[str] = Counter()
    for article in articles:
        for _, rows in _sequences(article):
            for row in rows:
                counts.update(set(row))
    common = sorted(f for f, n in counts.items() if n >= least and "\n" not in f)
    return {f: at + 1 for at, f in enumerate(common)}


@dataclass
class Prepared:
    """Articles as chunks, as they stand and under other names."""

    features: dict[str, int]
    versions: list[list[tuple[str, list[Item]]]]  # each a list of articles' names and chunks


def prepare(
    articles: Sequence[data.Article],
    pool: augment.Pools,
    known: dict[str, int],
    versions: int = 3,
    *,
    features: dict[str, int] | None = None,
    seed: int = 1,
) -> Prepared:
    """The chunks of all articles; ``known`` are the language model's characters.

    ``features`` are those of a labeller to go on with; else the common ones are taken. ``seed`` chooses other names.
    """
    copies = [[augment.copy(article, pool, seed + k) for article in articles] for k in range(versions - 1)]
    features = features or feature_index([*articles, *copies[0]])
    return Prepared(
        features,
        [[(article.name, items_of(article, known, features)) for article in some] for some in (articles, *copies)],
    )

"""Cluster words and characters of unannotated text by their neighbours; write ontology/models/clusters.tsv.xz.

Positive pointwise mutual information with the two neighbours on either side, a truncated singular-value
decomposition and k-means (Levy & Goldberg 2014, https://papers.nips.cc/paper/5477). Words also get a coarse cluster
(of the fine ones). Reads JSON lines with a "text" field, plain or xz. Needs scipy and scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import rjieba
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from kg.recognize.features import normalize

CONTEXTS = 4000
DIMENSIONS = 96


def texts(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        opener = lzma.open if path.suffix == ".xz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield re.sub(r"[ \t\u3000]+", "", json.loads(line)["text"])


def embed(sequences: Callable[[], Iterator[list[str]]], least: int) -> tuple[list[str], Counter[str], np.ndarray]:
    """Vocabulary, counts and vectors of the units that occur at least ``least`` times."""
    counts: Counter[str] = Counter()
    for sequence in sequences():
        counts.update(sequence)
    vocabulary = sorted((u for u, n in counts.items() if n >= least), key=lambda u: (-counts[u], u))
    index = {unit: i for i, unit in enumerate(vocabulary)}
    flat: list[int] = []
    for sequence in sequences():
        flat.extend(index.get(unit, -1) for unit in sequence)
        flat.extend((-1, -1))
    ids = np.array(flat, dtype=np.int64)
    width = 4 * CONTEXTS
    keys = []
    for slot, shift in enumerate((-2, -1, 1, 2)):
        near = np.roll(ids, -shift)
        keep = (ids >= 0) & (near >= 0) & (near < CONTEXTS)
        keys.append(ids[keep] * width + slot * CONTEXTS + near[keep])
    pairs, values = np.unique(np.concatenate(keys), return_counts=True)
    rows, columns = pairs // width, pairs % width
    row_sum = np.bincount(rows, values, len(vocabulary))
    column_sum = np.bincount(columns, values, width) ** 0.75
    pmi = np.log(values * column_sum.sum() / (row_sum[rows] * column_sum[columns]))
    keep = pmi > 0
    matrix = csr_matrix((pmi[keep], (rows[keep], columns[keep])), (len(vocabulary), width))
    left, scale, _ = randomized_svd(matrix, DIMENSIONS, random_state=1, n_iter=3)
    vectors = left * np.sqrt(scale)
    return vocabulary, counts, vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def cluster(vectors: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    model = MiniBatchKMeans(number, random_state=1, batch_size=4096, n_init=2, max_iter=60).fit(vectors)
    return model.labels_, model.cluster_centers_


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+", help="JSON lines with a text field, .xz or plain")
    parser.add_argument("--output", type=Path, default=Path("ontology/models/clusters.tsv.xz"))
    options = parser.parse_args()
    lines = [line for text in texts(options.corpus) for line in text.splitlines() if line]
    lines.sort()  # the order of input files does not matter
    words, _, vectors = embed(lambda: (rjieba.cut(normalize(line)) for line in lines), 12)
    fine, centres = cluster(vectors, 800)
    coarse = cluster(centres, 80)[0][fine]
    characters, _, vectors = embed(lambda: (list(normalize(line)) for line in lines), 20)
    single = cluster(vectors, 128)[0]
    rows = [f"w\t{word}\t{fine[i]}\t{coarse[i]}" for i, word in enumerate(words) if not word.isspace()]
    rows += [f"c\t{character}\t{single[i]}" for i, character in enumerate(characters) if not character.isspace()]
    rows.sort()
    options.output.write_bytes(lzma.compress("\n".join(rows).encode(), preset=9))


if __name__ == "__main__":
    main()

"""Train the recurrent labeller and write ontology/models/tagger-recurrent.npz.xz.

    python -m training.recurrent ARTICLES --lists LISTS --start lm.pt --output ontology/models/tagger-recurrent.npz.xz

Characters through the language model of training/pretrain.py, the labeller's narrow features as summed embeddings, a
second pair of LSTMs, a CRF over BIOES tags. Every epoch reads the articles under other names. Needs torch; the number
of threads is fixed, so the same machine gives the same weights.
"""

from __future__ import annotations

import argparse
import io
import lzma
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.recognize import recurrent, tagger
from kg.recognize.features import resources
from kg.recognize.recurrent import Chunk
from kg.schema import schema
from training import augment, data
from training.pretrain import EMBEDDING, HIDDEN
from training.train_tagger import tags_of

SCORED = [name for name in schema().types if name not in ("Figure", "Document")]
TAGS = ["O"] + [f"{place}-{kind}" for kind in sorted(SCORED) for place in "BIES"]
INDEX = {tag: at for at, tag in enumerate(TAGS)}
BAG, INNER, PROJECTED = 48, 128, 192
NEVER = -1e4
FOLLOW, FIRST = (torch.from_numpy(table) for table in recurrent.follow(tuple(TAGS)))
THREADS = 1
# Which of the labeller's features are read here too: what is wide or spells words out is left to the LSTMs.
KEPT = re.compile(r"p|t(?![abc])|ta|tb|f(?![cd])|c(?![abcde])|k(?![abc])|h|g|q(?!z)|n|r|R|b|\^")


@dataclass
class Item:
    """A chunk and the tags of its characters; ``?`` where anything is allowed."""

    chunk: Chunk
    tags: list[str]


class Labeller(nn.Module):
    """Scores of tags for characters, and the CRF over them."""

    def __init__(self, size: int, features: int) -> None:
        super().__init__()
        self.emb = nn.Embedding(size, EMBEDDING)
        self.f = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True)
        self.b = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True)
        self.bag = nn.EmbeddingBag(features, BAG, mode="sum", padding_idx=0)
        nn.init.normal_(self.bag.weight, 0, 0.05)
        self.pr = nn.Linear(EMBEDDING + 2 * HIDDEN + BAG, PROJECTED)
        self.r = nn.LSTM(PROJECTED, INNER, batch_first=True)
        self.q = nn.LSTM(PROJECTED, INNER, batch_first=True)
        self.out = nn.Linear(2 * INNER + BAG, len(TAGS))
        self.tr = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.st = nn.Parameter(torch.zeros(len(TAGS)))

    def context(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """The language model's view of each character; it is not trained further."""
        with torch.no_grad():
            embedded = self.emb(ids)
            left, _ = self.f(embedded)
            right = _backward(self.b, embedded, lengths)
            return torch.cat([embedded, left * 2, right * 2], 2)

    def forward(self, context: Tensor, bags: Tensor, lengths: Tensor, drop: float) -> Tensor:
        """Scores of tags; ``bags`` are the summed embeddings of features."""
        wide = functional.dropout(torch.cat([context, bags], 2), drop, self.training)
        wide = functional.dropout(torch.tanh(self.pr(wide)), drop * 0.6, self.training)
        hidden = torch.cat([self.r(wide)[0], _backward(self.q, wide, lengths)], 2)
        hidden = functional.dropout(hidden, drop, self.training)
        scores: Tensor = self.out(torch.cat([hidden, functional.dropout(bags, drop, self.training)], 2))
        return scores

    def total(self, scores: Tensor, lengths: Tensor) -> Tensor:
        """The log of the sum over all tag sequences."""
        step = torch.exp(self.tr + FOLLOW)
        alpha = scores[:, 0] + self.st + FIRST
        for at in range(1, scores.shape[1]):
            top = alpha.max(1, keepdim=True)[0]
            after = torch.log(torch.exp(alpha - top) @ step + 1e-30) + top + scores[:, at]
            alpha = torch.where((at < lengths)[:, None], after, alpha)
        return torch.logsumexp(alpha, 1)


def _backward(layer: nn.LSTM, values: Tensor, lengths: Tensor) -> Tensor:
    """A layer run from the right; padding stays at the end."""
    places = torch.arange(values.shape[1])[None, :].expand(values.shape[:2])
    turned = lengths[:, None] - 1 - places
    turned = torch.where(turned < 0, places, turned)[:, :, None]
    hidden, _ = layer(torch.gather(values, 1, turned.expand(-1, -1, values.shape[2])))
    return torch.gather(hidden, 1, turned.expand(-1, -1, hidden.shape[2]))


@dataclass
class Batch:
    ids: Tensor
    bag: Tensor
    offsets: Tensor
    allowed: Tensor
    lengths: Tensor

    def bags(self, model: Labeller) -> Tensor:
        return model.bag(self.bag, self.offsets).view(*self.ids.shape, -1)  # type: ignore[no-any-return]


def batch(items: Sequence[Item], chance: np.random.Generator) -> Batch:
    """Padded tensors; some features and characters are dropped."""
    width = max(len(item.tags) for item in items)
    ids = np.zeros((len(items), width), np.int64)
    allowed = np.zeros((len(items), width, len(TAGS)), bool)
    bag: list[int] = []
    offsets = []
    for row, item in enumerate(items):
        length = len(item.tags)
        ids[row, :length] = item.chunk.characters
        ids[row, :length][chance.random(length) < 0.02] = 1
        for at in range(width):
            offsets.append(len(bag))
            if at < length:
                bag.extend(item.chunk.features[at])
                allowed[row, at, slice(None) if item.tags[at] == "?" else INDEX[item.tags[at]]] = True
    numbers = np.array(bag, np.int64)
    numbers = np.where(chance.random(len(numbers)) < 0.3, 0, numbers)
    lengths = torch.tensor([len(item.tags) for item in items])
    return Batch(
        torch.from_numpy(ids), torch.from_numpy(numbers), torch.tensor(offsets), torch.from_numpy(allowed), lengths
    )


def _sequences(article: data.Article) -> list[tuple[Any, list[list[str]]]]:
    document = article.document
    return list(tagger.sequences(document.text, document.sentences, document.blocks, resources()))


def items_of(article: data.Article, known: dict[str, int], features: dict[str, int]) -> list[Item]:
    """An article's chunks with their tags."""
    text = article.document.text
    tags = tags_of(article.labels, 0, len(text))
    return [
        Item(chunk, [tags[place] for place in chunk.places])
        for chunk in recurrent.chunks(text, _sequences(article), known, features)
    ]


def feature_index(articles: Sequence[data.Article], least: int = 8) -> dict[str, int]:
    """The features that are common enough, numbered from 1; 0 is none."""
    counts: Counter[str] = Counter()
    for article in articles:
        for _, rows in _sequences(article):
            for row in rows:
                counts.update({f for f in row if KEPT.match(f)})
    common = sorted(f for f, n in counts.items() if n >= least and "\n" not in f)
    return {f: at + 1 for at, f in enumerate(common)}


def train(
    articles: Sequence[data.Article], pool: augment.Pools, start: Path, epochs: int, versions: int = 3
) -> dict[str, Any]:
    """Weights and vocabularies as recurrent.Recurrent reads them."""
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    begin = torch.load(start, weights_only=False)
    vocabulary: list[str] = begin["vocabulary"]
    known = {c: at for at, c in enumerate(vocabulary)}
    copies = [[augment.copy(article, pool, seed) for article in articles] for seed in range(1, versions)]
    features = feature_index([*articles, *copies[0]])
    ready = [[i for a in version for i in items_of(a, known, features)] for version in (articles, *copies)]
    model = Labeller(len(known), len(features) + 1)
    lower = {k: v for k, v in begin["weights"].items() if k.split(".")[0] in ("emb", "f", "b")}
    model.load_state_dict(lower, strict=False)
    print(f"{len(articles)} articles, {len(features)} features, {len(ready[0])} chunks", flush=True)
    training = Training(model)
    for epoch in range(epochs):
        began = time.time()
        loss = training.epoch(ready[epoch % versions], epoch / epochs, (epoch + 1) / epochs)
        print(f"epoch {epoch + 1} of {epochs}: loss {loss:.3f} a chunk, {time.time() - began:.0f} s", flush=True)
    saved: dict[str, Any] = {k: v.detach().numpy().astype(np.float16) for k, v in model.state_dict().items()}
    saved |= {"tags": " ".join(TAGS), "characters": "".join(vocabulary[2:]), "features": "\n".join(["", *features])}
    return saved


class Training:
    """AdamW over shuffled batches of chunks of like length; the rate falls to nothing at the end."""

    RATE, DROP = 2e-3, 0.4

    def __init__(self, model: Labeller) -> None:
        self.model = model
        self.learnt = [p for n, p in model.named_parameters() if n.split(".")[0] not in ("emb", "f", "b")]
        self.optimizer = torch.optim.AdamW(self.learnt, lr=self.RATE, weight_decay=0.01)
        self.chance, self.shuffler = np.random.default_rng(1), random.Random(1)

    def epoch(self, items: Sequence[Item], begin: float, end: float) -> float:
        """Reads the items once; the mean loss. ``begin`` and ``end`` say how far the training is."""
        groups = self._groups(items)
        self.model.train()
        total = 0.0
        for number, group in enumerate(groups):
            done = begin + (end - begin) * number / len(groups)
            for settings in self.optimizer.param_groups:
                settings["lr"] = self.RATE * max(0.03, min(1, 1.25 * (1 - done)))
            loss = self._loss(batch([items[j] for j in group], self.chance)) / len(group)
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.learnt, 5.0)
            self.optimizer.step()
            total += loss.item() * len(group)
        return total / len(items)

    def _groups(self, items: Sequence[Item]) -> list[list[int]]:
        order = self.shuffler.sample(range(len(items)), len(items))
        groups: list[list[int]] = []
        for at in range(0, len(order), 640):
            alike = sorted(order[at : at + 640], key=lambda j: len(items[j].tags))
            groups += [alike[k : k + 32] for k in range(0, len(alike), 32)]
        self.shuffler.shuffle(groups)
        return groups

    def _loss(self, some: Batch) -> Tensor:
        """Minus the log-likelihood of all tags that the annotation allows."""
        model = self.model
        scores = model(model.context(some.ids, some.lengths), some.bags(model), some.lengths, self.DROP)
        both = torch.cat([scores, scores.masked_fill(~some.allowed, NEVER)])
        totals = model.total(both, torch.cat([some.lengths, some.lengths]))
        half = len(some.lengths)
        return (totals[:half] - totals[half:]).sum()


def write(saved: dict[str, Any], path: Path) -> None:
    """An xz-packed npz."""
    packed = io.BytesIO()
    np.savez(packed, **saved)
    path.write_bytes(lzma.compress(packed.getvalue(), preset=9))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--parts", nargs="+", default=["train"])
    parser.add_argument(
        "--lists", type=Path, required=True, help="folder with company-short-forms.txt and similar-shapes.txt"
    )
    parser.add_argument("--start", type=Path, required=True, help="language model of training/pretrain.py")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    articles = data.load(options.articles, tuple(options.parts))
    write(train(articles, augment.pools(options.lists), options.start, options.epochs), options.output)


if __name__ == "__main__":
    main()

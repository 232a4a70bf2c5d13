"""Train the recurrent labeller and write ontology/models/tagger-recurrent.npz and language.npz.

    python -m training.recurrent ARTICLES --lists LISTS --start lm.pt --output ontology/models

Characters through the language model of training/pretrain.py, the labeller's narrow features as summed embeddings, and
upon them HEADS pairs of LSTMs, each with a CRF over BIOES tags of its own. Two further layers read the states of these
LSTMs and find areas, villages and places, and organizations and facilities, inside longer names too. Every epoch
reads the articles under other names. Needs torch and onnx; the number of threads is fixed, so the same machine gives
the same weights.
"""

from __future__ import annotations

import argparse
import copy
import random
import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.recognize import language, recurrent
from kg.schema import schema
from training import augment, data, graphs, stored_labeller
from training.chunks import Item, Prepared, prepare
from training.layers import average, backward, dropout, half
from training.pretrain import Pretrained

SCORED = [name for name in schema().types if name not in ("Figure", "Document")]
TAGS, *LAYERS = (
    ["O"] + [f"{place}-{kind}" for kind in kinds for place in "BIES"]
    for kinds in (sorted(SCORED), data.INNER, data.HELD)
)
HEADS, BAG, INNER, PROJECTED = 2, 48, 128, 192
NEVER = -1e4
FOLLOW, FIRST = (torch.from_numpy(table) for table in recurrent.follow(tuple(TAGS)))
THREADS = 1
MISREAD = 0.02  # of the characters are hidden
# How often an epoch reads the articles that others annotated: they are few, and their manner is to be learnt.
TIMES = {"composed": 3, "real": 2}


class Head(nn.Module):
    """A pair of LSTMs and a CRF."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.pr = nn.Linear(size + BAG, PROJECTED)
        self.r = nn.LSTM(PROJECTED, INNER, batch_first=True)
        self.q = nn.LSTM(PROJECTED, INNER, batch_first=True)
        self.out = nn.Linear(2 * INNER + BAG, len(TAGS))
        self.tr = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.st = nn.Parameter(torch.zeros(len(TAGS)))

    def forward(self, states: Tensor, bags: Tensor, lengths: Tensor, drop: float) -> tuple[Tensor, Tensor]:
        """Scores of tags, and the states they come from; ``bags`` are the summed embeddings of features."""
        wide = dropout(torch.cat([states, bags], 2), drop, self.training)
        with half():
            wide = dropout(torch.tanh(self.pr(wide)).float(), drop * 0.6, self.training)
            hidden = torch.cat([self.r(wide)[0], backward(self.q, wide, lengths)], 2).float()
            hidden = dropout(hidden, drop, self.training)
        scores: Tensor = self.out(torch.cat([hidden, dropout(bags, drop, self.training)], 2))
        return scores, hidden

    def total(self, scores: Tensor, lengths: Tensor) -> Tensor:
        """The log of the sum over all tag sequences."""
        step = torch.exp(self.tr + FOLLOW)
        first, *others = scores.unbind(1)
        alpha = first + self.st + FIRST
        for at, row in enumerate(others, 1):
            top = alpha.detach().max(1, keepdim=True)[0]
            after = torch.log(torch.exp(alpha - top) @ step + 1e-30) + top + row
            alpha = torch.where((at < lengths)[:, None], after, alpha)
        return torch.logsumexp(alpha, 1)


class Labeller(nn.Module):
    """Heads upon the same states and embeddings of features."""

    def __init__(self, size: int, features: int, heads: int) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(features, BAG, mode="sum", padding_idx=0)
        nn.init.normal_(self.bag.weight, 0, 0.05)
        with torch.no_grad():
            self.bag.weight[0] = 0
        self.heads = nn.ModuleList(Head(size) for _ in range(heads))
        self.layers = nn.ModuleList(nn.Linear(2 * INNER * heads + BAG, len(tags)) for tags in LAYERS)


@dataclass
class Batch:
    states: Tensor
    bag: Tensor
    offsets: Tensor
    allowed: Tensor
    layers: list[Tensor]  # what is allowed there
    lengths: Tensor

    def bags(self, model: Labeller) -> Tensor:
        return model.bag(self.bag, self.offsets).view(*self.states.shape[:2], -1)  # type: ignore[no-any-return]


def batch(items: Sequence[Item], lower: Pretrained, chance: np.random.Generator) -> Batch:
    """Padded tensors; some features are dropped and some characters hidden. The language model learns no more."""
    width = max(len(item.tags) for item in items)
    offsets, base = [], 0
    for item in items:
        end = base + len(item.features)
        offsets += [item.starts.astype(np.int64) + base, np.full(width - len(item.tags), end)]
        base = end
    numbers = np.concatenate([item.features for item in items]).astype(np.int64)
    numbers = np.where(chance.random(len(numbers)) < 0.3, 0, numbers)
    hidden = [np.where(chance.random(len(item.tags)) < MISREAD, 1, item.characters) for item in items]
    lengths = torch.tensor([len(item.tags) for item in items])
    allowed = _allowed([item.tags for item in items], width, TAGS)
    layers = [_allowed([item.layers[k] for item in items], width, tags) for k, tags in enumerate(LAYERS)]
    bag, places = torch.from_numpy(numbers), torch.from_numpy(np.concatenate(offsets))
    return Batch(lower.states(hidden), bag, places, allowed, layers, lengths)


def _allowed(rows: Sequence[Sequence[str]], width: int, tags: Sequence[str]) -> Tensor:
    """Chunk × position × tag: may it stand there? Behind a chunk's end none may."""
    index = {tag: at for at, tag in enumerate(tags)}
    table = np.zeros((len(rows), width, len(tags)), bool)
    for row, wanted in enumerate(rows):
        for at, tag in enumerate(wanted):
            table[row, at, slice(None) if tag == "?" else index[tag]] = True
    return torch.from_numpy(table)


def train(
    prepared: Prepared,
    lower: Pretrained,
    epochs: int,
    *,
    heads: int = HEADS,
    without: Container[str] = (),
    start: Mapping[str, Any] | None = None,
    pace: float = 1.0,
) -> dict[str, Any]:
    """Weights and vocabularies as recurrent.Recurrent reads them; ``without`` are articles that it must not see.

    ``start`` are such weights to go on with, ``pace`` is a factor on the rate of learning.
    """
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    features = prepared.features
    ready = [_taught(some, without) for some in prepared.versions]
    model = Labeller(lower.size, len(features) + 1, heads)
    if start:
        model.load_state_dict(stored_labeller.restored(start, heads))
    training = Training(model, lower, pace)
    print(f"{len(features)} features, {len(ready[0])} chunks", flush=True)
    for epoch in range(epochs):
        began = time.time()
        loss = training.epoch(ready[epoch % len(ready)], epoch / epochs, (epoch + 1) / epochs)
        print(f"epoch {epoch + 1} of {epochs}: loss {loss:.3f} a chunk, {time.time() - began:.0f} s", flush=True)
    weights = {key: value.detach().numpy() for key, value in training.averaged.state_dict().items()}
    return stored_labeller.exported(weights, heads, (TAGS, *LAYERS), features)


def _taught(articles: Sequence[tuple[str, list[Item]]], without: Container[str]) -> list[Item]:
    kept = [(name, items) for name, items in articles if name not in without]
    return [item for _, items in data.weighed(kept, lambda one: one[0], TIMES) for item in items]


class Training:
    """AdamW over shuffled batches of chunks of like length; the rate falls to nothing at the end."""

    RATE, DROP = 2e-3, 0.4

    def __init__(self, model: Labeller, lower: Pretrained, pace: float = 1.0) -> None:
        self.model, self.lower = model, lower
        self.averaged, self.steps = copy.deepcopy(model), 0
        self.rate = self.RATE * pace
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=self.rate, weight_decay=0.01, fused=True)
        self.chance, self.shuffler = np.random.default_rng(1), random.Random(1)

    def epoch(self, items: Sequence[Item], begin: float, end: float) -> float:
        """Reads the items once; the mean loss of a head. ``begin`` and ``end`` say how far the training is."""
        groups = self._groups(items)
        self.model.train()
        total = 0.0
        for number, group in enumerate(groups):
            done = begin + (end - begin) * number / len(groups)
            for settings in self.optimizer.param_groups:
                settings["lr"] = self.rate * max(0.03, min(1, 1.25 * (1 - done)))
            loss = self._loss(batch([items[j] for j in group], self.lower, self.chance)) / len(group)
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            for head in self.model.heads:
                nn.utils.clip_grad_norm_(head.parameters(), 5.0)
            nn.utils.clip_grad_norm_([*self.model.bag.parameters(), *self.model.layers.parameters()], 5.0)
            self.optimizer.step()
            self.steps += 1
            average(self.averaged, self.model, self.steps)
            total += loss.item() * len(group) / len(self.model.heads)
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
        """Minus the log-likelihood of all tags that the annotation allows, summed over the heads and the layers."""
        bags = some.bags(self.model)
        lengths = torch.cat([some.lengths, some.lengths])
        count = len(some.lengths)
        losses, read = [], []
        for head in self.model.heads:
            scores, hidden = head(some.states, bags, some.lengths, self.DROP)
            read.append(hidden)
            totals = head.total(torch.cat([scores, scores.masked_fill(~some.allowed, NEVER)]), lengths)
            losses.append((totals[:count] - totals[count:]).sum())
        every = torch.cat([*read, bags], 2)
        here = torch.arange(every.shape[1])[None, :] < some.lengths[:, None]
        for layer, allowed in zip(self.model.layers, some.layers, strict=True):
            chances = functional.log_softmax(layer(every), 2)
            losses.append(-torch.logsumexp(chances.masked_fill(~allowed, NEVER), 2)[here].sum())
        return torch.stack(losses).sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--parts", nargs="+", default=["train"])
    parser.add_argument(
        "--lists", type=Path, required=True, help="folder with company-short-forms.txt and similar-shapes.txt"
    )
    parser.add_argument(
        "--start", type=Path, required=True, help="language model of training/pretrain.py, or as shipped"
    )
    parser.add_argument("--labeller", type=Path, help="a labeller to go on with, upon the same language model")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="a factor on the rate of learning; lower with --labeller"
    )
    parser.add_argument(
        "--mean",
        type=int,
        metavar="N",
        nargs="?",
        const=1,
        default=0,
        help="write the mean of --labeller and N parts (1) of what was learnt from there",
    )
    parser.add_argument("--keep", type=int, metavar="M", default=1, help="parts of --labeller in that mean (1)")
    parser.add_argument("--seed", type=int, default=1, help="of the names put in place of others")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--output", type=Path, required=True, help="the folder to write to")
    options = parser.parse_args()
    if options.mean and not options.labeller:
        parser.error("--mean needs --labeller")
    articles = data.load(options.articles, tuple(options.parts))
    lower = Pretrained.read(options.start)
    start = language.load(options.labeller) if options.labeller else None
    features = stored_labeller.features(start) if start else None
    prepared = prepare(articles, augment.pools(options.lists), lower.known, features=features, seed=options.seed)
    saved = train(prepared, lower, options.epochs, start=start, pace=options.pace)
    if start and options.mean:
        saved = stored_labeller.mean([start] * options.keep + [saved] * options.mean, HEADS)
    if options.start.suffix != ".npz":
        graphs.write(lower.exported(), options.output / language.MODEL)
    graphs.write(saved, options.output / recurrent.MODEL)


if __name__ == "__main__":
    main()

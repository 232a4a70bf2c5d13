"""Train a small character language model in both directions on unannotated text, as a start for the recurrent labeller.

    python -m training.pretrain CORPUS… --articles ARTICLES --output lm.pt

Two LSTMs over characters (Peters et al. 2018, https://aclanthology.org/N18-1202), sampled softmax. Texts that share
much with articles of the scored part are left out; the texts of the articles that are trained on are read too. Needs
torch; the number of threads is fixed, so that it is repeatable.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from kg.recognize.language import characters, load
from training import data, graphs
from training.layers import backward, dropout, half, tensors

EMBEDDING, HIDDEN, NEGATIVES, BATCH, LENGTH = 128, 512, 768, 64, 64
RATE = 2e-3  # of learning, from nothing
SHINGLE = 16
THREADS = 1


def held_out(folder: Path) -> set[str]:
    """Shingles of the articles that are not trained on."""
    shingles: set[str] = set()
    for parts in data.split().values():
        for name in parts["scored"]:
            text = re.sub(r"\s", "", data.locate(folder, name)[1].read_text(encoding="utf-8"))
            shingles.update(text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1))
    return shingles


def texts(path: Path, forbidden: set[str]) -> Iterator[dict[str, Any]]:
    """The rows of a JSON-lines file, plain or xz, that are not held out."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            row: dict[str, Any] = json.loads(line)
            bare = re.sub(r"\s", "", row["text"])
            hits = sum(bare[at : at + SHINGLE] in forbidden for at in range(0, len(bare) - SHINGLE + 1, 4))
            if hits * 4 <= max(64, 0.1 * len(bare)):
                yield row


class LanguageModel(nn.Module):
    """Predicts the next character from the left, and the one before from the right."""

    def __init__(self, size: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.emb = nn.Embedding(size, EMBEDDING)
        self.f = nn.LSTM(EMBEDDING, hidden, batch_first=True)
        self.b = nn.LSTM(EMBEDDING, hidden, batch_first=True)
        self.pf, self.pb = nn.Linear(hidden, EMBEDDING), nn.Linear(hidden, EMBEDDING)
        self.bias = nn.Parameter(torch.zeros(size))
        nn.init.normal_(self.emb.weight, 0, 0.1)

    def loss(self, ids: Tensor, noise: Tensor) -> Tensor:
        """Sampled softmax of both directions; ``noise`` is the distribution of negatives."""
        embedded = dropout(self.emb(ids), 0.1, self.training)
        left, _ = self.f(embedded)
        right, _ = self.b(embedded.flip(1))
        right = right.flip(1)
        return self._one(self.pf(dropout(left[:, :-1], 0.1, self.training)), ids[:, 1:], noise) + self._one(
            self.pb(dropout(right[:, 1:], 0.1, self.training)), ids[:, :-1], noise
        )

    def _one(self, hidden: Tensor, target: Tensor, noise: Tensor) -> Tensor:
        negatives = torch.multinomial(noise, NEGATIVES, replacement=True)
        target, hidden = target.reshape(-1), hidden.reshape(-1, EMBEDDING)
        shifted = self.bias - torch.log(noise * NEGATIVES)
        right = (hidden * self.emb(target)).sum(1).float() + shifted[target]
        wrong = (hidden @ self.emb(negatives).T).float() + shifted[negatives]
        wrong = wrong.masked_fill(negatives[None, :] == target[:, None], -1e4)
        loss: Tensor = (torch.logaddexp(torch.logsumexp(wrong, 1), right) - right).mean()
        return loss

    def widen(self, narrow: dict[str, Tensor]) -> None:
        """Starts as a narrower model whose states are some of this one's; the others begin by chance.

        After Chen et al. 2016, https://arxiv.org/abs/1511.05641, but nothing is copied twice.
        """
        size, own = narrow["pf.weight"].shape[1], self.pf.weight.shape[1]
        gates = torch.cat([torch.arange(size) + gate * own for gate in range(4)])
        with torch.no_grad():
            for name, value in self.state_dict().items():
                old = narrow[name]
                if name.startswith("p") and name.endswith("weight"):
                    value.mul_(0.3)[:, :size] = old
                elif name.startswith(("f.", "b.")):
                    if "hh_l0" in name and "weight" in name:
                        value[gates] = value[gates] * 0.3
                        value[gates[:, None], torch.arange(size)] = old
                    else:
                        value[gates] = old
                else:
                    value.copy_(old)


class Pretrained:
    """The trained language model, as what is trained upon it reads it."""

    def __init__(self, vocabulary: Sequence[str], weights: dict[str, Tensor]) -> None:
        self.vocabulary = list(vocabulary)
        self.known = {c: at for at, c in enumerate(vocabulary)}
        self._weights = weights
        hidden = weights["pf.weight"].shape[1]
        self.size = EMBEDDING + 2 * hidden
        self._model = LanguageModel(len(vocabulary), hidden)
        self._model.load_state_dict(weights)
        self._model.eval()

    @classmethod
    def read(cls, path: Path) -> Pretrained:
        """What ``main`` wrote, or the shipped model (language.npz), which reads but predicts no more."""
        if path.suffix == ".npz":
            return cls._shipped(load(path))
        saved = torch.load(path, weights_only=False)
        return cls(saved["vocabulary"], saved["weights"])

    @classmethod
    def _shipped(cls, saved: dict[str, Any]) -> Pretrained:
        vocabulary = ["<pad>", "<unk>", *saved["characters"]]
        embeddings, *states = graphs.constants(saved["graph"])
        kept = tensors({"emb.weight": embeddings} | graphs.sides("fb", states))
        hidden = kept["f.weight_hh_l0"].shape[1]
        return cls(vocabulary, LanguageModel(len(vocabulary), hidden).state_dict() | kept)

    @torch.no_grad()
    def states(self, chunks: Sequence[npt.NDArray[Any]]) -> Tensor:
        """The embeddings and states of chunks of ids, padded at the ends: chunk × position × size."""
        model, lengths = self._model, torch.tensor([len(chunk) for chunk in chunks])
        padded = nn.utils.rnn.pad_sequence([torch.from_numpy(chunk) for chunk in chunks], batch_first=True)
        with half():
            embedded = model.emb(padded)
            left, _ = model.f(embedded)
            right = backward(model.b, embedded, lengths)
        return torch.cat([embedded, left.float(), right.float()], 2)

    def exported(self) -> dict[str, Any]:
        """As kg.recognize.language reads it."""
        weights = {name: value.numpy() for name, value in self._weights.items()}
        return {"graph": graphs.language(weights), "characters": "".join(self.vocabulary[2:])}


def bare(text: str) -> str:
    """The characters of a text as the model knows them."""
    return characters(re.sub(r"[ \t\u3000]+", "", text))


def train(
    streams: list[str], steps: int, start: dict[str, Any] | None = None, rate: float = RATE
) -> tuple[list[str], dict[str, Tensor]]:
    """Vocabulary and weights. The first stream (articles most like ours) gives two batches of five."""
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    counts = Counter("".join(streams))
    vocabulary = ["<pad>", "<unk>", "\n"]
    vocabulary += [c for c, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= 8 and c != "\n"]
    if start:
        vocabulary = start["vocabulary"]
    index = {character: at for at, character in enumerate(vocabulary)}
    coded = [np.array([index.get(c, 1) for c in stream], dtype=np.int32) for stream in streams]
    noise = torch.tensor([counts.get(c, 1) for c in vocabulary], dtype=torch.float) ** 0.75
    noise /= noise.sum()
    model = LanguageModel(len(vocabulary))
    if start:
        model.widen(start["weights"])
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, betas=(0.9, 0.99), fused=True)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate * max(0.05, 1 - step / steps) * min(1, (step + 1) / 200)
        source = coded[0] if len(coded) == 1 or chance.random() < 0.4 else coded[1]
        starts = chance.integers(0, len(source) - LENGTH - 1, size=BATCH)
        ids = torch.from_numpy(np.stack([source[at : at + LENGTH] for at in starts]).astype(np.int64))
        with half():
            loss = model.loss(ids, noise)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 500 == 0:
            print(f"step {step} of {steps}: loss {loss.item():.3f}", flush=True)
    return vocabulary, model.state_dict()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="+", help="JSON lines with a text field; the most alike file first")
    parser.add_argument(
        "--articles", type=Path, required=True, help="annotated articles, whose held-out texts are left out"
    )
    parser.add_argument("--steps", type=int, default=11000)
    parser.add_argument("--start", type=Path, help="a model to go on with, widened if it is narrower")
    parser.add_argument("--rate", type=float, default=RATE, help="of learning; lower where there is a start")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the texts")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    forbidden = held_out(options.articles)
    taught = [data.locate(options.articles, name) for name in data.names(("train", "working"))]
    streams: list[str] = []
    for path in options.corpus[:2]:
        rows = [bare(row["text"]) for row in texts(path, forbidden)]
        if not streams:
            rows += [bare(path.read_text(encoding="utf-8")) for _, path in taught]
        random.Random(options.seed).shuffle(rows)
        streams.append("\n\n".join(rows))
    start = torch.load(options.start, weights_only=False) if options.start else None
    vocabulary, weights = train(streams, options.steps, start, options.rate)
    torch.save({"vocabulary": vocabulary, "weights": weights}, options.output)


if __name__ == "__main__":
    main()

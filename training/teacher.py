"""A recurrent tagger that labels unannotated articles for the shipped labeller to learn from; it is not shipped.

    python -m training.teacher train ARTICLES --lists LISTS --start lm.pt --output teacher.pt
    python -m training.teacher label ARTICLES --teacher teacher.pt --corpus NEWS.jsonl --output silver.jsonl

Characters through the language model of training/pretrain.py, the labeller's own features as summed embeddings, a
second pair of LSTMs, a CRF over BIOES tags. Its probabilities are averaged with the labeller's; names that the two
together are unsure of are masked. Needs torch; one thread, so that it is repeatable.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg import repair
from kg.model import Document, Source
from kg.recognize import tagger
from kg.recognize.features import resources
from kg.schema import schema
from training import augment, data
from training.pretrain import EMBEDDING, HIDDEN, characters, held_out, texts
from training.train_tagger import tags_of

Floats = npt.NDArray[np.float64]
SCORED = [name for name in schema().types if name not in ("Figure", "Document")]
TAGS = ["O"] + [f"{place}-{kind}" for kind in sorted(SCORED) for place in "BIES"]
INDEX = {tag: at for at, tag in enumerate(TAGS)}
CHUNK, BAG, INNER, PROJECTED = 110, 64, 96, 160
NEVER = -1e4
# Single characters and wide patterns are left to the recurrent layers.
_LEFT_OUT = ("wx", "wy", "tc", "fc", "fd", "cc", "cd", "ce", "ka", "kb", "kc", "qb", "qz")


def _follows() -> tuple[Tensor, Tensor]:
    """Which tags may follow which, and begin, as additions to scores."""
    follow = torch.full((len(TAGS), len(TAGS)), NEVER)
    for before in TAGS:
        for after in TAGS:
            open_ = before[0] in "BI"
            if (after[0] in "IE" and before[2:] == after[2:]) if open_ else after[0] in "OBS":
                follow[INDEX[before], INDEX[after]] = 0
    return follow, torch.tensor([0.0 if tag[0] in "OBS" else NEVER for tag in TAGS])


FOLLOW, FIRST = _follows()


@dataclass
class Chunk:
    """A few sentences: positions in the text, characters, features and tags."""

    places: list[int]
    characters: list[int]
    features: list[list[Any]]
    tags: list[str]


def chunks(document: Document, labels: list[data.Label] | None, known: dict[str, int]) -> list[Chunk]:
    """An article in runs of sentences of up to about a hundred characters."""
    result: list[Chunk] = []
    for span, features in tagger.sequences(document.text, document.sentences, document.blocks, resources()):
        ids = [known.get(c, 1) for c in characters(document.text[span.start : span.end].replace(" ", "\n"))]
        kept = [[f for f in row if f[0] not in "01234789ABC^zv" and f[:2] not in _LEFT_OUT] for row in features]
        tags = tags_of(labels, span.start, span.end) if labels is not None else ["O"] * len(ids)
        if not result or len(result[-1].characters) + len(ids) >= CHUNK:
            result.append(Chunk([], [], [], []))
        last = result[-1]
        last.places += range(span.start, span.end)
        last.characters += ids
        last.features += kept
        last.tags += tags
    return result


class Teacher(nn.Module):
    """Scores of tags for characters, and the CRF over them."""

    def __init__(self, size: int, features: int) -> None:
        super().__init__()
        self.emb = nn.Embedding(size, EMBEDDING)
        self.f = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True)
        self.b = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True)
        self.bag = nn.EmbeddingBag(features + 1, BAG, mode="sum", padding_idx=0)
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
        follow = torch.exp(self.tr + FOLLOW)
        alpha = scores[:, 0] + self.st + FIRST
        for at in range(1, scores.shape[1]):
            top = alpha.max(1, keepdim=True)[0]
            after = torch.log(torch.exp(alpha - top) @ follow + 1e-30) + top + scores[:, at]
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

    def bags(self, model: Teacher) -> Tensor:
        return model.bag(self.bag, self.offsets).view(*self.ids.shape, -1)  # type: ignore[no-any-return]


def batch(items: list[Chunk], chance: np.random.Generator | None = None) -> Batch:
    """Padded tensors; with ``chance``, features and characters are dropped as in training."""
    width = max(len(item.characters) for item in items)
    ids = np.zeros((len(items), width), np.int64)
    allowed = np.zeros((len(items), width, len(TAGS)), bool)
    bag: list[int] = []
    offsets = []
    for row, item in enumerate(items):
        length = len(item.characters)
        ids[row, :length] = item.characters
        if chance is not None:
            ids[row, :length][chance.random(length) < 0.02] = 1
        for at in range(width):
            offsets.append(len(bag))
            if at < length:
                bag.extend(item.features[at])
                allowed[row, at, slice(None) if item.tags[at] == "?" else INDEX[item.tags[at]]] = True
    kept = np.array(bag, np.int64)
    if chance is not None:
        kept = np.where(chance.random(len(kept)) < 0.3, 0, kept)
    lengths = torch.tensor([len(item.characters) for item in items])
    return Batch(
        torch.from_numpy(ids), torch.from_numpy(kept), torch.tensor(offsets), torch.from_numpy(allowed), lengths
    )


def coded(items: list[Chunk], features: dict[str, int]) -> list[Chunk]:
    """Features as numbers, unknown ones left out."""
    return [
        Chunk(c.places, c.characters, [[features[f] for f in row if f in features] for row in c.features], c.tags)
        for c in items
    ]


def train(articles: list[data.Article], pool: augment.Pools, start: Path, epochs: int) -> dict[str, Any]:
    """Weights and vocabularies. Each epoch sees the articles under other names: as printed, copy 11, copy 12."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    chance, shuffler = np.random.default_rng(1), random.Random(1)
    begin = torch.load(start, weights_only=False)
    known = {character: at for at, character in enumerate(begin["vocabulary"])}
    versions = [articles, *([augment.copy(article, pool, seed) for article in articles] for seed in (11, 12))]
    raw = [[c for a in version for c in chunks(a.document, a.labels, known)] for version in versions]
    counts = Counter(f for version in raw for c in version for row in c.features for f in set(row))
    features = {f: at + 1 for at, f in enumerate(sorted(f for f, n in counts.items() if n >= 6))}
    ready = [coded(version, features) for version in raw]
    model = Teacher(len(known), len(features))
    lower = {k: v for k, v in begin["weights"].items() if k.split(".")[0] in ("emb", "f", "b")}
    model.load_state_dict(lower, strict=False)
    learnt = [p for n, p in model.named_parameters() if n.split(".")[0] not in ("emb", "f", "b")]
    optimizer = torch.optim.Adam(learnt, lr=2e-3)
    for epoch in range(epochs):
        items = ready[epoch % 3]
        order = shuffler.sample(range(len(items)), len(items))
        groups: list[list[int]] = []
        for at in range(0, len(order), 640):
            alike = sorted(order[at : at + 640], key=lambda j: len(items[j].characters))
            groups += [alike[k : k + 32] for k in range(0, len(alike), 32)]
        shuffler.shuffle(groups)
        model.train()
        for number, group in enumerate(groups):
            done = (epoch + number / len(groups)) / epochs
            for settings in optimizer.param_groups:
                settings["lr"] = 2e-3 * max(0.03, min(1, 1.25 * (1 - done)))
            some = batch([items[j] for j in group], chance)
            scores = model(model.context(some.ids, some.lengths), some.bags(model), some.lengths, 0.4)
            both = torch.cat([scores, scores.masked_fill(~some.allowed, NEVER)])
            totals = model.total(both, torch.cat([some.lengths, some.lengths]))
            loss = (totals[: len(group)] - totals[len(group) :]).sum() / len(group)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learnt, 5.0)
            optimizer.step()
    return {"weights": model.state_dict(), "characters": known, "features": features}


def posterior(scores: Floats, follow: Floats, first: Floats) -> Floats:
    """Probability of each tag of each character (forward-backward)."""
    length = len(scores)
    step = np.exp(follow)
    local = np.exp(scores - scores.max(1, keepdims=True))
    alpha, beta = np.zeros_like(local), np.ones_like(local)
    begin = scores[0] + first
    alpha[0] = np.exp(begin - begin.max())
    alpha[0] /= alpha[0].sum()
    for at in range(1, length):
        alpha[at] = (alpha[at - 1] @ step) * local[at]
        alpha[at] /= alpha[at].sum() + 1e-300
    for at in range(length - 2, -1, -1):
        beta[at] = step @ (local[at + 1] * beta[at + 1])
        beta[at] /= beta[at].sum() + 1e-300
    both = alpha * beta
    return both / (both.sum(1, keepdims=True) + 1e-300)  # type: ignore[no-any-return]


def best(chances: Floats) -> list[str]:
    """The likeliest well-formed tags for averaged probabilities (Viterbi)."""
    scores, follow = np.log(chances + 1e-6), FOLLOW.numpy()
    alpha, back = scores[0] + FIRST.numpy(), []
    for row in scores[1:]:
        paths = alpha[:, None] + follow
        back.append(paths.argmax(0))
        alpha = paths.max(0) + row
    path = [int(alpha.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return [TAGS[at] for at in reversed(path)]


class Ensemble:
    """The teacher and the shipped labeller together; ``share`` is the teacher's."""

    def __init__(self, path: Path, share: float = 0.5) -> None:
        saved = torch.load(path, weights_only=False)
        self.known, self.features = saved["characters"], saved["features"]
        self.model = Teacher(len(self.known), len(self.features))
        self.model.load_state_dict(saved["weights"])
        self.model.eval()
        self.crf = tagger._model()
        self.columns = [INDEX[label] for label in self.crf.labels()]
        self.share = share

    def chances(self, document: Document) -> list[tuple[list[int], Floats]]:
        """Positions of the text and the probabilities of their tags, a few sentences at a time."""
        marginals: dict[int, Floats] = {}
        for span, features in tagger.sequences(document.text, document.sentences, document.blocks, resources()):
            self.crf.set(features)
            for at in range(len(features)):
                row = np.zeros(len(TAGS))
                row[self.columns] = [self.crf.marginal(label, at) for label in self.crf.labels()]
                marginals[span.start + at] = row
        follow = (self.model.tr + FOLLOW).detach().double().numpy()
        first = (self.model.st + FIRST).detach().double().numpy()
        result = []
        for chunk in coded(chunks(document, None, self.known), self.features):
            some = batch([chunk])
            with torch.no_grad():
                context = self.model.context(some.ids, some.lengths)
                scores = self.model(context, some.bags(self.model), some.lengths, 0.0)[0].double().numpy()
            mixed = self.share * posterior(scores, follow, first)
            mixed += (1 - self.share) * np.array([marginals[place] for place in chunk.places])
            result.append((chunk.places, mixed))
        return result

    def labels(self, document: Document, least: float = 0.6) -> list[tuple[int, int, str, bool]]:
        """Start, end, type and whether masked: names, and characters that may well be part of one."""
        found: list[tuple[int, int, str, bool]] = []
        for places, chances in self.chances(document):
            tags = best(chances)
            for start, end, kind in tagger.spans(tags):
                score = min(chances[at, INDEX[tags[at]]] for at in range(start, end))
                found.append((places[start], places[end - 1] + 1, kind, bool(score < least)))
            unsure = [at for at, tag in enumerate(tags) if tag == "O" and chances[at, 0] < least]
            found += [(places[at], places[at] + 1, "O", True) for at in unsure]
        return sorted(found)


def label(articles: Path, teacher: Path, corpus: Path, size: int, output: Path) -> None:
    """Label articles of a corpus that are not annotated ones, by order of hash, up to ``size`` characters."""
    torch.set_num_threads(1)
    ensemble = Ensemble(teacher)
    annotated = {name.partition("-")[2] for part in data.split()["real"].values() for name in part}
    rows = [row for row in texts(corpus, held_out(articles)) if row["id"] not in annotated and len(row["text"]) < 6000]
    rows.sort(key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest())
    done = 0
    with output.open("w", encoding="utf-8") as file:
        for row in rows:
            if done > size:
                break
            document = repair.document(Source(row["id"], row["text"], row["id"]))
            line = {
                "name": f"silver-{row['id']}",
                "text": document.text,
                "blocks": [[*block.span, block.kind] for block in document.blocks],
                "labels": ensemble.labels(document),
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            done += len(document.text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("train", "label"))
    parser.add_argument("articles", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--lists", type=Path, help="train: folder with company-short-forms.txt and similar-shapes.txt")
    parser.add_argument("--start", type=Path, help="train: language model of training/pretrain.py")
    parser.add_argument("--epochs", type=int, default=11)
    parser.add_argument("--teacher", type=Path, help="label: what train wrote")
    parser.add_argument("--corpus", type=Path, help="label: JSON lines with id and text")
    parser.add_argument("--size", type=int, default=150_000, help="label: how many characters")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    if options.command == "train":
        pool = augment.pools(options.lists)
        torch.save(train(data.load(options.articles, ("train",)), pool, options.start, options.epochs), options.output)
    else:
        label(options.articles, options.teacher, options.corpus, options.size, options.output)


if __name__ == "__main__":
    main()

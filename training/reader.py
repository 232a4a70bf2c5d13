"""The network of kg/relate/reader.py, trained on the material of articles (training/train_facts.py). Needs torch, onnx.

One step sees a few articles, each with all its pairs, projects and figures. String features are dropped at random, so
that the states have to speak too. A relation between two names is told at some place where both stand, not at each;
likewise a status (at least one of the candidates of a fact has to tell it: Zeng et al. 2015,
https://aclanthology.org/D15-1203).
"""

from __future__ import annotations

import copy
import random
import time
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.relate import attention, reader
from training import stored
from training.layers import average, backward, dropout, half
from training.samples import Index, Numbers, Sample
from training.stored import FEATURES_DROPPED, INNER, LABELS

LEAST = {"relations": 10, "statuses": 4, "owners": 6}  # times that a feature has to be seen
MARK, PROJECTED, MENTION, BETWEEN, KEY, LOOKED, HIDDEN, EMBEDDED = 32, 192, 96, 48, 32, 48, 128, 16
DROP = 0.5
ARTICLES = 4  # a step
THREADS = 1


class Task(nn.Module):
    """From states at names and features to the scores of labels."""

    def __init__(self, features: int, labels: int, *, pairs: bool, looks: bool) -> None:
        super().__init__()
        self.pairs = pairs
        if pairs:
            self.one, self.other = nn.Linear(4 * INNER, MENTION), nn.Linear(4 * INNER, MENTION)
            self.between = nn.Linear(2 * INNER, BETWEEN)
        else:
            self.mention = nn.Linear(4 * INNER, MENTION)
        seen = 3 * MENTION if pairs else MENTION
        self.looks = looks
        if looks:
            self.query, self.key = nn.Linear(seen, KEY), nn.Linear(2 * INNER, KEY)
            self.value = nn.Linear(2 * INNER, LOOKED)
            self.near = nn.Embedding(attention.ZONES, attention.HEADS)
            nn.init.zeros_(self.near.weight)
        self.weights = nn.EmbeddingBag(features, labels, mode="sum", padding_idx=0)
        self.embedded = nn.EmbeddingBag(features, EMBEDDED, mode="sum", padding_idx=0)
        nn.init.zeros_(self.weights.weight)
        nn.init.normal_(self.embedded.weight, 0, 0.03)
        with torch.no_grad():
            self.embedded.weight[0] = 0
        self.hidden = nn.Linear(seen + BETWEEN * pairs + LOOKED * looks + EMBEDDED, HIDDEN)
        self.out = nn.Linear(HIDDEN, labels)

    def seen(self, states: Tensor, places: Numbers) -> list[Tensor]:
        """``places``, a row each: first and last of one, first and last of the other, the stretch between."""
        ends = torch.from_numpy(places)
        one = torch.cat([states[ends[:, 0]], states[ends[:, 1]]], 1)
        if not self.pairs:
            mention = torch.tanh(self.mention(one))
            return [mention, self.look(states, mention, places)]
        other = torch.cat([states[ends[:, 2]], states[ends[:, 3]]], 1)
        one, other = torch.tanh(self.one(one)), torch.tanh(self.other(other))
        both = torch.cat([one, other, one * other], 1)
        values = torch.tanh(self.between(states))
        sums = torch.cat([torch.zeros(1, values.shape[1]), values.cumsum(0)])
        size = (ends[:, 5] - ends[:, 4]).clamp(min=1)
        between = (sums[ends[:, 5]] - sums[ends[:, 4]]) / size[:, None] ** 0.5
        return [both, between, *([self.look(states, both, places)] if self.looks else [])]

    def look(self, states: Tensor, seen: Tensor, places: Numbers) -> Tensor:
        """As attention.attend, in half precision."""
        rows, zones = (torch.from_numpy(table) for table in self._windows(places))
        outside = zones == attention.OUTSIDE
        flat, shape = rows.flatten(), (*rows.shape, -1)
        tables = self.query(seen), self.key(states), torch.tanh(self.value(states))
        found = []
        for head, (query, key, value) in enumerate(
            zip(*(table.chunk(attention.HEADS, 1) for table in tables), strict=True)
        ):
            keys, values = (table.bfloat16().index_select(0, flat).view(shape) for table in (key, value))
            scores = torch.bmm(keys, query.bfloat16()[:, :, None])[:, :, 0].float()
            scores = scores + functional.embedding(zones, self.near.weight[:, head : head + 1])[:, :, 0]
            weights = scores.masked_fill(outside, -1e4).softmax(1).bfloat16()
            found.append(torch.bmm(weights[:, None, :], values)[:, 0])
        return torch.cat(found, 1).float()

    @staticmethod
    def _windows(places: Numbers) -> tuple[Numbers, Numbers]:
        """Windows end with their article, whose rows the last two columns bound."""
        base, end = places[:, 6], places[:, 7]
        seats = places[:, :4] - base[:, None]
        rows, zones = attention.zones(seats, *attention.windows(seats, end - base))
        return rows + base[:, None], zones

    def forward(self, states: Tensor, places: Numbers, rows: Sequence[Numbers]) -> Tensor:
        flat = np.concatenate(rows)
        if self.training:
            flat = np.where(np.random.random(len(flat)) < FEATURES_DROPPED, 0, flat)
        starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])[:-1]])
        given = torch.from_numpy(flat), torch.from_numpy(starts)
        keep = 1 - FEATURES_DROPPED if not self.training else 1.0
        embedded = self.embedded(*given) * keep
        wide = dropout(torch.cat([*self.seen(states, places), embedded], 1), DROP / 2, self.training)
        hidden = dropout(torch.relu(self.hidden(wide)), DROP, self.training)
        return self.out(hidden) + self.weights(*given) * keep  # type: ignore[no-any-return]


class Network(nn.Module):
    """The LSTMs upon the language model, and the tasks."""

    def __init__(self, size: int, types: int, features: dict[str, int]) -> None:
        super().__init__()
        self.mark = nn.Embedding(reader.count(["?"] * types), MARK)
        self.pr = nn.Linear(size + MARK, PROJECTED)
        self.r = nn.LSTM(PROJECTED, INNER, batch_first=True)
        self.q = nn.LSTM(PROJECTED, INNER, batch_first=True)
        self.tasks = nn.ModuleDict(
            {
                task: Task(features[task], len(labels), pairs=task != "statuses", looks=task in reader.LOOKING)
                for task, labels in LABELS.items()
            }
        )

    def states(self, samples: Sequence[Sample]) -> tuple[Tensor, list[Numbers]]:
        """The states of all characters in one table, and for each sample the row of each place and of its end."""
        chunks = [
            (stretch, states, sample.marks)
            for sample in samples
            for stretch, states in zip(sample.stretches, sample.states, strict=True)
        ]
        order = sorted(range(len(chunks)), key=lambda at: len(chunks[at][0]))
        found: dict[int, Tensor] = {}
        for begin in range(0, len(order), 32):
            group = order[begin : begin + 32]
            lengths = torch.tensor([len(chunks[at][0]) for at in group])
            given = nn.utils.rnn.pad_sequence([chunks[at][1] for at in group], batch_first=True).float()
            marks = [torch.from_numpy(chunks[at][2][chunks[at][0]]) for at in group]
            marked = self.mark(nn.utils.rnn.pad_sequence(marks, batch_first=True))
            wide = dropout(torch.cat([given, marked], 2), DROP, self.training)
            with half():
                wide = dropout(torch.tanh(self.pr(wide)).float(), DROP * 0.6, self.training)
                both = torch.cat([self.r(wide)[0], backward(self.q, wide, lengths)], 2).float()
            both = dropout(both, DROP * 0.6, self.training)
            found |= {at: both[row, : lengths[row]] for row, at in enumerate(group)}
        places, base = [], 0
        for sample in samples:
            places.append(base + reader.rows_of(sample.stretches, len(sample.marks)))
            base += sum(map(len, sample.stretches))
        return torch.cat([found[at] for at in range(len(chunks))]), places

    def loss(self, samples: Sequence[Sample], coded: Callable[[str, array[int]], Numbers]) -> Tensor:
        """The summed loss of all rows of the samples."""
        states, tables = self.states(samples)
        total = torch.zeros(())
        for task, network in self.tasks.items():
            rows = [coded(task, row) for sample in samples for row in sample.rows(task)]
            if not rows:
                continue
            places = np.array(
                [place for sample, table in zip(samples, tables, strict=True) for place in _places(sample, task, table)]
            )
            scores = network(states, places, rows)
            total = total + self._loss(task, scores, samples)
        return total

    @staticmethod
    def _loss(task: str, scores: Tensor, samples: Sequence[Sample]) -> Tensor:
        if task != "owners":
            return _told(scores, [(sample.facts[task], getattr(sample, task)) for sample in samples])
        choices = [right for sample in samples for _, _, right in sample.owners]
        total = torch.zeros(())
        parts = scores[:, 0].split([len(right) for right in choices])  # type: ignore[no-untyped-call]
        for some, right in zip(parts, choices, strict=True):
            if any(right) and not all(right):
                total = total + torch.logsumexp(some, 0) - torch.logsumexp(some[torch.tensor(right)], 0)
        return total


def _told(scores: Tensor, samples: Sequence[tuple[list[int], list[tuple[Any, array[int], int]]]]) -> Tensor:
    """The loss of candidates: at least one of a fact's tells it, and none tells anything else."""
    labels = torch.tensor([row[2] for _, rows in samples for row in rows])
    chances = functional.log_softmax(scores, 1)
    told = labels > 0
    right = chances[told].gather(1, labels[told][:, None])[:, 0]
    nothing = chances[:, 0]
    loss = -nothing[labels == 0].sum() - torch.logaddexp(right, nothing[told]).sum()
    numbers, base = [], 0
    for facts, _ in samples:
        numbers += [fact + base for fact in facts]
        base += max(facts, default=-1) + 1
    of_fact = torch.tensor(numbers)[told]
    missed = torch.log1p(-right.exp().clamp(max=1 - 1e-6))
    together = torch.zeros(base).index_add(0, of_fact, missed)[of_fact.unique()]  # type: ignore[no-untyped-call]
    return loss - torch.log(-torch.expm1(together.clamp(max=-1e-6))).sum()


def _places(sample: Sample, task: str, table: Numbers) -> list[list[int]]:
    """For each row of a task the rows of the states it looks at, and those of its article."""
    bounds = [int(table[0]), int(table[-1])]
    if task == "statuses":
        names = [[int(table[span.start]), int(table[span.end - 1])] for span, _, _ in sample.statuses]
        return [[*one, *one, 0, 0, *bounds] for one in names]
    pairs = (
        [pair for pair, _, _ in sample.relations]
        if task == "relations"
        else [pair for some, _, _ in sample.owners for pair in some]
    )
    found: list[list[int]] = []
    for pair in pairs:
        ends = [int(table[at]) for span in (pair.one, pair.other) for at in (span.start, span.end - 1)]
        found.append([*ends, *(int(table[at]) for at in reader.gap(pair)), *bounds])
    return found


def train(
    samples: Sequence[Sample],
    index: Index,
    types: Sequence[str],
    epochs: int,
    *,
    start: Mapping[str, Any] | None = None,
    pace: float = 1.0,
) -> dict[str, Any]:
    """Weights and vocabularies as reader.Reader reads them.

    ``start`` are such weights to go on with, ``pace`` is a factor on the rate of learning. A sample may stand among the
    samples more than once.
    """
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    np.random.seed(1)
    names = {task: stored.names(start, task) if start else _common(samples, task, index.names) for task in LABELS}
    chosen = {task: _numbers(index.names, some) for task, some in names.items()}
    size = samples[0].states[0].shape[1]
    network = Network(size, len(types), {task: len(some) + 1 for task, some in names.items()})
    if start:
        network.load_state_dict(stored.restored(start))
    bags = [p for name, p in network.named_parameters() if ".weights." in name or ".embedded." in name]
    known = {id(p) for p in bags}
    dense = [p for p in network.parameters() if id(p) not in known]
    averaged = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(
        [{"params": dense, "weight_decay": 0.01}, {"params": bags, "weight_decay": 0.05}], fused=True
    )
    shuffler = random.Random(1)
    steps = epochs * (1 + (len(samples) - 1) // ARTICLES)
    step = 0

    def coded(task: str, row: array[int]) -> Numbers:
        codes = chosen[task][np.frombuffer(row, np.int32)] if row else np.zeros(0, np.int64)
        return np.unique(np.append(codes, 0))  # 0, none, weighs nothing

    for epoch in range(epochs):
        began, total = time.time(), 0.0
        network.train()
        order = shuffler.sample(range(len(samples)), len(samples))
        for at in range(0, len(order), ARTICLES):
            rate = max(0.03, min(1.0, 1.2 * (1 - step / steps), (step + 1) / 50))
            for settings, base in zip(optimizer.param_groups, (2e-3, 1e-3), strict=True):
                settings["lr"] = base * rate * pace
            step += 1
            loss = network.loss([samples[j] for j in order[at : at + ARTICLES]], coded) / (40 * ARTICLES)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(dense, 2.0)
            optimizer.step()
            average(averaged, network, step)
            total += loss.item()
        print(f"epoch {epoch + 1} of {epochs}: loss {total:.1f}, {time.time() - began:.0f} s", flush=True)
    weights = {name: value.detach().numpy() for name, value in averaged.state_dict().items()}
    return stored.exported(weights, names, types)


def _common(samples: Sequence[Sample], task: str, names: Sequence[str]) -> list[str]:
    """A task's vocabulary: no feature that is too rare, or would break the list of lines."""
    counts: Counter[int] = Counter()
    for sample in samples:
        for row in sample.rows(task):
            counts.update(set(row))
    return [names[code] for code, n in sorted(counts.items()) if n >= LEAST[task] and "\n" not in names[code]]


def _numbers(names: Sequence[str], vocabulary: Sequence[str]) -> Numbers:
    """The number of each name in a vocabulary, from 1; 0 where it is not in it."""
    known = {name: at for at, name in enumerate(vocabulary, 1)}
    return np.array([known.get(name, 0) for name in names], np.int64)

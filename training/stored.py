"""The reader's weights between training (training/reader.py) and use (kg/relate/reader.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from onnx import TensorProto
from torch import Tensor

from kg.relate.reader import NONE
from training import graphs, layers
from training.relation_data import RELATIONS

LABELS = {
    "relations": (NONE, *RELATIONS),
    "statuses": (NONE, "planned", "signed", "started", "underway", "completed"),
    "owners": ("owner",),
}
INNER = 128  # units of each LSTM
FEATURES_DROPPED = 0.5  # of the features in training


def exported(weights: graphs.Weights, names: Mapping[str, Sequence[str]], types: Sequence[str]) -> dict[str, Any]:
    """Trained weights and the features' names, as kg/relate/reader.py reads them."""
    graph = graphs.Builder()
    size = weights["pr.weight"].shape[1] - weights["mark.weight"].shape[1]
    marked = graph.node("Gather", graph.constant(weights["mark.weight"]), "marks")
    wide = graph.node("Concat", "states", marked, axis=2)
    wide = graph.node("Tanh", graph.linear(wide, weights["pr.weight"], weights["pr.bias"]))
    states = graph.lstm(wide, graphs.layer(weights, "r"), graphs.layer(weights, "q"))
    inputs = [("states", TensorProto.FLOAT, size), ("marks", TensorProto.INT64, 0)]
    saved: dict[str, Any] = {"graph": graph.build(inputs, states, 2 * INNER), "types": " ".join(types)}
    for task, labels in LABELS.items():
        own = graphs.layer(weights, f"tasks.{task}")
        bag = np.concatenate([own.pop("weights.weight"), own.pop("embedded.weight")], 1) * (1 - FEATURES_DROPPED)
        scale = np.abs(bag).max(0) / 127
        saved |= {f"{task}.{name}": value.astype(np.float16) for name, value in own.items()}
        saved |= {
            f"{task}.features.weight": np.round(bag / scale).astype(np.int8),
            f"{task}.features.scale": scale.astype(np.float32),
            f"{task}.features": "\n".join(["", *names[task]]),
            f"{task}.labels": " ".join(labels),
        }
    return saved


def names(start: Mapping[str, Any], task: str) -> list[str]:
    """A task's features in stored weights."""
    return start[f"{task}.features"].split("\n")[1:]  # type: ignore[no-any-return]


def restored(start: Mapping[str, Any]) -> dict[str, Tensor]:
    """Stored weights by PyTorch's names, as exact as they were stored."""
    mark, weight, bias, *states = graphs.constants(start["graph"])
    found = {"mark.weight": mark, "pr.weight": weight.T, "pr.bias": bias} | graphs.sides("rq", states)
    for task, labels in LABELS.items():
        own = {name: value for name, value in graphs.layer(start, task).items() if isinstance(value, np.ndarray)}
        bag = own.pop("features.weight") * own.pop("features.scale") / (1 - FEATURES_DROPPED)
        own["weights.weight"], own["embedded.weight"] = np.split(bag, [len(labels)], 1)
        found |= {f"tasks.{task}.{name}": value for name, value in own.items()}
    return layers.tensors(found)


def mean(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Stored weights with one vocabulary, averaged."""
    vocabularies = {task: names(parts[0], task) for task in LABELS}
    if any(names(part, task) != vocabularies[task] for part in parts for task in LABELS):
        raise ValueError("the readers have different vocabularies: train one with --start of the other")
    means = layers.mean([restored(part) for part in parts])
    return exported(means, vocabularies, parts[0]["types"].split(" "))

"""The labeller's weights between training (training/recurrent.py) and use (kg/recognize/recurrent.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from onnx import TensorProto
from torch import Tensor

from training import graphs, layers

_HEAD = 10  # constants of a head: two of its projection, six of its LSTMs, two of its scores


def exported(
    weights: graphs.Weights, heads: int, tags: Sequence[Sequence[str]], features: Iterable[str]
) -> dict[str, Any]:
    """The embeddings of features, the transitions, the vocabularies, and the rest as a graph.

    From states and bags to the heads' mean scores, and behind them the scores of the layers. ``tags`` are those of the
    heads and of each layer.
    """
    parts = [graphs.layer(weights, f"heads.{k}") for k in range(heads)]
    graph = graphs.Builder()
    scores, read = [], []
    for part in parts:
        wide = graph.node("Concat", "states", "bags", axis=2)
        wide = graph.node("Tanh", graph.linear(wide, part["pr.weight"], part["pr.bias"]))
        hidden = graph.lstm(wide, graphs.layer(part, "r"), graphs.layer(part, "q"))
        read.append(hidden)
        both = graph.node("Concat", hidden, "bags", axis=2)
        scores.append(graph.linear(both, part["out.weight"] / heads, part["out.bias"] / heads))
    every = graph.node("Concat", *read, "bags", axis=2)
    inner = [graphs.layer(weights, f"layers.{k}") for k in range(len(tags) - 1)]
    behind = [graph.linear(every, part["weight"], part["bias"]) for part in inner]
    total = graph.node("Concat", graph.node("Sum", *scores), *behind, axis=2)
    bag = weights["bag.weight"]
    size = parts[0]["pr.weight"].shape[1] - bag.shape[1]
    inputs = [("states", TensorProto.FLOAT, size), ("bags", TensorProto.FLOAT, bag.shape[1])]
    return {
        "graph": graph.build(inputs, total, sum(map(len, tags))),
        "bag": bag.astype(np.float16),
        "step": np.mean([part["tr"] for part in parts], 0).astype(np.float16),
        "first": np.mean([part["st"] for part in parts], 0).astype(np.float16),
        "tags": " ".join(tags[0]),
        "layers": "\n".join(" ".join(layer) for layer in tags[1:]),
        "features": "\n".join(["", *features]),
    }


def restored(start: Mapping[str, Any], heads: int) -> dict[str, Tensor]:
    """Stored weights by PyTorch's names, as exact as they were stored; all heads have the mean transitions."""
    constants = graphs.constants(start["graph"])
    found: graphs.Weights = {"bag.weight": start["bag"]}
    for k in range(heads):
        weight, bias, *states, out, out_bias = constants[k * _HEAD : (k + 1) * _HEAD]
        own = {"pr.weight": weight.T, "pr.bias": bias, "tr": start["step"], "st": start["first"]}
        own |= {"out.weight": out.T.astype(np.float32) * heads, "out.bias": out_bias.astype(np.float32) * heads}
        found |= {f"heads.{k}.{name}": value for name, value in (own | graphs.sides("rq", states)).items()}
    behind = constants[heads * _HEAD :]
    for k in range(len(behind) // 2):
        found |= {f"layers.{k}.weight": behind[2 * k].T, f"layers.{k}.bias": behind[2 * k + 1]}
    return layers.tensors(found)


def features(start: Mapping[str, Any]) -> dict[str, int]:
    """The features of stored weights, numbered from 1; 0 is none."""
    return {name: at for at, name in enumerate(start["features"].split("\n")) if at}


def mean(parts: Sequence[Mapping[str, Any]], heads: int) -> dict[str, Any]:
    """Stored weights with the same features, averaged."""
    if any(part["features"] != parts[0]["features"] for part in parts):
        raise ValueError("the labellers have different features: train one with --labeller of the other")
    means = layers.mean([restored(part, heads) for part in parts])
    tags = [row.split(" ") for row in (parts[0]["tags"], *parts[0]["layers"].split("\n"))]
    return exported(means, heads, tags, features(parts[0]))

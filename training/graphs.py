"""Trained layers as ONNX graphs, which onnxruntime applies.

The LSTMs' weights are stored as bytes and applied in whole numbers (a third of the time; onnxruntime quantizes the
values that come in); other weights are stored in half precision. Values are position × chunk × size; ``lengths`` holds
each chunk's number of characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Weights = dict[str, npt.NDArray[Any]]
_OPSET, _IR = 17, 9
_STEPS = 63  # 7 bits: on no processor do sums of two products run over 16 bits, so all give the same numbers


class Builder:
    """Collects the nodes of one graph; every method gives the name of its result."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._count = 0

    def constant(self, value: npt.NDArray[Any]) -> str:
        """Floating-point numbers are stored halved in size and widened when the graph is loaded."""
        name = self._name()
        if value.dtype.kind != "f":
            self._constants.append(numpy_helper.from_array(value, name))
            return name
        self._constants.append(numpy_helper.from_array(value.astype(np.float16), name))
        return self.node("Cast", name, to=TensorProto.FLOAT)

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        name = self._name()
        self._nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def linear(self, values: str, weight: npt.NDArray[Any], bias: npt.NDArray[Any]) -> str:
        product = self.node("MatMul", values, self.constant(np.ascontiguousarray(weight.T)))
        return self.node("Add", product, self.constant(bias))

    def lstm(self, values: str, left: Weights, right: Weights) -> str:
        """Both directions, their states side by side; the weights are named as PyTorch names them."""
        size = left["weight_hh_l0"].shape[1]
        order = gates(size)
        stacks = [np.stack([side[name][order] for side in (left, right)]) for name in ("weight_ih_l0", "weight_hh_l0")]
        biases = [np.concatenate([side[f"bias_{kind}_l0"][order] for kind in ("ih", "hh")]) for side in (left, right)]
        (given, given_scale), (kept, kept_scale) = (_quantized(stack) for stack in stacks)
        none = self.constant(np.zeros(given_scale.shape, np.int8))
        constants = [self.constant(value) for value in (given, kept, np.stack(biases))]
        scales = [self.constant(given_scale), none, self.constant(kept_scale), none]
        inputs = (values, *constants, "lengths", "", "", "", *scales)
        found = self.node(
            "DynamicQuantizeLSTM", *inputs, domain="com.microsoft", hidden_size=size, direction="bidirectional"
        )
        turned = self.node("Transpose", found, perm=[0, 2, 1, 3])
        return self.node("Reshape", turned, self.constant(np.array([0, 0, 2 * size], np.int64)))

    def build(self, inputs: Sequence[tuple[str, int, int]], output: str, size: int) -> npt.NDArray[np.uint8]:
        """The graph in bytes. Inputs are given by name, element type and size (0: a number at each position)."""
        told = [
            helper.make_tensor_value_info(name, kind, ["positions", "chunks", *([width] if width else [])])
            for name, kind, width in inputs
        ]
        told.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, ["chunks"]))
        result = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["positions", "chunks", size])
        graph = helper.make_graph(self._nodes, "graph", told, [result], self._constants)
        sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=sets, producer_name="")
        model.ir_version = _IR
        onnx.checker.check_model(model)
        return np.frombuffer(model.SerializeToString(deterministic=True), np.uint8)

    def _name(self) -> str:
        self._count += 1
        return f"v{self._count}"


def _quantized(stack: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Direction × output × input as bytes, direction × input × output, and the size of a step for each output."""
    scale = np.maximum(np.abs(stack).max(2), 1e-8).astype(np.float32) / _STEPS
    steps = np.rint(stack / scale[:, :, None]).astype(np.int8)
    return np.ascontiguousarray(steps.transpose(0, 2, 1)), scale


def gates(size: int) -> npt.NDArray[np.int64]:
    """Where the gates of PyTorch's LSTMs (ifgo) stand in the order of ONNX (iofg)."""
    return np.r_[0:size, 3 * size : 4 * size, size : 2 * size, 2 * size : 3 * size]


def constants(graph: npt.NDArray[np.uint8]) -> list[npt.NDArray[Any]]:
    """The numbers that a graph holds, in the order in which they were put in; shapes are left out."""
    model = onnx.load_from_string(graph.tobytes())
    return [value for value in map(numpy_helper.to_array, model.graph.initializer) if value.dtype != np.int64]


def sides(names: str, stored: Sequence[npt.NDArray[Any]]) -> Weights:
    """The left and the right LSTM, called by one letter each, from the six constants that Builder.lstm put in."""
    _, given, kept, biases, given_scale, kept_scale = stored
    order = np.argsort(gates(kept.shape[1]))
    found: Weights = {}
    for at, side in enumerate(names):
        for kind, steps, scale in (("ih", given, given_scale), ("hh", kept, kept_scale)):
            found[f"{side}.weight_{kind}_l0"] = (steps[at] * scale[at].astype(np.float32)).T[order]
        for kind, part in zip(("ih", "hh"), np.split(biases[at], 2), strict=True):
            found[f"{side}.bias_{kind}_l0"] = part[order]
    return found


def layer(weights: Weights, name: str) -> Weights:
    """The weights of one layer, by their own names."""
    return {key[len(name) + 1 :]: value for key, value in weights.items() if key.startswith(f"{name}.")}


def language(weights: Weights) -> npt.NDArray[np.uint8]:
    """Ids of characters → the embedding and the states of both directions."""
    graph = Builder()
    embedded = graph.node("Gather", graph.constant(weights["emb.weight"]), "ids")
    states = graph.lstm(embedded, layer(weights, "f"), layer(weights, "b"))
    together = graph.node("Concat", embedded, states, axis=2)
    size = weights["emb.weight"].shape[1] + 2 * weights["f.weight_hh_l0"].shape[1]
    return graph.build([("ids", TensorProto.INT64, 0)], together, size)


def write(saved: dict[str, Any], path: Path) -> None:
    """A zipped npz: a little larger than xz makes it, and read five times as fast."""
    np.savez_compressed(path, **saved)

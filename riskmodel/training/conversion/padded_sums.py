"""Sums along an axis of an ONNX graph, made independent of a row's position in its batch.

ONNX Runtime adds the numbers of a row in vectors of four, from the first address that is a multiple of 16 bytes. If the
length of rows is no multiple of four, that address depends on the row's position, and so do the order of the
additions and the last bits of the sum. Zeros at the end of the axis make the length a multiple of four and change no
sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

_VECTOR = 4
_SUMS = ("ReduceSum", "ReduceSumSquare", "ReduceMean")


def pad_sums(network: bytes) -> bytes:
    """The same network, in which sums and means along axes of other lengths are sums of padded ones, and a division.

    Args:
        network: An ONNX file, opset 13 to 17, whose first axis is the batch.
    """
    model = onnx.load_from_string(network)
    graph = model.graph
    known = onnx.shape_inference.infer_shapes(model).graph
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*known.value_info, *known.input, *known.output)
        if value.type.tensor_type.HasField("shape")
    }
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes: list[Any] = []
    for number, node in enumerate(graph.node):
        axis = _find_axis(node, shapes.get(node.input[0], []) if node.input else [], constants)
        if axis is None:
            nodes.append(node)
        else:
            nodes += _pad(node, axis, shapes[node.input[0]], f"padded_{number}", graph)
    del graph.node[:]
    graph.node.extend(nodes)
    padded: bytes = model.SerializeToString()
    return padded


def _find_axis(node: Any, shape: list[int], constants: dict[str, Any]) -> int | None:
    """The axis to pad; None where a node needs no padding, or where its axis or the length of it is not known."""
    if node.op_type not in _SUMS or not shape:
        return None
    listed = [attribute.ints for attribute in node.attribute if attribute.name == "axes"]
    axes = list(listed[0]) if listed else constants.get(node.input[1], []) if len(node.input) > 1 else []
    if len(axes) != 1:
        return None
    axis = int(axes[0]) % len(shape)
    return axis if axis > 0 and shape[axis] > _VECTOR and shape[axis] % _VECTOR else None


def _pad(node: Any, axis: int, shape: list[int], name: str, graph: Any) -> list[Any]:
    """The nodes that replace a sum or mean along an axis."""
    pads = np.zeros(2 * len(shape), np.int64)
    pads[len(shape) + axis] = -shape[axis] % _VECTOR
    is_mean = node.op_type == "ReduceMean"
    keepdims = next((attribute.i for attribute in node.attribute if attribute.name == "keepdims"), 1)
    operator = "ReduceSum" if is_mean else node.op_type
    total = f"{name}/sum" if is_mean else node.output[0]
    by_attribute = {"axes": [axis]} if operator == "ReduceSumSquare" else {}
    inputs = [f"{name}/cells"] if by_attribute else [f"{name}/cells", f"{name}/axes"]
    constants: dict[str, Any] = {"pads": pads}
    if not by_attribute:
        constants["axes"] = np.array([axis], np.int64)
    if is_mean:
        constants["count"] = np.array(shape[axis], np.float32)
    graph.initializer.extend(numpy_helper.from_array(value, f"{name}/{key}") for key, value in constants.items())
    nodes = [
        helper.make_node("Pad", [node.input[0], f"{name}/pads"], [f"{name}/cells"], name=f"{name}/pad"),
        helper.make_node(operator, inputs, [total], name=f"{name}/reduce", keepdims=keepdims, **by_attribute),
    ]
    if is_mean:
        nodes.append(helper.make_node("Div", [total, f"{name}/count"], [node.output[0]], name=f"{name}/divide"))
    return nodes

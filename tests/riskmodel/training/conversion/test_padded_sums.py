"""Padded sums compared with NumPy; graphs without odd lengths are unchanged."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from riskmodel.training.conversion.padded_sums import pad_sums

ORACLES = {"ReduceSum": np.sum, "ReduceMean": np.mean, "ReduceSumSquare": lambda x, **how: np.sum(x * x, **how)}


def reduction(operator: str, shape: list[int], axis: int, keepdims: int) -> bytes:
    axes = numpy_helper.from_array(np.array([axis], np.int64), "axes")
    given = {"inputs": ["x", "axes"]} if operator == "ReduceSum" else {"inputs": ["x"], "axes": [axis]}
    node = helper.make_node(operator, outputs=["y"], keepdims=keepdims, **given)
    ends = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, *shape]),
        helper.make_tensor_value_info("y", TensorProto.FLOAT, None),
    ]
    graph = helper.make_graph([node], "g", ends[:1], ends[1:], [axes] if operator == "ReduceSum" else [])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


@pytest.mark.parametrize("keepdims", [0, 1])
@pytest.mark.parametrize(("shape", "axis"), [([5], 1), ([5], -1), ([3, 7], 2), ([6, 1], 1), ([9, 2], -2)])
@pytest.mark.parametrize("operator", ORACLES)
def test_padded_sums_are_equal_and_independent_of_position(
    operator: str, shape: list[int], axis: int, keepdims: int
) -> None:
    padded = pad_sums(reduction(operator, shape, axis, keepdims))
    graph = onnx.load_from_string(padded).graph
    used = {name for node in graph.node for name in node.input}
    assert {tensor.name for tensor in graph.initializer} <= used | {"axes"}  # ONNX Runtime warns of others
    session = onnxruntime.InferenceSession(padded, providers=["CPUExecutionProvider"])
    cells = np.random.default_rng(0).standard_normal((64, *shape)).astype(np.float32)
    [whole] = session.run(["y"], {"x": cells})
    np.testing.assert_allclose(
        whole, ORACLES[operator](cells, axis=axis, keepdims=bool(keepdims)), rtol=1e-5, atol=1e-6
    )
    for start in range(1, 33):
        np.testing.assert_array_equal(
            session.run(["y"], {"x": cells[start : start + 16]})[0], whole[start : start + 16]
        )


@pytest.mark.parametrize(("shape", "axis"), [([4], 1), ([8], 1), ([3], 1), ([5], 0)])
def test_other_sums_are_unchanged(shape: list[int], axis: int) -> None:
    network = reduction("ReduceSum", shape, axis, 1)
    assert onnx.load_from_string(pad_sums(network)).graph.node == onnx.load_from_string(network).graph.node

"""From a trained network to ONNX, the only form in which a model scores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import tf2onnx

from riskmodel.errors import TrainingError
from riskmodel.features.model_input import InputShape
from riskmodel.networks.backend import keras, tf
from riskmodel.networks.members import average_log_odds

ops = keras.ops

OPSET = 17
_TOLERANCE = 1e-5
_CHECKED_ROWS = 256
_CHECKED_LEVELS = 2  # every embedded column has at least the indices 0 (unknown) and 1 (missing)


@dataclass(frozen=True, eq=False)
class BlendedNetwork:
    """A network among those that score together.

    Attributes:
        model: Takes ``numerical`` and/or ``categorical``, returns log-odds (n, members).
        positions: Columns of the common numerical array that it takes, in its order.
        weight: Its share of the mean probability.
    """

    model: Any
    positions: tuple[int, ...]
    weight: float


def to_onnx(networks: Sequence[BlendedNetwork], shape: InputShape) -> bytes:
    """The networks as one ONNX graph, opset 17, checked against the Keras models it came from.

    Converted straight from the traced function; ``keras.Model.export`` takes up to three times as long, since it goes
    through a SavedModel on disk.

    Args:
        shape: Of the common inputs.

    Shape:
        Inputs ``numerical`` float32 (n, d) and/or ``categorical`` int32 (n, c), n free. Output ``log_odds`` float32
        (n, 1), of the weighted mean of the networks' probabilities.

    Raises:
        TrainingError: The log-odds of ONNX Runtime differ from Keras's by more than 1e-5 of their size.
    """
    signature = {}
    if shape.num_numerical:
        signature["numerical"] = tf.TensorSpec([None, shape.num_numerical], tf.float32, "numerical")
    if shape.cardinalities:
        signature["categorical"] = tf.TensorSpec([None, len(shape.cardinalities)], tf.int32, "categorical")
    predict = tf.function(
        lambda inputs: {"log_odds": _blend(networks, inputs)}, autograph=False, input_signature=[signature]
    )
    with tf.device("/CPU:0"):
        converted, _ = tf2onnx.convert.from_function(predict, input_signature=[signature], opset=OPSET)
    network: bytes = converted.SerializeToString()
    _check_equal(networks, shape, network)
    return network


def _blend(networks: Sequence[BlendedNetwork], inputs: dict[str, Any]) -> Any:
    """Log-odds (n, 1) of the weighted mean probability, without ever leaving the logarithms."""
    if len(networks) == 1:
        return average_log_odds(_call(networks[0], inputs))
    bad, good = [], []
    for network in networks:
        log_odds = average_log_odds(_call(network, inputs))
        bad.append(math.log(network.weight) - ops.softplus(-log_odds))
        good.append(math.log(network.weight) - ops.softplus(log_odds))
    sums = [ops.logsumexp(ops.concatenate(each, axis=1), axis=1, keepdims=True) for each in (bad, good)]
    return sums[0] - sums[1]


def _call(network: BlendedNetwork, inputs: dict[str, Any]) -> Any:
    own = {tensor.name: inputs[tensor.name] for tensor in network.model.inputs}
    if "numerical" in own and network.positions != tuple(range(own["numerical"].shape[1])):
        own["numerical"] = ops.take(own["numerical"], list(network.positions), axis=1)
    return network.model(own, training=False)


def _check_equal(networks: Sequence[BlendedNetwork], shape: InputShape, network: bytes) -> None:
    inputs = _make_inputs(shape)
    expected = _blend(networks, {name: tf.constant(array) for name, array in inputs.items()}).numpy()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    received = session.run(["log_odds"], {each.name: inputs[each.name] for each in session.get_inputs()})[0]
    # Relative to the size as well: float32 holds seven digits, and log-odds of 1000 cannot agree to 1e-5.
    difference = np.abs(received - expected) / np.maximum(1.0, np.abs(expected))
    if received.shape != expected.shape or not np.all(difference <= _TOLERANCE):
        raise TrainingError(
            f"The exported network must give the trained one's log-odds to within {_TOLERANCE:g}; they differ by up "
            f"to {np.max(difference):.3g}. The run's weights may have grown too large: try a smaller learning rate."
        )


def _make_inputs(shape: InputShape) -> dict[str, npt.NDArray[Any]]:
    random = np.random.default_rng(0)
    inputs: dict[str, npt.NDArray[Any]] = {}
    if shape.num_numerical:
        inputs["numerical"] = random.standard_normal((_CHECKED_ROWS, shape.num_numerical), dtype=np.float32)
    if shape.cardinalities:
        inputs["categorical"] = random.integers(
            0, _CHECKED_LEVELS, size=(_CHECKED_ROWS, len(shape.cardinalities)), dtype=np.int32
        )
    return inputs

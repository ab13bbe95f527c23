"""From a trained network to ONNX, the only form in which a model scores."""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import tf2onnx

from riskmodel.errors import TrainingError
from riskmodel.networks.backend import tf
from riskmodel.networks.members import average_log_odds

OPSET = 17
_TOLERANCE = 1e-5
_CHECKED_ROWS = 256
_CHECKED_LEVELS = 2  # every embedded column has at least the indices 0 (unknown) and 1 (missing)


def to_onnx(model: Any) -> bytes:
    """The network as ONNX, opset 17, checked against the Keras model it came from.

    Converted straight from the traced function; ``keras.Model.export`` takes up to three times as long, since it goes
    through a SavedModel on disk.

    Shape:
        Inputs as the model's: ``numerical`` float32 (n, d) and/or ``categorical`` int32 (n, c), n free.
        Output ``log_odds`` float32 (n, 1).

    Raises:
        TrainingError: The log-odds of ONNX Runtime differ from Keras's by more than 1e-5 of their size.
    """
    signature = {
        tensor.name: tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype, tensor.name) for tensor in model.inputs
    }
    predict = tf.function(
        lambda inputs: {"log_odds": average_log_odds(model(inputs, training=False))},
        autograph=False,
        input_signature=[signature],
    )
    with tf.device("/CPU:0"):
        converted, _ = tf2onnx.convert.from_function(predict, input_signature=[signature], opset=OPSET)
    network: bytes = converted.SerializeToString()
    _check_equal(model, network)
    return network


def _check_equal(model: Any, network: bytes) -> None:
    inputs = _make_inputs(model)
    expected = average_log_odds(model(inputs, training=False)).numpy()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    received = session.run(["log_odds"], inputs)[0]
    # Relative to the size as well: float32 holds seven digits, and log-odds of 1000 cannot agree to 1e-5.
    difference = np.abs(received - expected) / np.maximum(1.0, np.abs(expected))
    if received.shape != expected.shape or not np.all(difference <= _TOLERANCE):
        raise TrainingError(
            f"The exported network must give the trained one's log-odds to within {_TOLERANCE:g}; they differ by up "
            f"to {np.max(difference):.3g}. The run's weights may have grown too large: try a smaller learning rate."
        )


def _make_inputs(model: Any) -> dict[str, npt.NDArray[Any]]:
    random = np.random.default_rng(0)
    inputs: dict[str, npt.NDArray[Any]] = {}
    for tensor in model.inputs:
        shape = (_CHECKED_ROWS, tensor.shape[1])
        if tensor.dtype == "int32":
            inputs[tensor.name] = random.integers(0, _CHECKED_LEVELS, size=shape, dtype=np.int32)
        else:
            inputs[tensor.name] = random.standard_normal(shape, dtype=np.float32)
    return inputs

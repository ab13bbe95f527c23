"""Export of trained networks to ONNX, the format in which models score."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from riskmodel.errors import TrainingError
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import BACKEND, keras
from riskmodel.scoring.model.onnx_graph import check_graph
from riskmodel.training.conversion.padded_sums import pad_sums
from riskmodel.training.engines.blended import BlendedNetwork, blended_log_odds
from riskmodel.training.progress import EpochResult, TrainingListener, report_config

if BACKEND == "jax":
    from riskmodel.training.conversion.jax_onnx import convert_to_onnx, prepare_conversion
else:
    from riskmodel.training.conversion.tensorflow_onnx import convert_to_onnx, prepare_conversion

ops = keras.ops

_TOLERANCE = 1e-5
_CHECKED_ROWS = 256
_CHECKED_LEVELS = 2  # every embedded column has at least the indices 0 (unknown) and 1 (missing)


class PreparedExport:
    """A listener that forwards everything to another and prepares the export after the first epoch.

    Not earlier: until then the processor compiles, and the analyst waits for the first point of the curve.
    """

    def __init__(self, listener: TrainingListener) -> None:
        self._listener = listener
        self._is_prepared = False
        self.on_phase = listener.on_phase
        self.on_log = listener.on_log
        self.on_config = partial(report_config, listener)
        self.on_slice = listener.on_slice
        self.should_stop = listener.should_stop

    def on_epoch(self, result: EpochResult) -> None:
        """An epoch is done."""
        self._listener.on_epoch(result)
        if not self._is_prepared:
            self._is_prepared = True
            prepare_conversion()


def to_onnx(networks: Sequence[BlendedNetwork], shape: InputShape) -> bytes:
    """The networks as one ONNX graph, opset 17, checked against the Keras models.

    Args:
        shape: Of the common inputs.

    Shape:
        Inputs ``numerical`` float32 (n, d) and/or ``categorical`` int32 (n, c), n free. Output ``log_odds`` float32
        (n, 1), of the weighted mean of the networks' probabilities.

    Raises:
        TrainingError: The log-odds of ONNX Runtime differ from Keras's by more than 1e-5 of their size.
    """
    network = pad_sums(convert_to_onnx(networks, shape))
    check_graph(network)
    _check_equal(networks, shape, network)
    return network


def _check_equal(networks: Sequence[BlendedNetwork], shape: InputShape, network: bytes) -> None:
    inputs = _make_inputs(shape)
    placed = {name: ops.convert_to_tensor(array) for name, array in inputs.items()}
    expected = ops.convert_to_numpy(blended_log_odds(networks, placed))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    received = session.run(["log_odds"], {node.name: inputs[node.name] for node in session.get_inputs()})[0]
    # Also relative: float32 has seven digits, so log-odds of 1000 cannot agree to 1e-5.
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

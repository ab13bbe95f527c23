"""ONNX export from TensorFlow."""

import logging
import os
from collections.abc import Sequence
from functools import partial
from typing import Any

import tf2onnx

from riskmodel.inputs.shape import InputShape
from riskmodel.networks.architectures.additive import CONTRIBUTIONS
from riskmodel.networks.backend import keras, tf
from riskmodel.training.engines.blended import BlendedNetwork, blended_log_odds

OPSET = 17

_RAISES = "TF2ONNX_CATCH_ERRORS"
"""Set to any value, an optimization of the graph that fails raises. Else the graph is copied before each, which takes
nearly half of the time of the conversion."""

os.environ.setdefault(_RAISES, "FALSE")

_log = logging.getLogger(__name__)


def prepare_conversion() -> None:
    """Nothing to prepare: the converter is in this process."""


def convert_to_onnx(networks: Sequence[BlendedNetwork], shape: InputShape) -> bytes:
    """The networks as one ONNX graph, whose inputs have ``shape``; not yet checked.

    A single additive network has a second output, ``contributions``.

    Converted straight from the traced function; ``keras.Model.export`` takes up to three times as long, since it
    writes a SavedModel to disk.
    """
    signature = {}
    if shape.num_numerical:
        signature["numerical"] = tf.TensorSpec([None, shape.num_numerical], tf.float32, "numerical")
    if shape.cardinalities:
        signature["categorical"] = tf.TensorSpec([None, len(shape.cardinalities)], tf.int32, "categorical")
    outputs = partial(_outputs, networks, _contributions(networks))
    predict = tf.function(outputs, autograph=False, input_signature=[signature])
    convert = partial(tf2onnx.convert.from_function, predict, input_signature=[signature], opset=OPSET)
    with tf.device("/CPU:0"):
        try:
            converted, _ = convert()
        except Exception:  # noqa: BLE001  # of any kind: the network is converted without the optimization
            _log.warning("An optimization of the ONNX graph failed; it is left out.", exc_info=True)
            os.environ.pop(_RAISES, None)
            converted, _ = convert()
    network: bytes = converted.SerializeToString()
    return network


def _contributions(networks: Sequence[BlendedNetwork]) -> Any:
    """Submodel that returns the column contributions of a single additive network; None for any other."""
    if len(networks) != 1 or not networks[0].model.blueprint.config.sums_columns:
        return None
    model = networks[0].model
    return keras.Model(model.input, model.get_layer(CONTRIBUTIONS).output)


def _outputs(networks: Sequence[BlendedNetwork], contributions: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    outputs = {"log_odds": blended_log_odds(networks, inputs)}
    if contributions is not None:
        outputs[CONTRIBUTIONS] = contributions(inputs, training=False)
    return outputs

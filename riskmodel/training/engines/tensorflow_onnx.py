"""To ONNX from TensorFlow."""

from collections.abc import Sequence

import tf2onnx

from riskmodel.features.model_input import InputShape
from riskmodel.networks.backend import tf
from riskmodel.training.blended import BlendedNetwork, blended_log_odds

OPSET = 17


def prepare_conversion() -> None:
    """Nothing to prepare: the converter is in this process."""


def convert_to_onnx(networks: Sequence[BlendedNetwork], shape: InputShape) -> bytes:
    """The networks as one ONNX graph, whose inputs have ``shape``; not yet checked.

    Converted straight from the traced function; ``keras.Model.export`` takes up to three times as long, since it goes
    through a SavedModel on disk.
    """
    signature = {}
    if shape.num_numerical:
        signature["numerical"] = tf.TensorSpec([None, shape.num_numerical], tf.float32, "numerical")
    if shape.cardinalities:
        signature["categorical"] = tf.TensorSpec([None, len(shape.cardinalities)], tf.int32, "categorical")
    predict = tf.function(
        lambda inputs: {"log_odds": blended_log_odds(networks, inputs)}, autograph=False, input_signature=[signature]
    )
    with tf.device("/CPU:0"):
        converted, _ = tf2onnx.convert.from_function(predict, input_signature=[signature], opset=OPSET)
    network: bytes = converted.SerializeToString()
    return network

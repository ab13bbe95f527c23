"""The residual multi-layer perceptron (Gorishniy 2021, arXiv 2106.11959, "ResNet")."""

from typing import Any

from riskmodel.config.architectures.resnet import ResnetConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.encodings import encoded_parts
from riskmodel.networks.blocks.inputs import NetworkInputs, join
from riskmodel.networks.blocks.layers import Dropout
from riskmodel.networks.blocks.seeds import Seeds


def log_odds(config: ResnetConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1).

    First a linear layer to the width; then blocks x + Dense(dropout(ReLU(Dense(BatchNorm(x))))); last Dense(ReLU(
    BatchNorm(x))).
    """
    parts, _ = encoded_parts(config, inputs, seeds)
    outputs = _dense(config.width, seeds, "first")(join(parts))
    for number in range(1, config.blocks + 1):
        inside = keras.layers.BatchNormalization(name=f"normalization_{number}")(outputs)
        inside = _dense(config.hidden_width, seeds, f"in_{number}")(inside)
        inside = keras.layers.Activation("relu", name=f"activation_{number}")(inside)
        if config.dropout > 0:
            inside = Dropout(config.dropout, seed=seeds.next(), name=f"dropout_{number}")(inside)
        outputs = outputs + _dense(config.width, seeds, f"out_{number}")(inside)
    outputs = keras.layers.BatchNormalization(name="normalization")(outputs)
    outputs = keras.layers.Activation("relu", name="activation")(outputs)
    return _dense(1, seeds, "log_odds")(outputs)


def _dense(units: int, seeds: Seeds, name: str) -> Any:
    return keras.layers.Dense(units, kernel_initializer=initializers.GlorotUniform(seed=seeds.next()), name=name)

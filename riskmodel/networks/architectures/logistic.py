"""Logistic regression."""

from typing import Any

from riskmodel.config.architectures.logistic import LogisticConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs
from riskmodel.networks.blocks.layers import sum_last
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops


def log_odds(config: LogisticConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1): one weight per number and 0/1 input, one per embedded category, and a bias."""
    penalty = keras.regularizers.L2(config.l2) if config.l2 > 0 else None
    parts = []
    if inputs.shape.num_numerical:
        parts.append(inputs.numbers)
    levels = None
    if inputs.shape.cardinalities:
        levels = ops.expand_dims(sum_last(inputs.embedded(1, seed=seeds.next(), regularizer=penalty)), 1)
    if not parts:
        return Bias(name="bias")(levels)
    log_odds = keras.layers.Dense(
        1,
        kernel_initializer=initializers.GlorotUniform(seed=seeds.next()),
        kernel_regularizer=penalty,
        name="log_odds",
    )(parts[0])
    return log_odds if levels is None else log_odds + levels


class Bias(keras.layers.Layer):  # type: ignore[misc]
    """Adds one learned number. Input and output float32 (n, 1)."""

    def build(self, input_shape: Any) -> None:
        """Make the number."""
        self.bias = self.add_weight(name="bias", shape=(1,), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Add."""
        return inputs + self.bias

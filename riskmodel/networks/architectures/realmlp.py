"""RealMLP: a multi-layer perceptron whose parametrization, inputs and learning rates were tuned over many data sets.

Holzmüller, Grinsztajn & Steinwart 2024, arXiv 2407.04491 ("RealMLP-TD"). Omitted: label smoothing, which distorts
probabilities, and the data-driven initial biases.
"""

import math
from typing import Any

from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs, join
from riskmodel.networks.blocks.layers import Dropout
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops

_SCALE_RATE = 6.0
_BIAS_RATE = 0.1
_MIX_RATE = 0.1


class SmoothClip(keras.layers.Layer):  # type: ignore[misc]
    """x / √(1 + (x / 3)²): nearly x around 0, within ±3 everywhere. Input and output float32 (n, d)."""

    def call(self, inputs: Any) -> Any:
        """Apply the soft clip."""
        return inputs / ops.sqrt(1.0 + ops.square(inputs / 3.0))


class PeriodicEncoding(keras.layers.Layer):  # type: ignore[misc]
    """Each number with linear combinations of its periodic features ("PBLD": periodic, bias, linear, dense).

    ``[x, W₂ cos(2π x w₁ + b₁) + b₂]`` with weights per column; w₁ starts normal with deviation ``frequency_scale``,
    b₁ uniform in ±π.

    Shape:
        Input float32 (n, d); output float32 (n, d * dimension), column by column.
    """

    def __init__(
        self, frequencies: int, dimension: int, *, frequency_scale: float, seeds: tuple[int, int, int], name: str
    ) -> None:
        super().__init__(name=name)
        self.frequencies = frequencies
        self.dimension = dimension
        self.frequency_scale = frequency_scale
        self.seeds = seeds

    def build(self, input_shape: Any) -> None:
        """Make the weights of all columns."""
        columns, mixed = input_shape[-1], self.dimension - 1
        first, second, third = self.seeds
        bound = 1.0 / math.sqrt(self.frequencies)
        self.frequency = self.add_weight(
            name="frequency",
            shape=(columns, self.frequencies),
            initializer=initializers.RandomNormal(stddev=self.frequency_scale, seed=first),
        )
        self.phase = self.add_weight(
            name="phase",
            shape=(columns, self.frequencies),
            initializer=initializers.RandomUniform(-math.pi, math.pi, seed=second),
        )
        self.kernel = self.add_weight(
            name="kernel",
            shape=(columns, self.frequencies, mixed),
            initializer=initializers.RandomUniform(-bound, bound, seed=third),
        )
        self.bias = self.add_weight(name="bias", shape=(columns, mixed), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Compute and combine the periodic features."""
        waves = ops.cos(2.0 * math.pi * ops.expand_dims(inputs, -1) * self.frequency + self.phase)
        mixed = ops.matmul(ops.transpose(waves, (1, 0, 2)), self.kernel)  # (d, n, dimension − 1)
        mixed = ops.transpose(mixed, (1, 0, 2)) + self.bias
        both = ops.concatenate([ops.expand_dims(inputs, -1), mixed], axis=-1)
        return ops.reshape(both, (-1, inputs.shape[-1] * self.dimension))


class InputScale(keras.layers.Layer):  # type: ignore[misc]
    """One learned factor per input, at six times the learning rate: soft feature selection. (n, d) in and out."""

    def build(self, input_shape: Any) -> None:
        """Make the factors, (d,)."""
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        self.scale.rate_factor = _SCALE_RATE

    def call(self, inputs: Any) -> Any:
        """Scale each input."""
        return inputs * self.scale


class TangentDense(keras.layers.Layer):  # type: ignore[misc]
    """A dense layer in the neural-tangent parametrization: x W / √d + b, W initialized normal with deviation 1.

    Biases learn at a tenth of the rate and do not decay. Input float32 (n, d); output float32 (n, units).
    """

    def __init__(self, units: int, *, seed: int, name: str) -> None:
        super().__init__(name=name)
        self.units = units
        self.seed = seed

    def build(self, input_shape: Any) -> None:
        """Make W (d, units) and b (units,)."""
        start = initializers.RandomNormal(stddev=1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units), initializer=start)
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        self.bias.rate_factor = _BIAS_RATE
        self.bias.decays = False

    def call(self, inputs: Any) -> Any:
        """Multiply and add."""
        return ops.matmul(inputs, self.kernel) / math.sqrt(inputs.shape[-1]) + self.bias


class MixedSelu(keras.layers.Layer):  # type: ignore[misc]
    """x + a · (selu(x) − x) with one learned a per unit, 1 at the start: learned nonlinearity. (n, d) both."""

    def build(self, input_shape: Any) -> None:
        """Make a, (d,)."""
        self.mix = self.add_weight(name="mix", shape=(input_shape[-1],), initializer="ones")
        self.mix.rate_factor = _MIX_RATE

    def call(self, inputs: Any) -> Any:
        """Apply the activation."""
        return inputs + self.mix * (ops.selu(inputs) - inputs)


def log_odds(config: RealMlpConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1) on encoded numbers, 0/1 inputs and embedded categories."""
    shape = inputs.shape
    parts: list[Any] = []
    if shape.values:
        values = SmoothClip(name="smooth_clip")(inputs.take(shape.values))
        if config.frequencies:
            values = PeriodicEncoding(
                config.frequencies,
                config.encoding_dimension,
                frequency_scale=config.frequency_scale,
                seeds=(seeds.next(), seeds.next(), seeds.next()),
                name="numeric_encoding",
            )(values)
        parts.append(values)
    if shape.indicators:
        parts.append(inputs.take(shape.indicators))
    if shape.cardinalities:
        parts.append(inputs.embedded(config.embedding_dimension, seed=seeds.next()))
    outputs = InputScale(name="input_scale")(join(parts))
    for number, units in enumerate(config.units, start=1):
        outputs = TangentDense(units, seed=seeds.next(), name=f"dense_{number}")(outputs)
        outputs = MixedSelu(name=f"activation_{number}")(outputs)
        if config.dropout > 0:
            outputs = Dropout(config.dropout, seed=seeds.next(), name=f"dropout_{number}")(outputs)
    return TangentDense(1, seed=seeds.next(), name="log_odds")(outputs)

"""Layers with monotone effects of some of their inputs."""

from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.errors import ConfigError
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers

ops = keras.ops

Signs = npt.NDArray[np.float32]
"""For each input 1 where outputs may only rise with it, −1 where they may only fall, 0 where they are free."""


def value_signs(config: MonotoneConfig, shape: InputShape) -> Signs:
    """The direction of each number, float32 (d,), in the order of ``shape.values``.

    Raises:
        ConfigError: a chosen column is not a number among the inputs.
        ValueError: the directions are not yet estimated from the data.
    """
    if config.monotone == "data":
        raise ValueError("Directions from data must be resolved before building a network: resolve_directions.")
    signs = np.zeros(len(shape.values), np.float32)
    if config.monotone == "none":
        return signs
    place = {value: number for number, value in enumerate(shape.values)}
    numbers = {feature.column: place[feature.value] for feature in shape.features if feature.value is not None}
    for names, sign in ((config.increasing, 1.0), (config.decreasing, -1.0)):
        for name in names:
            if name not in numbers:
                raise ConfigError(
                    f"Monotone column '{name}' is not among the network's numerical inputs. Choose "
                    "numerical columns that vary, or remove the constraint."
                )
            signs[numbers[name]] = sign
    return signs


def with_signs(weights: Any, signs: Signs) -> Any:
    """The weights, with their absolute value times the sign where the sign is not 0; ``signs`` broadcasts."""
    if not signs.any():
        return weights
    free = (signs == 0).astype(np.float32)
    return weights * free + ops.abs(weights) * signs


class SignedDense(keras.layers.Layer):  # type: ignore[misc]
    """A dense layer whose weights have the sign of their input's direction (Runje & Shankaranarayana 2023).

    Input float32 (..., d); output float32 (..., units).

    Args:
        signs: (d,), see :data:`Signs`.
    """

    def __init__(self, units: int, signs: Signs, *, seed: int, regularizer: Any = None, name: str) -> None:
        super().__init__(name=name)
        self.units = units
        self.signs = signs
        self.seed = seed
        self.regularizer = regularizer

    def build(self, input_shape: Any) -> None:
        """Make the weights (d, units) and biases (units,)."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.units),
            initializer=initializers.GlorotUniform(seed=self.seed),
            regularizer=self.regularizer,
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Multiply and add."""
        return ops.matmul(inputs, with_signs(self.kernel, self.signs[:, None])) + self.bias


class MonotoneActivation(keras.layers.Layer):  # type: ignore[misc]
    """Non-decreasing activations: a third of the units convex, a third concave, a third saturating.

    With a convex activation a alone, networks of non-negative weights are convex functions; a third of −a(−x) and a
    third that is a(x + 1) − a(1) below 0 and a(1) − a(1 − x) above make any monotone function possible (Runje &
    Shankaranarayana 2023, arXiv 2205.11775). Input and output float32 (..., units).
    """

    def __init__(self, activation: str, *, name: str) -> None:
        super().__init__(name=name)
        self.function = keras.activations.get(activation)

    def call(self, inputs: Any) -> Any:
        """Apply the activation."""
        units = inputs.shape[-1]
        first, second = (units + 2) // 3, (units + 2) // 3 + (units + 1) // 3
        convex, concave, saturated = inputs[..., :first], inputs[..., first:second], inputs[..., second:]
        activation = self.function
        one = activation(ops.ones_like(saturated))
        below = activation(ops.minimum(saturated, 0.0) + 1.0) - one
        above = one - activation(1.0 - ops.maximum(saturated, 0.0))
        return ops.concatenate([activation(convex), -activation(-concave), below + above], axis=-1)

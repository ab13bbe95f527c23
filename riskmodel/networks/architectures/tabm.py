"""TabM-mini: an ensemble of networks that share all weights except an adapter and an output each."""

from typing import Any

import numpy as np

from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.encodings import encoded_parts
from riskmodel.networks.blocks.inputs import NetworkInputs, join
from riskmodel.networks.blocks.layers import Dropout, sum_last
from riskmodel.networks.blocks.monotone import MonotoneActivation, SignedDense, Signs, value_signs, with_signs
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops


class MemberScale(keras.layers.Layer):  # type: ignore[misc]
    """One elementwise scale per member: the adapter that makes members differ.

    At the start all values of one feature share a random number per member (normal), or are random signs where
    every value is a feature of its own, as in the authors' package.

    Args:
        widths: Number of adjacent values of each feature; they sum to the input's width.
        positive: (width,), 1 for values whose scales must not be negative, else 0.

    Shape:
        Input float32 (n, width); output float32 (n, members, width).
    """

    def __init__(
        self, members: int, widths: tuple[int, ...], positive: Signs, *, is_normal: bool, seed: int, name: str
    ) -> None:
        super().__init__(name=name)
        self.positive = positive
        self.members = members
        self.widths = widths
        self.is_normal = is_normal
        self.seed = seed

    def build(self, input_shape: Any) -> None:
        """Make the scales, (members, width)."""
        random = np.random.default_rng(self.seed)
        shape = (self.members, len(self.widths))
        start = random.standard_normal(shape) if self.is_normal else random.choice([-1.0, 1.0], shape)
        spread = np.repeat(start, self.widths, axis=1).astype(np.float32)
        self.scale = self.add_weight(
            name="scale", shape=spread.shape, initializer=lambda shape, dtype=None: ops.convert_to_tensor(spread)
        )

    def call(self, inputs: Any) -> Any:
        """Scale the inputs per member."""
        return ops.expand_dims(inputs, 1) * with_signs(self.scale, self.positive)


class MemberOutputs(keras.layers.Layer):  # type: ignore[misc]
    """A linear output per member.

    Args:
        is_monotone: Whether log-odds must rise with every input.

    Shape:
        Input float32 (n, members, width); output float32 (n, members), log-odds.
    """

    def __init__(self, *, is_monotone: bool = False, seed: int, name: str) -> None:
        super().__init__(name=name)
        self.is_monotone = is_monotone
        self.seed = seed

    def build(self, input_shape: Any) -> None:
        """Make the weights (members, width) and biases (members,)."""
        _, members, width = input_shape
        bound = 1.0 / np.sqrt(width)
        start = initializers.RandomUniform(-bound, bound, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=(members, width), initializer=start)
        self.bias = self.add_weight(name="bias", shape=(members,), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """The log-odds of each member."""
        kernel = ops.abs(self.kernel) if self.is_monotone else self.kernel
        return sum_last(inputs * kernel) + self.bias


def log_odds(config: TabmConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The members' log-odds (n, members) on encoded numbers, 0/1 inputs and embedded categories."""
    numbers = value_signs(config, inputs.shape)
    parts, widths = encoded_parts(config, inputs, seeds, numbers)
    # A piecewise-linear encoding has already inverted decreasing numbers.
    if config.numeric_encoding == "piecewise":
        numbers = np.abs(numbers)
    signs = np.concatenate([numbers, np.zeros(len(widths) - len(numbers), np.float32)])
    return member_log_odds(config, join(parts), tuple(widths), seeds, signs)


def member_log_odds(
    config: TabmConfig, inputs: Any, widths: tuple[int, ...], seeds: Seeds, signs: Signs | None = None
) -> Any:
    """The members' log-odds (n, members) on top of ``inputs`` (n, width).

    Each hidden layer is Dense, ReLU, dropout, shared by the members.

    Args:
        widths: As for :class:`MemberScale`.
        signs: Of each feature, see ``monotone.Signs``; with a direction among them, the layers are monotone ones.
    """
    directions = np.zeros(len(widths), np.float32) if signs is None else signs
    is_monotone = bool(directions.any())
    spread = np.repeat(directions, widths)
    is_normal = any(width > 1 for width in widths)
    scale = MemberScale(
        config.members, widths, np.abs(spread), is_normal=is_normal, seed=seeds.next(), name="member_scale"
    )
    outputs = scale(inputs)
    width = sum(widths)
    # One matrix of n * members rows: a single matrix product is fastest.
    outputs = ops.reshape(outputs, (-1, width))
    for number, units in enumerate(config.units, start=1):
        if is_monotone:
            directions = spread if number == 1 else np.ones(width, np.float32)
            outputs = SignedDense(units, directions, seed=seeds.next(), name=f"dense_{number}")(outputs)
            outputs = MonotoneActivation("relu", name=f"activation_{number}")(outputs)
        else:
            outputs = _free_layer(units, width, seeds, number)(outputs)
        if config.dropout > 0:
            outputs = Dropout(config.dropout, seed=seeds.next(), name=f"dropout_{number}")(outputs)
        width = units
    outputs = ops.reshape(outputs, (-1, config.members, width))
    return MemberOutputs(is_monotone=is_monotone, seed=seeds.next(), name="log_odds")(outputs)


def _free_layer(units: int, width: int, seeds: Seeds, number: int) -> Any:
    bound = 1.0 / np.sqrt(width)
    return keras.layers.Dense(
        units,
        activation="relu",
        kernel_initializer=initializers.RandomUniform(-bound, bound, seed=seeds.next()),
        name=f"dense_{number}",
    )

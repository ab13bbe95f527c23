"""The feature-tokenizer transformer (Gorishniy 2021, arXiv 2106.11959)."""

import math
from typing import Any

from riskmodel.config.architectures.ft_transformer import FtTransformerConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs
from riskmodel.networks.blocks.layers import Dropout
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops


class FeatureTokens(keras.layers.Layer):  # type: ignore[misc]
    """A token of ``width`` numbers for each number: x times one learned vector, plus another.

    Input float32 (n, d); output float32 (n, d, width).
    """

    def __init__(self, width: int, *, seeds: Seeds, name: str) -> None:
        super().__init__(name=name)
        self.width = width
        self.seeds = (seeds.next(), seeds.next())

    def build(self, input_shape: Any) -> None:
        """Make the vectors, (d, width) each."""
        bound = 1.0 / math.sqrt(self.width)
        shape = (input_shape[-1], self.width)
        starts = [initializers.RandomUniform(-bound, bound, seed=seed) for seed in self.seeds]
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=starts[0])
        self.bias = self.add_weight(name="bias", shape=shape, initializer=starts[1])

    def call(self, inputs: Any) -> Any:
        """Make the tokens."""
        return ops.expand_dims(inputs, -1) * self.kernel + self.bias


class ClassToken(keras.layers.Layer):  # type: ignore[misc]
    """A learned class token before the others, for the output: (n, t, width) to (n, t + 1, width)."""

    def __init__(self, *, seed: int, name: str) -> None:
        super().__init__(name=name)
        self.seed = seed

    def build(self, input_shape: Any) -> None:
        """Make the token, (width,)."""
        bound = 1.0 / math.sqrt(input_shape[-1])
        self.token = self.add_weight(
            name="token",
            shape=(input_shape[-1],),
            initializer=initializers.RandomUniform(-bound, bound, seed=self.seed),
        )

    def call(self, inputs: Any) -> Any:
        """Prepend the token."""
        return ops.concatenate([ops.zeros_like(inputs[:, :1]) + self.token, inputs], axis=1)


class Attention(keras.layers.Layer):  # type: ignore[misc]
    """Multi-head attention of tokens to each other (Vaswani 2017). Input and output float32 (n, t, width).

    Args:
        only_first: Whether only the first token attends; the output is then (n, 1, width).
    """

    def __init__(self, heads: int, dropout: float, *, only_first: bool, seeds: Seeds, name: str) -> None:
        super().__init__(name=name)
        self.heads = heads
        self.only_first = only_first
        self.seeds = tuple(seeds.next() for _ in range(4))
        self.dropout = Dropout(dropout, seed=seeds.next(), name="dropout") if dropout > 0 else None

    def build(self, input_shape: Any) -> None:
        """Make the four matrices (width, width) and their biases."""
        width = input_shape[-1]
        self.kernels = []
        self.biases = []
        for name, seed in zip(("query", "key", "value", "out"), self.seeds, strict=True):
            start = initializers.GlorotUniform(seed=seed)
            self.kernels.append(self.add_weight(name=name, shape=(width, width), initializer=start))
            self.biases.append(self.add_weight(name=f"{name}_bias", shape=(width,), initializer="zeros"))

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Attend."""
        asking = inputs[:, :1] if self.only_first else inputs
        query, key, value = (self._heads(values, part) for part, values in enumerate((asking, inputs, inputs)))
        size = inputs.shape[-1] // self.heads
        attention = ops.softmax(ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / math.sqrt(size), axis=-1)
        if self.dropout is not None:
            attention = self.dropout(attention, training=training)
        both = ops.transpose(ops.matmul(attention, value), (0, 2, 1, 3))
        joined = ops.reshape(both, (-1, asking.shape[1], inputs.shape[-1]))
        return ops.matmul(joined, self.kernels[3]) + self.biases[3]

    def _heads(self, inputs: Any, part: int) -> Any:
        """(n, t, width) to (n, heads, t, width / heads)."""
        mixed = ops.matmul(inputs, self.kernels[part]) + self.biases[part]
        size = inputs.shape[-1] // self.heads
        return ops.transpose(ops.reshape(mixed, (-1, inputs.shape[1], self.heads, size)), (0, 2, 1, 3))


class GatedForward(keras.layers.Layer):  # type: ignore[misc]
    """ReGLU: two dense layers to ``units``, one gating the other by ReLU, then back (Shazeer 2020).

    Input and output float32 (n, t, width).
    """

    def __init__(self, units: int, dropout: float, *, seeds: Seeds, name: str) -> None:
        super().__init__(name=name)
        self.inside = units
        self.seeds = (seeds.next(), seeds.next())
        self.dropout = Dropout(dropout, seed=seeds.next(), name="dropout") if dropout > 0 else None

    def build(self, input_shape: Any) -> None:
        """Make both matrices and their biases."""
        width = input_shape[-1]
        first, second = (initializers.GlorotUniform(seed=seed) for seed in self.seeds)
        self.kernel_in = self.add_weight(name="in", shape=(width, 2 * self.inside), initializer=first)
        self.bias_in = self.add_weight(name="in_bias", shape=(2 * self.inside,), initializer="zeros")
        self.kernel_out = self.add_weight(name="out", shape=(self.inside, width), initializer=second)
        self.bias_out = self.add_weight(name="out_bias", shape=(width,), initializer="zeros")

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Gate and mix."""
        both = ops.matmul(inputs, self.kernel_in) + self.bias_in
        gated = both[..., : self.inside] * ops.relu(both[..., self.inside :])
        if self.dropout is not None:
            gated = self.dropout(gated, training=training)
        return ops.matmul(gated, self.kernel_out) + self.bias_out


def log_odds(config: FtTransformerConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1): transformer blocks over the input tokens, pre-normalized except the first layer.

    In the last block only the class token attends, since only it is used.
    """
    shape = inputs.shape
    tokens = []
    if shape.num_numerical:
        tokens.append(FeatureTokens(config.width, seeds=seeds, name="number_tokens")(inputs.numbers))
    if shape.cardinalities:
        embedded = inputs.embedded(config.width, seed=seeds.next())
        tokens.append(ops.reshape(embedded, (-1, len(shape.cardinalities), config.width)))
    outputs = tokens[0] if len(tokens) == 1 else ops.concatenate(tokens, axis=1)
    outputs = ClassToken(seed=seeds.next(), name="class_token")(outputs)
    for number in range(1, config.layers + 1):
        is_last = number == config.layers
        attended = outputs if number == 1 else _normalized(outputs, f"attention_norm_{number}")
        attended = Attention(
            config.heads, config.attention_dropout, only_first=is_last, seeds=seeds, name=f"attention_{number}"
        )(attended)
        outputs = (outputs[:, :1] if is_last else outputs) + attended
        forward = GatedForward(config.gated_units, config.dropout, seeds=seeds, name=f"forward_{number}")
        outputs = outputs + forward(_normalized(outputs, f"forward_norm_{number}"))
    read = ops.relu(_normalized(outputs[:, 0], "norm"))
    start = initializers.GlorotUniform(seed=seeds.next())
    return keras.layers.Dense(1, kernel_initializer=start, name="log_odds")(read)


def _normalized(inputs: Any, name: str) -> Any:
    return keras.layers.LayerNormalization(name=name)(inputs)

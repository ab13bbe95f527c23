"""Layers and activations shared by the networks."""

import math
from typing import Any

import numpy as np

from riskmodel.networks.backend import keras
from riskmodel.networks.blocks.draws import SIXTEEN_BITS, add_draws

ops = keras.ops


class EmbeddingBlock(keras.layers.Layer):  # type: ignore[misc]
    """Concatenated embeddings of all embedded columns.

    All columns share one table, so that one look-up suffices: row ``offset[j] + i`` holds the vector
    of category ``i`` of column ``j``.

    Shape:
        Input int32 (n, c) with column j in [0, cardinalities[j]); output float32 (n, c * dimension).
    """

    def __init__(
        self, cardinalities: tuple[int, ...], dimension: int, *, initializer: Any, regularizer: Any, name: str
    ) -> None:
        super().__init__(name=name)
        self.cardinalities = cardinalities
        self.dimension = dimension
        self.initializer = initializer
        self.regularizer = regularizer

    def build(self, input_shape: Any) -> None:
        """Make the table, shape (sum of cardinalities, dimension)."""
        self.table = self.add_weight(
            name="table",
            shape=(sum(self.cardinalities), self.dimension),
            initializer=self.initializer,
            regularizer=self.regularizer,
        )

    def call(self, inputs: Any) -> Any:
        """Look up and concatenate the embeddings."""
        offsets = [sum(self.cardinalities[:column]) for column in range(len(self.cardinalities))]
        rows = inputs + keras.ops.convert_to_tensor(offsets, dtype="int32")
        vectors = keras.ops.take(self.table, rows, axis=0)
        return keras.ops.reshape(vectors, (-1, len(self.cardinalities) * self.dimension))


class Dropout(keras.layers.Layer):  # type: ignore[misc]
    """Dropout of units in training, scaling the rest by 1 / (1 - rate).

    The same in effect as ``keras.layers.Dropout``, whose random numbers took a third of the time of a small network's
    epoch. Here each unit costs 16 random bits, so the rate is kept to 1/65,536 (0.5 is exact). Draw ``k`` of a layer
    depends on its seed and ``k`` alone, so how an epoch is cut into slices never changes the result. Which units are
    dropped depends on the backend's generator; it is in training graphs only, never in an exported network.
    """

    def __init__(self, rate: float, *, seed: int, name: str) -> None:
        super().__init__(name=name)
        self.rate = rate
        self.draws = add_draws(self, seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Inputs of shape (..., units) with the last dimension known; the output has the same shape."""
        dropped = round(self.rate * SIXTEEN_BITS)
        if not training or dropped == 0:
            return inputs
        keep = self.draws.at_least(dropped, inputs)
        return inputs * (keras.ops.cast(keep, inputs.dtype) * (SIXTEEN_BITS / (SIXTEEN_BITS - dropped)))


def gelu(inputs: Any) -> Any:
    """x · Φ(x), Φ the normal distribution function, exactly: ½ x (1 + erf(x / √2)) (Hendrycks & Gimpel 2016).

    Keras's own is written with TensorFlow's erfc, which has no counterpart in ONNX.
    """
    return 0.5 * inputs * (1.0 + keras.ops.erf(inputs / math.sqrt(2.0)))


def sum_last(values: Any) -> Any:
    """The sums over the last axis, (n, …, d) to (n, …), as a product with ones.

    ONNX Runtime adds up a row in an order that depends on where the row begins in memory, so that the last bits of a
    sum would depend on a customer's place in the batch; those of a product of matrices do not.
    """
    width = values.shape[-1]
    sums = ops.matmul(ops.reshape(values, (-1, width)), np.ones((width, 1), np.float32))
    return ops.reshape(sums, (-1, *values.shape[1:-1]))

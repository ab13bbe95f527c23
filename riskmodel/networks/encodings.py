"""Numeric encodings that the networks share: what becomes of a number before the first dense layer."""

from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.networks import initializers
from riskmodel.networks.backend import keras

ops = keras.ops


def quantile_edges(values: npt.NDArray[np.float32], bins: int) -> npt.NDArray[np.float32]:
    """Edges of ``bins`` pieces between equally spaced quantiles of each column.

    Args:
        values: float32 (n, d) of training customers, n ≥ 1.

    Returns:
        float32 (d, bins + 1), ascending; where many customers share a value, neighbouring edges are equal and the
        pieces between them are empty.
    """
    edges = np.quantile(values, np.linspace(0.0, 1.0, bins + 1), axis=0).T
    ascending: npt.NDArray[np.float32] = np.maximum.accumulate(edges, axis=1).astype(np.float32)
    return ascending


class PiecewiseLinearEncoding(keras.layers.Layer):  # type: ignore[misc]
    """Learned piecewise-linear curves of each number, then ReLU (Gorishniy 2022, arXiv 2203.05556: "PLE", "PL-R").

    A number fills the pieces below it: piece b of column j holds ``clip((x − left) / (right − left), 0, 1)``; empty
    pieces hold 0. Each column has its own dense layer from its pieces to ``dimension`` values. Beyond the outer edges
    a curve is flat, so an outlier at scoring cannot push further than the training customers did.

    Args:
        edges: float32 (d, bins + 1) from :func:`quantile_edges`.
        dimension: Curves per number.

    Shape:
        Input float32 (n, d); output float32 (n, d * dimension), column by column.
    """

    def __init__(self, edges: npt.NDArray[np.float32], dimension: int, *, seed: int, name: str) -> None:
        super().__init__(name=name)
        self.edges = edges
        self.dimension = dimension
        self.seed = seed

    def build(self, input_shape: Any) -> None:
        """Make one dense layer per column: weights (d, bins, dimension) and biases (d, dimension)."""
        columns, bins = self.edges.shape[0], self.edges.shape[1] - 1
        bound = 1.0 / np.sqrt(bins)
        start = initializers.RandomUniform(-bound, bound, seed=self.seed)
        self.weights_of_pieces = self.add_weight(
            name="pieces", shape=(columns, bins, self.dimension), initializer=start
        )
        self.bias = self.add_weight(name="bias", shape=(columns, self.dimension), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Fill the pieces, draw the curves."""
        left, right = self.edges[:, :-1], self.edges[:, 1:]
        width = right - left
        per_width = np.divide(1.0, width, out=np.zeros_like(width), where=width > 0)
        offset = -left * per_width
        filled = ops.clip(ops.expand_dims(inputs, -1) * per_width + offset, 0.0, 1.0)  # (n, d, bins)
        curves = ops.matmul(ops.transpose(filled, (1, 0, 2)), self.weights_of_pieces)  # (d, n, dimension)
        curves = ops.relu(curves + ops.expand_dims(self.bias, 1))
        columns = self.edges.shape[0]
        return ops.reshape(ops.transpose(curves, (1, 0, 2)), (-1, columns * self.dimension))

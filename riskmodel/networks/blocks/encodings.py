"""Numerical encodings before the first dense layer."""

from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.blocks.encoding import EncodedConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs
from riskmodel.networks.blocks.monotone import Signs, with_signs
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops


def quantile_edges(values: npt.NDArray[np.float32], bins: int) -> npt.NDArray[np.float32]:
    """Edges of ``bins`` bins between equally spaced quantiles of each column.

    Args:
        values: float32 (n, d) of training customers, n ≥ 1.

    Returns:
        float32 (d, bins + 1), ascending. A column of at most ``bins + 1`` different values has its edges at these; the
        largest fills the rest. Where many customers of another column share a value, neighboring edges are equal.
        Pieces between equal edges are empty.
    """
    places = np.linspace(0.0, 1.0, bins + 1)
    edges = np.stack([_edges(column, places) for column in values.T])  # one column at a time, for small copies
    ascending: npt.NDArray[np.float32] = np.maximum.accumulate(edges, axis=1).astype(np.float32)
    return ascending


def _edges(column: npt.NDArray[np.float32], places: npt.NDArray[np.float64]) -> npt.NDArray[np.floating]:
    if len(np.unique(column[:1_000])) <= len(places):  # avoids sorting a column of many values
        different = np.unique(column)
        if len(different) <= len(places):
            return np.pad(different, (0, len(places) - len(different)), mode="edge")
    return np.quantile(column, places)


def fill_pieces(inputs: Any, edges: npt.NDArray[np.float32]) -> Any:
    """Piecewise-linear encoding values: (n, d) to float32 (d, n, bins).

    Piece b of column j holds ``clip((x − left) / (right − left), 0, 1)``; empty pieces hold 0.
    """
    left, right = edges[:, :-1], edges[:, 1:]
    width = right - left
    per_width = np.divide(1.0, width, out=np.zeros_like(width), where=width > 0)
    filled = ops.clip(ops.expand_dims(inputs, -1) * per_width - left * per_width, 0.0, 1.0)
    return ops.transpose(filled, (1, 0, 2))


class PiecewiseLinearEncoding(keras.layers.Layer):  # type: ignore[misc]
    """A line and a learned piecewise-linear curve of each number, added (Gorishniy 2022, arXiv 2203.05556: "PLE").

    A number fills the pieces below it (:func:`fill_pieces`). Each column has its own dense layer from its pieces to
    ``dimension`` values, whose weights begin at 0, plus straight lines with random initial weights: before training the
    encoding is linear, and it becomes nonlinear where the data require it (as in TabM's reference implementation,
    Gorishniy 2024, arXiv 2410.24210). Beyond the outer edges line and curve are flat, so an outlier at scoring cannot
    push further than the training customers did.

    Args:
        edges: float32 (d, bins + 1) from :func:`quantile_edges`.
        dimension: Curves per number.
        signs: (d,), see ``monotone.Signs``: all lines and curves of a number with a direction go that way.

    Shape:
        Input float32 (n, d); output float32 (n, d * dimension), column by column.
    """

    def __init__(
        self,
        edges: npt.NDArray[np.float32],
        dimension: int,
        signs: Signs | None = None,
        *,
        seeds: Seeds,
        name: str,
    ) -> None:
        super().__init__(name=name)
        self.signs = np.zeros(len(edges), np.float32) if signs is None else signs
        self.edges = edges
        self.dimension = dimension
        self.seeds = (seeds.next(), seeds.next(), seeds.next())

    def build(self, input_shape: Any) -> None:
        """Make slopes and biases (d, dimension), and weights of the pieces (d, bins, dimension)."""
        columns, bins = self.edges.shape[0], self.edges.shape[1] - 1
        bound = self.dimension**-0.5
        lines = initializers.RandomUniform(-bound, bound, seed=self.seeds[0])
        biases = initializers.RandomUniform(-bound, bound, seed=self.seeds[1])
        self.slope = self.add_weight(name="slope", shape=(columns, self.dimension), initializer=lines)
        self.bias = self.add_weight(name="bias", shape=(columns, self.dimension), initializer=biases)
        self.weights_of_pieces = self.add_weight(
            name="pieces", shape=(columns, bins, self.dimension), initializer=self._first_weights_of_pieces()
        )

    def _first_weights_of_pieces(self) -> Any:
        """0; a little above where the sign is fixed, since a magnitude has no slope at 0 to leave it by."""
        if not self.signs.any():
            return "zeros"
        return initializers.RandomUniform(0.0, 0.01, seed=self.seeds[2])

    def call(self, inputs: Any) -> Any:
        """Compute the lines and curves.

        A number within the edges is the first edge and what it fills of each piece times the piece's width, so the
        line takes no arithmetic of its own.
        """
        slope = with_signs(self.slope, self.signs[:, None])
        weights = with_signs(self.weights_of_pieces, self.signs[:, None, None])
        widths = np.diff(self.edges, axis=1)[:, :, None]
        curves = ops.matmul(fill_pieces(inputs, self.edges), weights + ops.expand_dims(slope, 1) * widths)
        curves = curves + ops.expand_dims(self.bias + slope * self.edges[:, :1], 1)  # (d, n, dimension)
        columns = self.edges.shape[0]
        return ops.reshape(ops.transpose(curves, (1, 0, 2)), (-1, columns * self.dimension))


def encoded_parts(
    config: EncodedConfig, inputs: NetworkInputs, seeds: Seeds, signs: Signs | None = None
) -> tuple[list[Any], list[int]]:
    """Encoded numbers, 0/1 inputs and embedded categories, each float32 (n, ·), and the widths of their features.

    Args:
        signs: (d,), of the numbers; the curves of piecewise-linear encodings follow them.
    """
    shape = inputs.shape
    parts: list[Any] = []
    widths: list[int] = []
    if shape.values:
        values = inputs.take(shape.values)
        if config.numeric_encoding == "piecewise":
            edges = quantile_edges(inputs.training_values(), config.bins)
            encoding = PiecewiseLinearEncoding(
                edges,
                config.encoding_dimension,
                signs,
                seeds=seeds,
                name="numeric_encoding",
            )
            values = encoding(values)
        parts.append(values)
        widths += [values.shape[-1] // len(shape.values)] * len(shape.values)
    if shape.indicators:
        parts.append(inputs.take(shape.indicators))
        widths += [1] * len(shape.indicators)
    if shape.cardinalities:
        parts.append(inputs.embedded(config.embedding_dimension, seed=seeds.next()))
        widths += [config.embedding_dimension] * len(shape.cardinalities)
    return parts, widths

"""The additive network: the sum of a curve per number and a value per category (Agarwal 2021, arXiv 2004.13912)."""

from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.architectures.logistic import Bias
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.encodings import fill_pieces, quantile_edges
from riskmodel.networks.blocks.inputs import NetworkInputs, join
from riskmodel.networks.blocks.layers import Dropout, sum_last
from riskmodel.networks.blocks.monotone import Signs, value_signs, with_signs
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops

CONTRIBUTIONS = "contributions"
"""Name of the layer with the contributions of ``shape.columns`` to the log-odds, (n, columns), without the bias."""


class ColumnCurves(keras.layers.Layer):  # type: ignore[misc]
    """A network of one hidden layer per number, on its piecewise-linear encoding and itself.

    Args:
        edges: float32 (d, bins + 1) from ``quantile_edges``.
        signs: (d,), see ``monotone.Signs``.

    Shape:
        Input float32 (n, d); output float32 (n, d).
    """

    def __init__(
        self,
        edges: npt.NDArray[np.float32],
        units: int,
        signs: Signs,
        *,
        seeds: Seeds,
        name: str,
    ) -> None:
        super().__init__(name=name)
        self.edges = edges
        self.units = units
        self.signs = signs
        self.seeds = (seeds.next(), seeds.next())

    def build(self, input_shape: Any) -> None:
        """Make the weights: (d, bins, units) and (d, units) to the hidden units, (d, units) from them."""
        columns, bins = self.edges.shape[0], self.edges.shape[1] - 1
        start = initializers.RandomUniform(-1.0 / np.sqrt(bins), 1.0 / np.sqrt(bins), seed=self.seeds[0])
        end = initializers.RandomUniform(-1.0 / np.sqrt(self.units), 1.0 / np.sqrt(self.units), seed=self.seeds[1])
        self.pieces = self.add_weight(name="pieces", shape=(columns, bins, self.units), initializer=start)
        self.bias = self.add_weight(name="bias", shape=(columns, self.units), initializer="zeros")
        self.outputs_of_units = self.add_weight(name="outputs", shape=(columns, self.units), initializer=end)

    def call(self, inputs: Any) -> Any:
        """Evaluate each number's curve."""
        filled = fill_pieces(inputs, self.edges)  # (d, n, bins)
        hidden = ops.matmul(filled, with_signs(self.pieces, self.signs[:, None, None]))
        hidden = ops.relu(hidden + ops.expand_dims(self.bias, 1))
        outputs = with_signs(self.outputs_of_units, np.abs(self.signs)[:, None])
        return ops.transpose(ops.squeeze(ops.matmul(hidden, ops.expand_dims(outputs, -1)), -1))


class LinearTerms(keras.layers.Layer):  # type: ignore[misc]
    """One weight per 0/1 input. Input and output float32 (n, d)."""

    def build(self, input_shape: Any) -> None:
        """Make the weights (d,)."""
        self.weight = self.add_weight(name="weight", shape=(input_shape[-1],), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Multiply."""
        return inputs * self.weight


class SumByColumn(keras.layers.Layer):  # type: ignore[misc]
    """Sum of the terms of each column: (n, terms) to (n, columns)."""

    def __init__(self, belongs: npt.NDArray[np.float32], *, name: str) -> None:
        super().__init__(name=name)
        self.belongs = belongs

    def call(self, inputs: Any) -> Any:
        """Sum the terms."""
        return ops.matmul(inputs, self.belongs)


def log_odds(config: AdditiveConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1): a bias and the sum of the columns' contributions."""
    shape = inputs.shape
    terms = []
    if shape.values:
        edges = quantile_edges(inputs.training_values(), config.bins)
        curves = ColumnCurves(edges, config.units, value_signs(config, shape), seeds=seeds, name="curves")
        terms.append(curves(inputs.take(shape.values)))
    if shape.indicators:
        terms.append(LinearTerms(name="indicators")(inputs.take(shape.indicators)))
    if shape.cardinalities:
        terms.append(inputs.embedded(1, seed=seeds.next()))
    if inputs.offsets is not None:
        terms.append(inputs.offsets)
    contributions = SumByColumn(_belongs(shape, inputs.offset_columns), name=CONTRIBUTIONS)(join(terms))
    if config.dropout > 0:
        contributions = Dropout(config.dropout, seed=seeds.next(), name="dropout")(contributions)
    return Bias(name="bias")(ops.expand_dims(sum_last(contributions), 1))


def _belongs(shape: InputShape, offset_columns: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """1 where a term (numbers, 0/1 inputs, embedded categories, offsets) belongs to a column; (terms, columns)."""
    columns = {name: place for place, name in enumerate(shape.columns)}
    order = {value: term for term, value in enumerate((*shape.values, *shape.indicators))}
    num_terms = len(order) + len(shape.cardinalities)
    belongs = np.zeros((num_terms + len(offset_columns), len(columns)), np.float32)
    for feature in shape.features:
        own = [*([] if feature.value is None else [feature.value]), *feature.indicators]
        terms = [order[position] for position in own]
        if feature.embedding is not None:
            terms.append(len(order) + feature.embedding)
        belongs[terms, columns[feature.column]] = 1.0
    for term, name in enumerate(offset_columns, start=num_terms):
        belongs[term, columns[name]] = 1.0
    return belongs

"""Parameter and operation counts of networks from their configs, without Keras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from riskmodel.config.network import (
    AdditiveConfig,
    CnnConfig,
    FtTransformerConfig,
    LogisticConfig,
    LstmConfig,
    MlpConfig,
    MonthsConfig,
    NetworkConfig,
    RealMlpConfig,
    ResnetConfig,
    TabmConfig,
)
from riskmodel.inputs.series import locate_series
from riskmodel.inputs.shape import InputShape


@dataclass(frozen=True)
class NetworkCounts:
    """The size of one network.

    Attributes:
        parameters: Trainable weights.
        multiply_adds: Multiplications with an addition that one customer's forward pass takes.
        operations: Small operations of a training step, excluding the arithmetic.
    """

    parameters: int
    multiply_adds: int
    operations: int


def count_network(config: NetworkConfig, shape: InputShape) -> NetworkCounts:
    """Count the network built by ``build_network`` with the same arguments.

    Raises:
        ConfigError: The network reads series of months, and these inputs have none.

    Example:
        >>> count_network(MlpConfig(), InputShape(num_numerical=50)).parameters
        14849
    """
    return _COUNTS[config.architecture](config, shape.without_offsets()[1])


def _dense(width: int, units: tuple[int, ...]) -> tuple[int, int]:
    """Parameters and multiply-adds of dense layers with biases."""
    parameters = multiply_adds = 0
    for each in units:
        parameters += (width + 1) * each
        multiply_adds += width * each
        width = each
    return parameters, multiply_adds


def _embedding(config: Any, shape: InputShape) -> tuple[int, int]:
    """Parameters of the table, and the width of what it gives."""
    return sum(shape.cardinalities) * config.embedding_dimension, len(shape.cardinalities) * config.embedding_dimension


def _encoding(config: TabmConfig | ResnetConfig, shape: InputShape) -> tuple[int, int, int]:
    """Parameters, multiply-adds and width of numbers, 0/1 inputs and embedded categories before the first layer."""
    table, embedded = _embedding(config, shape)
    numbers = len(shape.values)
    width = numbers + len(shape.indicators) + embedded
    if config.numeric_encoding == "none":
        return table, 0, width
    curves = config.encoding_dimension
    parameters = table + numbers * (config.bins + 2) * curves
    return parameters, numbers * config.bins * curves, width + numbers * (curves - 1)


def _count_logistic(config: LogisticConfig, shape: InputShape) -> NetworkCounts:
    inputs = shape.num_numerical + len(shape.cardinalities)
    return NetworkCounts(shape.num_numerical + 1 + sum(shape.cardinalities), inputs, 30)


def _count_mlp(config: MlpConfig, shape: InputShape) -> NetworkCounts:
    table, embedded = _embedding(config, shape)
    parameters, multiply_adds = _dense(shape.num_numerical + embedded, (*config.units, 1))
    if config.normalization != "none":  # a scale and a shift per unit, and the shift stands in for the bias
        parameters += sum(config.units)
    return NetworkCounts(table + parameters, multiply_adds, 30 + 25 * len(config.units))


def _count_tabm(config: TabmConfig, shape: InputShape) -> NetworkCounts:
    encoding, encoding_adds, width = _encoding(config, shape)
    hidden, hidden_adds = _dense(width, config.units)
    last = config.units[-1]
    return NetworkCounts(
        encoding + config.members * width + hidden + config.members * (last + 1),
        encoding_adds + config.members * (width + hidden_adds + last),
        110 + 30 * len(config.units),
    )


def _count_realmlp(config: RealMlpConfig, shape: InputShape) -> NetworkCounts:
    table, embedded = _embedding(config, shape)
    numbers = len(shape.values)
    width = numbers + len(shape.indicators) + embedded
    parameters, multiply_adds = table, 0
    if config.frequencies:
        mixed = config.encoding_dimension - 1
        parameters += numbers * (2 * config.frequencies + (config.frequencies + 1) * mixed)
        multiply_adds += numbers * config.frequencies * (1 + mixed)
        width += numbers * mixed
    hidden, hidden_adds = _dense(width, (*config.units, 1))
    # A factor per input, and a mix per unit.
    return NetworkCounts(
        parameters + width + hidden + sum(config.units),
        multiply_adds + width + hidden_adds,
        100 + 60 * len(config.units),
    )


def _count_resnet(config: ResnetConfig, shape: InputShape) -> NetworkCounts:
    encoding, encoding_adds, width = _encoding(config, shape)
    first, first_adds = _dense(width, (config.width,))
    block, block_adds = _dense(config.width, (config.hidden_width, config.width))
    last, last_adds = _dense(config.width, (1,))
    # A normalization in each block and one before the output: a scale and a shift per unit.
    return NetworkCounts(
        encoding + first + config.blocks * (block + 2 * config.width) + 2 * config.width + last,
        encoding_adds + first_adds + config.blocks * block_adds + last_adds,
        60 + 70 * config.blocks,
    )


def _count_additive(config: AdditiveConfig, shape: InputShape) -> NetworkCounts:
    numbers = len(shape.values)
    curves = numbers * ((config.bins + 1) * config.units + config.units)
    linear = len(shape.indicators) + sum(shape.cardinalities) + 1
    multiply_adds = numbers * (config.bins + 1) * config.units + len(shape.indicators)
    return NetworkCounts(curves + linear, multiply_adds, 90)


def _count_ft_transformer(config: FtTransformerConfig, shape: InputShape) -> NetworkCounts:
    width = config.width
    tokens = shape.num_numerical + len(shape.cardinalities) + 1
    embedding = 2 * shape.num_numerical * width + sum(shape.cardinalities) * width + width
    attention = 4 * width * (width + 1)
    inside = _inside(width)
    forward = width * 2 * inside + 2 * inside + inside * width + width
    norms = 2 * width * (2 * config.layers - 1) + 2 * width  # the first round's attention has none
    layer_adds = tokens * (4 * width * width + 3 * inside * width) + 2 * tokens * tokens * width
    return NetworkCounts(
        embedding + config.layers * (attention + forward) + norms + width + 1,
        tokens * width + config.layers * layer_adds + width,
        80 + 220 * config.layers,
    )


def _inside(width: int) -> int:
    """Units inside a transformer layer's gated part: 4/3 of the width."""
    return max(1, round(width * 4 / 3))


def _series_head(config: MonthsConfig, shape: InputShape, width: int, num_others: int) -> tuple[int, int]:
    """Parameters and multiply-adds from what was read of the series to the log-odds."""
    table = 0
    if config.with_static:
        table, embedded = _embedding(config, shape)
        width += num_others + embedded
    hidden, adds = _dense(width, (*config.units, 1))
    return table + hidden, adds


def _count_cnn(config: CnnConfig, shape: InputShape) -> NetworkCounts:
    series = locate_series(shape, config.series, config.latest)
    parameters = adds = 0
    width = len(series.names)
    for filters in config.filters:
        parameters += config.kernel_size * width * filters + filters
        adds += series.num_months * config.kernel_size * width * filters
        width = filters
    head, head_adds = _series_head(config, shape, series.num_months * width, len(series.others))
    return NetworkCounts(parameters + head, adds + head_adds, 60 + 60 * len(config.filters) + 25 * len(config.units))


def _count_lstm(config: LstmConfig, shape: InputShape) -> NetworkCounts:
    series = locate_series(shape, config.series, config.latest)
    gates = 4 * config.memory
    per_month = (len(series.names) + config.memory) * gates
    head, head_adds = _series_head(config, shape, config.memory, len(series.others))
    return NetworkCounts(
        per_month + gates + head,
        series.num_months * per_month + head_adds,
        60 + 60 * series.num_months + 25 * len(config.units),
    )


_COUNTS: dict[str, Callable[[Any, InputShape], NetworkCounts]] = {
    "logistic": _count_logistic,
    "mlp": _count_mlp,
    "tabm": _count_tabm,
    "realmlp": _count_realmlp,
    "resnet": _count_resnet,
    "additive": _count_additive,
    "ft_transformer": _count_ft_transformer,
    "cnn": _count_cnn,
    "lstm": _count_lstm,
}

"""Input and hidden layers of networks over columns that are the months of a series."""

from typing import Any

from riskmodel.config.blocks.months import MonthsConfig
from riskmodel.inputs.series import SeriesInputs
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs, join
from riskmodel.networks.blocks.layers import Dropout
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops


def read_months(inputs: NetworkInputs, series: SeriesInputs) -> Any:
    """The series as float32 (n, months, series), oldest month first."""
    flat = inputs.take(tuple(position for month in series.positions for position in month))
    return ops.reshape(flat, (-1, series.num_months, len(series.names)))


def months_head(config: MonthsConfig, inputs: NetworkInputs, series: SeriesInputs, read: Any, seeds: Seeds) -> Any:
    """The log-odds (n, 1) from ``read``, float32 (n, width), and the other columns by hidden layers."""
    parts = [read]
    if config.with_static:
        if series.others:
            parts.append(inputs.take(series.others))
        if inputs.shape.cardinalities:
            parts.append(inputs.embedded(config.embedding_dimension, seed=seeds.next()))
    outputs = join(parts)
    for number, units in enumerate(config.units, start=1):
        start = initializers.GlorotUniform(seed=seeds.next())
        outputs = keras.layers.Dense(units, activation="relu", kernel_initializer=start, name=f"dense_{number}")(
            outputs
        )
        if config.dropout > 0:
            outputs = Dropout(config.dropout, seed=seeds.next(), name=f"dropout_{number}")(outputs)
    start = initializers.GlorotUniform(seed=seeds.next())
    return keras.layers.Dense(1, kernel_initializer=start, name="log_odds")(outputs)

"""Networks over columns that are the months of a series: convolution and long short-term memory."""

from typing import Any

from riskmodel.config.network import CnnConfig, LstmConfig, MonthsConfig
from riskmodel.inputs.series import SeriesInputs, locate_series
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs, join
from riskmodel.networks.blocks.layers import Dropout
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops


class MonthConvolution(keras.layers.Layer):  # type: ignore[misc]
    """Convolution over neighboring months with zero padding, then ReLU (LeCun 1998).

    The same as ``Conv1D`` of padding "same": all months' neighborhoods concatenated, and one matrix product.
    Input float32 (n, t, c); output float32 (n, t, filters).
    """

    def __init__(self, filters: int, kernel_size: int, *, seed: int, name: str) -> None:
        super().__init__(name=name)
        self.filters = filters
        self.kernel_size = kernel_size
        self.seed = seed

    def build(self, input_shape: Any) -> None:
        """Make the filters (kernel_size · c, filters) and biases."""
        start = initializers.GlorotUniform(seed=self.seed)
        shape = (self.kernel_size * input_shape[-1], self.filters)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=start)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Apply the filters."""
        before = (self.kernel_size - 1) // 2
        padded = ops.pad(inputs, ((0, 0), (before, self.kernel_size - 1 - before), (0, 0)))
        months = inputs.shape[1]
        around = [padded[:, shift : shift + months] for shift in range(self.kernel_size)]
        return ops.relu(ops.matmul(ops.concatenate(around, axis=-1), self.kernel) + self.bias)


class MonthMemory(keras.layers.Layer):  # type: ignore[misc]
    """A long short-term memory over the months, oldest first (Hochreiter & Schmidhuber 1997); its last state.

    Gates in Keras's order: input, forget, candidate, output; the forget gate's bias starts at 1.
    Input float32 (n, t, c); output float32 (n, memory).
    """

    def __init__(self, memory: int, *, seeds: Seeds, name: str) -> None:
        super().__init__(name=name)
        self.memory = memory
        self.seeds = (seeds.next(), seeds.next())

    def build(self, input_shape: Any) -> None:
        """Make the weights (c, 4 · memory), (memory, 4 · memory) and biases."""
        gates = 4 * self.memory
        starts = [initializers.GlorotUniform(seed=seed) for seed in self.seeds]
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], gates), initializer=starts[0])
        self.recurrent = self.add_weight(name="recurrent", shape=(self.memory, gates), initializer=starts[1])
        forget = [0.0] * self.memory + [1.0] * self.memory + [0.0] * (2 * self.memory)
        self.bias = self.add_weight(
            name="bias", shape=(gates,), initializer=lambda shape, dtype=None: ops.convert_to_tensor(forget, "float32")
        )

    def call(self, inputs: Any) -> Any:
        """Process month by month."""
        driven = ops.matmul(inputs, self.kernel) + self.bias
        size = self.memory
        state = carried = ops.zeros_like(driven[:, 0, :size])
        for month in range(inputs.shape[1]):
            gates = driven[:, month] + ops.matmul(state, self.recurrent)
            let_in, keep, out = (ops.sigmoid(gates[:, part * size : (part + 1) * size]) for part in (0, 1, 3))
            carried = keep * carried + let_in * ops.tanh(gates[:, 2 * size : 3 * size])
            state = out * ops.tanh(carried)
        return state


def cnn_log_odds(config: CnnConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1): convolutions over the months, concatenated, then hidden layers."""
    series = locate_series(inputs.shape, config.series, config.latest)
    outputs = _months(inputs, series)
    for number, filters in enumerate(config.filters, start=1):
        outputs = MonthConvolution(filters, config.kernel_size, seed=seeds.next(), name=f"convolution_{number}")(
            outputs
        )
    flat = ops.reshape(outputs, (-1, series.num_months * config.filters[-1]))
    return _head(config, inputs, series, flat, seeds)


def lstm_log_odds(config: LstmConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1): the LSTM's last state, then hidden layers."""
    series = locate_series(inputs.shape, config.series, config.latest)
    remembered = MonthMemory(config.memory, seeds=seeds, name="memory")(_months(inputs, series))
    return _head(config, inputs, series, remembered, seeds)


def _months(inputs: NetworkInputs, series: SeriesInputs) -> Any:
    """The series as float32 (n, months, series), oldest month first."""
    flat = inputs.take(tuple(position for month in series.positions for position in month))
    return ops.reshape(flat, (-1, series.num_months, len(series.names)))


def _head(config: MonthsConfig, inputs: NetworkInputs, series: SeriesInputs, read: Any, seeds: Seeds) -> Any:
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

"""Convolution over columns that are the months of a series."""

from typing import Any

from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs
from riskmodel.networks.blocks.months import months_head, read_months
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


def log_odds(config: CnnConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1): convolutions over the months, concatenated, then hidden layers."""
    series = config.locate(inputs.shape)
    outputs = read_months(inputs, series)
    for number, filters in enumerate(config.filters, start=1):
        outputs = MonthConvolution(filters, config.kernel_size, seed=seeds.next(), name=f"convolution_{number}")(
            outputs
        )
    flat = ops.reshape(outputs, (-1, series.num_months * config.filters[-1]))
    return months_head(config, inputs, series, flat, seeds)

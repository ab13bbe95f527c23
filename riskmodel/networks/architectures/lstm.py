"""Long short-term memory over columns that are the months of a series."""

from typing import Any

from riskmodel.config.architectures.lstm import LstmConfig
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs
from riskmodel.networks.blocks.months import months_head, read_months
from riskmodel.networks.blocks.seeds import Seeds

ops = keras.ops


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


def log_odds(config: LstmConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1): the LSTM's last state, then hidden layers."""
    series = config.locate(inputs.shape)
    remembered = MonthMemory(config.memory, seeds=seeds, name="memory")(read_months(inputs, series))
    return months_head(config, inputs, series, remembered, seeds)

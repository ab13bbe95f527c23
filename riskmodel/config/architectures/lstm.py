"""The recurrent network over months."""

from typing import Literal

from riskmodel.config.blocks.architecture import architecture
from riskmodel.config.blocks.layer import Layer
from riskmodel.config.blocks.months import MonthsConfig
from riskmodel.config.field import setting
from riskmodel.inputs.shape import InputShape


class LstmConfig(MonthsConfig):
    """A long short-term memory reads the months of a series in order (Hochreiter & Schmidhuber 1997)."""

    architecture: Literal["lstm"] = architecture("lstm", "LSTM over months")
    memory: int = setting(
        32,
        label="Memory",
        help="Size of the hidden state.",
        unit="units",
        ge=1,
        le=1024,
        step=8,
        search=(8, 128),
        log=True,
    )

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """The LSTM, then the hidden layers."""
        series = self.locate(inputs)
        months, gates = series.num_months, 4 * self.memory
        weights = (len(series.names) + self.memory) * gates
        memory = Layer(
            "Memory",
            self.memory,
            parameters=weights + gates,
            multiply_adds=months * weights,
            operations=60 * months,
            detail=f"LSTM over {months} months",
        )
        return [memory, *self.list_head(inputs, self.memory)]

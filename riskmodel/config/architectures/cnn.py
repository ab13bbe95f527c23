"""The convolutional network over months."""

from typing import Annotated, Literal

from pydantic import Field

from riskmodel.config.blocks.architecture import EARLY_STOPPED, architecture
from riskmodel.config.blocks.layer import Layer
from riskmodel.config.blocks.months import MonthsConfig
from riskmodel.config.field import setting
from riskmodel.inputs.shape import InputShape


class CnnConfig(MonthsConfig):
    """Convolutions over columns that are the months of a series, combined with the other columns (LeCun 1998)."""

    usual_training = EARLY_STOPPED.model_copy(update={"learning_rate": 0.001})

    architecture: Literal["cnn"] = architecture("cnn", "Convolution over months")
    filters: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = setting(
        (32, 32),
        label="Filters",
        help="Filters per convolution layer.",
        min_length=1,
        max_length=8,
        search=((16,), (32,), (64,), (16, 16), (32, 32), (64, 64), (32, 32, 32)),
    )
    kernel_size: int = setting(
        3, label="Kernel size (months)", help="Consecutive months covered by a filter.", ge=1, le=24, search=(2, 6)
    )

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """Convolutions of the series, then the hidden layers."""
        series = self.locate(inputs)
        months, width, layers = series.num_months, len(series.names), []
        for number, filters in enumerate(self.filters, 1):
            weights = self.kernel_size * width * filters
            layers.append(
                Layer(
                    f"Convolution {number}",
                    months * filters,
                    parameters=weights + filters,
                    multiply_adds=months * weights,
                    operations=60,
                    detail=f"{filters} filters over {self.kernel_size} of {months} months",
                )
            )
            width = filters
        return [*layers, *self.list_head(inputs, months * width)]

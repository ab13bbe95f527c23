"""The convolutional network over months."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from riskmodel.config.architectures.shared import (
    architecture,
    embedding_dimension,
    latest,
    series,
    static_units,
    with_static,
)
from riskmodel.config.field import Config, choice
from riskmodel.config.preprocessing import Scaling


class CnnConfig(Config):
    """Convolutions over columns that are the months of a series, beside the other columns (LeCun 1998)."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["cnn"] = architecture("cnn")
    series: tuple[str, ...] = series()
    latest: Literal["lowest", "highest"] = latest()
    filters: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = choice(
        (32, 32),
        label="Filters",
        help="Patterns looked for in each layer of convolution.",
        min_length=1,
        max_length=8,
        search=((16,), (32,), (64,), (16, 16), (32, 32), (64, 64), (32, 32, 32)),
    )
    kernel_size: int = choice(
        3, label="Months per pattern", help="Neighbouring months a pattern spans.", ge=1, le=24, search=(2, 6)
    )
    with_static: bool = with_static()
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = static_units()
    dropout: float = choice(
        0.1,
        label="Dropout",
        help="Share of each hidden layer's units silenced at random in every training step.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )
    embedding_dimension: int = embedding_dimension()

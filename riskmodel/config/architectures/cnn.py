"""The convolutional network over months."""

from typing import Annotated, Literal

from pydantic import Field

from riskmodel.config.architectures.months import MonthsConfig
from riskmodel.config.architectures.shared import architecture
from riskmodel.config.field import choice


class CnnConfig(MonthsConfig):
    """Convolutions over columns that are the months of a series, combined with the other columns (LeCun 1998)."""

    architecture: Literal["cnn"] = architecture("cnn")
    filters: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = choice(
        (32, 32),
        label="Filters",
        help="Filters per convolution layer.",
        min_length=1,
        max_length=8,
        search=((16,), (32,), (64,), (16, 16), (32, 32), (64, 64), (32, 32, 32)),
    )
    kernel_size: int = choice(
        3, label="Kernel size (months)", help="Consecutive months covered by a filter.", ge=1, le=24, search=(2, 6)
    )

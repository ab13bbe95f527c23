"""TabM-mini."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from riskmodel.config.architectures.monotone import MonotoneConfig
from riskmodel.config.architectures.shared import (
    UNITS_SEARCHED,
    architecture,
    bins,
    dropout,
    embedding_dimension,
    encoding_dimension,
    numeric_encoding,
)
from riskmodel.config.field import choice
from riskmodel.config.sections.preprocessing import Scaling


class TabmConfig(MonotoneConfig):
    """TabM-mini: many networks that share all but a thin adapter each (Gorishniy 2025, arXiv 2410.24210)."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["tabm"] = architecture("tabm")
    members: int = choice(
        16,
        label="Members",
        help="Networks trained in one. Each has its own way of weighing the inputs and its own output; the score is "
        "the mean of their probabilities. Time grows with their number.",
        ge=1,
        le=64,
        search=(4, 32),
        log=True,
    )
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = choice(
        (128, 128),
        label="Layers",
        help="Units of each hidden layer, shared by all members.",
        unit="units",
        min_length=1,
        max_length=20,
        search=UNITS_SEARCHED,
    )
    dropout: float = dropout(0.1)
    numeric_encoding: Literal["piecewise", "none"] = numeric_encoding("piecewise")
    bins: int = bins()
    encoding_dimension: int = encoding_dimension()
    embedding_dimension: int = embedding_dimension()

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
    """TabM-mini: an ensemble that shares all weights except adapters (Gorishniy 2025, arXiv 2410.24210)."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["tabm"] = architecture("tabm")
    members: int = choice(
        16,
        label="Members",
        help="Ensemble members in one network. Each has its own input scaling and output; the score is "
        "the mean of their probabilities. Training time grows with their number.",
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

"""The residual multi-layer perceptron."""

from typing import ClassVar, Literal

from riskmodel.config.architectures.shared import (
    architecture,
    bins,
    embedding_dimension,
    encoding_dimension,
    numeric_encoding,
)
from riskmodel.config.field import Config, choice
from riskmodel.config.sections.preprocessing import Scaling


class ResnetConfig(Config):
    """Residual blocks (Gorishniy 2021, arXiv 2106.11959, "ResNet")."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["resnet"] = architecture("resnet")
    blocks: int = choice(2, label="Blocks", help="Residual blocks.", ge=1, le=16, search=(1, 6))
    width: int = choice(
        128,
        label="Width",
        help="Units of the residual stream between blocks.",
        unit="units",
        ge=4,
        le=2048,
        step=16,
        search=(32, 512),
        log=True,
    )
    hidden_width: int = choice(
        256,
        label="Hidden width",
        help="Hidden units of each block.",
        unit="units",
        ge=4,
        le=4096,
        step=16,
        search=(64, 1024),
        log=True,
    )
    dropout: float = choice(
        0.2,
        label="Dropout",
        help="Share of each block's hidden units randomly dropped in every training step.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )
    numeric_encoding: Literal["piecewise", "none"] = numeric_encoding("none")
    bins: int = bins()
    encoding_dimension: int = encoding_dimension()
    embedding_dimension: int = embedding_dimension()

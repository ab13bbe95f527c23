"""RealMLP."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from riskmodel.config.architectures.shared import UNITS_SEARCHED, architecture, dropout, embedding_dimension
from riskmodel.config.field import Config, choice
from riskmodel.config.sections.preprocessing import Scaling


class RealMlpConfig(Config):
    """A multi-layer perceptron with tuned defaults: RealMLP (Holzmüller 2024, arXiv 2407.04491)."""

    natural_scaling: ClassVar[Scaling] = "robust"

    architecture: Literal["realmlp"] = architecture("realmlp")
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = choice(
        (256, 256, 256),
        label="Layers",
        help="Units of each hidden layer, from the inputs to the output.",
        unit="units",
        min_length=1,
        max_length=20,
        search=UNITS_SEARCHED,
    )
    dropout: float = dropout(0.15)
    frequencies: int = choice(
        16,
        label="Frequencies",
        help="Periodic features per number before the first layer, for learning narrow peaks. 0 gives "
        "the network the number itself only.",
        ge=0,
        le=128,
        search=(4, 64),
        log=True,
    )
    frequency_scale: float = choice(
        0.1,
        label="Frequency scale",
        help="Standard deviation of the initial frequencies; larger values allow narrower peaks.",
        gt=0.0,
        le=100.0,
        step=0.05,
        advanced=True,
        search=(0.01, 10.0),
        log=True,
    )
    encoding_dimension: int = choice(
        4,
        label="Encoding width",
        help="Dimension of each number's encoding: the number and linear combinations of its periodic features.",
        ge=2,
        le=64,
        advanced=True,
        search=(2, 16),
    )
    embedding_dimension: int = embedding_dimension()

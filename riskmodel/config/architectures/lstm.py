"""The recurrent network over months."""

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


class LstmConfig(Config):
    """A long short-term memory reads the months of a series in order (Hochreiter & Schmidhuber 1997)."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["lstm"] = architecture("lstm")
    series: tuple[str, ...] = series()
    latest: Literal["lowest", "highest"] = latest()
    memory: int = choice(
        32,
        label="Memory",
        help="Numbers carried from month to month.",
        unit="units",
        ge=1,
        le=1024,
        step=8,
        search=(8, 128),
        log=True,
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

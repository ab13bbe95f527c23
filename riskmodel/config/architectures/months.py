"""Shared fields of networks over monthly series."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from riskmodel.config.architectures.shared import UNITS_SEARCHED, dropout, embedding_dimension
from riskmodel.config.field import Config, choice
from riskmodel.config.sections.preprocessing import Scaling


class MonthsConfig(Config):
    """The series, and the layers after them."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    series: tuple[str, ...] = choice(
        (),
        label="Series",
        help="Name prefixes: columns of a prefix and a number are the months of a series, as BILL_AMT for BILL_AMT1 to "
        "BILL_AMT6. All series must have the same number of months. Empty: all series found.",
        max_length=200,
        empty="all found",
    )
    latest: Literal["lowest", "highest"] = choice(
        "lowest",
        label="Latest month",
        help="Whether the lowest or the highest number in the columns' names is the latest month.",
        search=None,
        labels={"lowest": "Lowest number", "highest": "Highest number"},
    )
    with_static: bool = choice(
        True,
        label="Include other columns",
        help="Combines the other columns with the output of the series. Off: only the series are used.",
    )
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = choice(
        (64,),
        label="Layers",
        help="Units of each hidden layer after the series.",
        unit="units",
        max_length=20,
        search=UNITS_SEARCHED,
    )
    dropout: float = dropout(0.1)
    embedding_dimension: int = embedding_dimension()

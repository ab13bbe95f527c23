"""Shared fields of networks over monthly series."""

from typing import Annotated, Literal

from pydantic import Field

from riskmodel.config.blocks.architecture import ArchitectureConfig
from riskmodel.config.blocks.fields import UNITS_SEARCHED, dropout, embedding_dimension
from riskmodel.config.blocks.layer import Layer, dense, describe_dropout, hidden, join_details
from riskmodel.config.field import setting
from riskmodel.inputs.series import SeriesInputs, locate_series
from riskmodel.inputs.shape import InputShape


class MonthsConfig(ArchitectureConfig):
    """The series, and the layers after them."""

    series: tuple[str, ...] = setting(
        (),
        label="Series",
        help="Name prefixes: columns of a prefix and a number are the months of a series, as BILL_AMT for BILL_AMT1 to "
        "BILL_AMT6. All series must have the same number of months. Empty: all series found.",
        max_length=200,
        empty="all found",
    )
    latest: Literal["lowest", "highest"] = setting(
        "lowest",
        label="Latest month",
        help="Whether the lowest or the highest number in the columns' names is the latest month.",
        search=None,
        labels={"lowest": "Lowest number", "highest": "Highest number"},
    )
    with_static: bool = setting(
        True,
        label="Include other columns",
        help="Combines the other columns with the output of the series. Off: only the series are used.",
    )
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = setting(
        (64,),
        label="Layers",
        help="Units of each hidden layer after the series.",
        unit="units",
        max_length=20,
        search=UNITS_SEARCHED,
    )
    dropout: float = dropout(0.1)
    embedding_dimension: int = embedding_dimension()

    def locate(self, inputs: InputShape) -> SeriesInputs:
        """The months of the series among the inputs.

        Raises:
            ConfigError: As for `locate_series`.
        """
        return locate_series(inputs, self.series, self.latest)

    def list_head(self, inputs: InputShape, width: int) -> list[Layer]:
        """The layers from ``width`` values of the series to the log-odds."""
        joined = []
        if self.with_static:
            width += len(self.locate(inputs).others) + len(inputs.cardinalities) * self.embedding_dimension
            table = sum(inputs.cardinalities) * self.embedding_dimension
            joined = [Layer("Join", width, table, detail="adds the other columns")]
        detail = join_details("relu", describe_dropout(self.dropout))
        last = self.units[-1] if self.units else width
        return [
            *joined,
            *hidden(width, self.units, operations=25, detail=detail),
            dense("Log-odds", last, 1, operations=60),
        ]

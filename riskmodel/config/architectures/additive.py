"""The additive network."""

from typing import Literal

from riskmodel.config.blocks.architecture import EARLY_STOPPED, architecture
from riskmodel.config.blocks.fields import bins
from riskmodel.config.blocks.layer import Layer
from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.config.field import setting
from riskmodel.inputs.shape import InputShape


class AdditiveConfig(MonotoneConfig):
    """A small network per column, whose outputs are summed (Agarwal 2021, arXiv 2004.13912, "NAM").

    A column's contribution to the log-odds depends on that column alone, so every score is explained exactly.
    """

    usual_training = EARLY_STOPPED.model_copy(update={"learning_rate": 0.005, "epochs": 40})
    sums_columns = True

    architecture: Literal["additive"] = architecture("additive", "Additive network")
    units: int = setting(
        16,
        label="Units per column",
        help="Hidden units of each column's network, in addition to its piecewise-linear bins.",
        ge=1,
        le=256,
        search=(4, 64),
        log=True,
    )
    bins: int = bins(only_if=None)
    dropout: float = setting(
        0.1,
        label="Dropout",
        help="Share of the columns' contributions randomly dropped in every training step, so that none relies on "
        "another.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """A curve per number; the contributions are summed."""
        numbers, indicators = len(inputs.values), len(inputs.indicators)
        curves = Layer(
            "Curves",
            numbers + indicators + len(inputs.cardinalities),
            parameters=numbers * (self.bins + 2) * self.units,
            multiply_adds=numbers * (self.bins + 1) * self.units,
            detail=f"{numbers} numbers, each with a curve of its own of {self.units} units",
            copies=max(numbers, 1),
        )
        weights = indicators + sum(inputs.cardinalities) + 1
        detail = "sum of the contributions"
        return [curves, Layer("Log-odds", 1, weights, multiply_adds=indicators, operations=90, detail=detail)]

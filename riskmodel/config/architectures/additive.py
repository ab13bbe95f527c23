"""The additive network."""

from typing import ClassVar, Literal

from riskmodel.config.architectures.monotone import MonotoneConfig
from riskmodel.config.architectures.shared import architecture, bins
from riskmodel.config.field import choice
from riskmodel.config.sections.preprocessing import Scaling


class AdditiveConfig(MonotoneConfig):
    """A small network per column, whose outputs are summed (Agarwal 2021, arXiv 2004.13912, "NAM").

    A column's contribution to the log-odds depends on that column alone, so every score is explained exactly.
    """

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["additive"] = architecture("additive")
    units: int = choice(
        16,
        label="Units per column",
        help="Hidden units of each column's network, in addition to its piecewise-linear bins.",
        ge=1,
        le=256,
        search=(4, 64),
        log=True,
    )
    bins: int = bins(only_if=None)
    dropout: float = choice(
        0.1,
        label="Dropout",
        help="Share of the columns' contributions randomly dropped in every training step, so that none relies on "
        "another.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )

"""Shared fields of architectures with monotone columns."""

from typing import Literal, Self

from pydantic import model_validator

from riskmodel.config.blocks.architecture import ArchitectureConfig
from riskmodel.config.field import setting


class MonotoneConfig(ArchitectureConfig):
    """Columns with a monotone effect on the risk."""

    monotone: Literal["none", "chosen", "data"] = setting(
        "none",
        label="Monotone columns",
        help="The risk can only rise, or only fall, with a monotone column, for any values of the others: by the "
        "network's construction, not by a penalty. From data selects every number with which the bad rate "
        "clearly rises or falls in the training rows; columns selected below keep their direction.",
        labels={"none": "None", "chosen": "Selected columns", "data": "From data"},
        advanced=True,
        search=None,
    )
    increasing: tuple[str, ...] = setting(
        (),
        label="Risk rises with",
        help="Numerical columns: a larger number never lowers the risk.",
        max_length=10_000,
        advanced=True,
        only_if=("monotone", ("chosen", "data")),
    )
    decreasing: tuple[str, ...] = setting(
        (),
        label="Risk falls with",
        help="Numerical columns: a larger number never raises the risk.",
        max_length=10_000,
        advanced=True,
        only_if=("monotone", ("chosen", "data")),
    )

    @property
    def directed(self) -> dict[str, int]:
        """The columns with a direction, 1 or −1; directions from the data are included once estimated."""
        if self.monotone == "none":
            return {}
        return dict.fromkeys(self.increasing, 1) | dict.fromkeys(self.decreasing, -1)

    @model_validator(mode="after")
    def _check_directions(self) -> Self:
        both = [name for name in self.increasing if name in self.decreasing]
        if both:
            raise ValueError(f"a column cannot be both increasing and decreasing; received {both[0]!r} in both")
        return self

"""What architectures share whose risk can be made to rise or fall with a column."""

from typing import Literal, Self

from pydantic import model_validator

from riskmodel.config.field import Config, choice


class MonotoneConfig(Config):
    """Which columns the risk may only rise, or only fall, with."""

    monotone: Literal["none", "chosen", "data"] = choice(
        "none",
        label="Monotone columns",
        help="The risk then can only rise, or only fall, with a column, whatever the other columns are: by how the "
        "network is made, not by a penalty. By the data takes every number with which the share of bad customers "
        "clearly rises or falls in the training rows; columns chosen below keep their direction.",
        labels={"none": "None", "chosen": "As chosen", "data": "By the data"},
        advanced=True,
        search=None,
    )
    increasing: tuple[str, ...] = choice(
        (),
        label="Risk rises with",
        help="Numerical columns: a larger number never lowers the risk.",
        max_length=10_000,
        advanced=True,
        only_if=("monotone", ("chosen", "data")),
    )
    decreasing: tuple[str, ...] = choice(
        (),
        label="Risk falls with",
        help="Numerical columns: a larger number never raises the risk.",
        max_length=10_000,
        advanced=True,
        only_if=("monotone", ("chosen", "data")),
    )

    @property
    def directed(self) -> dict[str, int]:
        """The columns with a direction, 1 or −1; those that the data give are not among them until they are found."""
        if self.monotone == "none":
            return {}
        return dict.fromkeys(self.increasing, 1) | dict.fromkeys(self.decreasing, -1)

    @model_validator(mode="after")
    def _check_directions(self) -> Self:
        both = [name for name in self.increasing if name in self.decreasing]
        if both:
            raise ValueError(f"a column cannot be both increasing and decreasing; received {both[0]!r} in both")
        return self

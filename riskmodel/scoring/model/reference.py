"""Reference statistics of the training file, for comparison with scored files."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from riskmodel.errors import BundleError, first_problem
from riskmodel.scoring.model.report import NUM_PROBABILITY_BINS
from riskmodel.scoring.model.stability import ColumnBins

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Reference(BaseModel):
    """Statistics of the training file; each is empty in older models.

    Attributes:
        training_probability_counts: Training customers in the 40 equal bins of the probability on [0, 1].
        training_missing_shares: Share in [0, 1] of missing cells, by column of the model.
        training_ranges: 1% and 99% quantiles of the numbers, by numerical column of the model.
        training_outcomes: Numbers of ``"bad"`` and ``"good"`` customers.
        training_bins: Bins of the columns and the rows in each, by column of the model except dates.
        validation_band_counts: Customers of the validation set by score band, safest first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    training_probability_counts: tuple[Count, ...]
    training_missing_shares: dict[str, Share] = Field(default_factory=dict)
    training_ranges: dict[str, tuple[float, float]] = Field(default_factory=dict)
    training_outcomes: dict[str, Count] = Field(default_factory=dict)
    training_bins: dict[str, ColumnBins] = Field(default_factory=dict)
    validation_band_counts: tuple[Count, ...] = ()

    @model_validator(mode="after")
    def _check_lengths(self) -> Self:
        if len(self.training_probability_counts) not in (0, NUM_PROBABILITY_BINS):
            raise ValueError(
                f"{NUM_PROBABILITY_BINS} counts are needed; received {len(self.training_probability_counts)}"
            )
        if self.training_outcomes and set(self.training_outcomes) != {"bad", "good"}:
            raise ValueError("the numbers of bad and good customers are needed, and no others")
        return self

    def to_json(self) -> bytes:
        """JSON for `from_json`."""
        return self.model_dump_json(indent=2).encode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The reference from ``to_json``.

        Raises:
            BundleError: not a reference.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = first_problem(error)
            where = ".".join(map(str, first["loc"]))
            raise BundleError(
                f"'reference.json' of the model: {where + ': ' if where else ''}{first['msg']}. Restore the model's "
                "folder from its source, or train again."
            ) from error

"""Split of the labeled rows into training, validation and test set."""

from typing import Literal, Self

from pydantic import model_validator

from riskmodel.config.field import Config, setting


class SplitConfig(Config):
    """Shares of all labeled rows; the rest after validation and test is the training set."""

    method: Literal["random", "date"] = setting(
        "random",
        label="Split",
        help="Random keeps the bad rate equal in every set. By date trains on the past and tests on "
        "the latest customers (out of time), as the model will be used.",
        labels={"random": "Random, stratified", "date": "By date, out of time"},
    )
    date_column: str | None = setting(
        None,
        label="Date column",
        help="The latest customers by this column are the test set, those before them the validation set.",
        only_if=("method", ("date",)),
    )
    validation_share: float = setting(
        0.2,
        label="Validation share",
        help="Share of the customers with a known outcome for monitoring the training and selecting its best epoch.",
        ge=0.01,
        le=0.8,
        step=0.05,
    )
    test_share: float = setting(
        0.2,
        label="Test share",
        help="Share of the customers with a known outcome held out for the final evaluation.",
        ge=0.01,
        le=0.8,
        step=0.05,
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.validation_share + self.test_share > 0.9:
            total = self.validation_share + self.test_share
            raise ValueError(
                f"validation and test share together are {total:.2f}; at most 0.9, so that rows remain for training"
            )
        if self.method == "date" and not self.date_column:
            raise ValueError("a split by date needs a date column; choose one or split at random")
        return self

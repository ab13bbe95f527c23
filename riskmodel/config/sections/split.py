"""How the labelled rows are divided into training, validation and test."""

from typing import Literal, Self

from pydantic import model_validator

from riskmodel.config.field import Config, choice


class SplitConfig(Config):
    """Shares of all labelled rows; what is left after validation and test is for training."""

    method: Literal["random", "date"] = choice(
        "random",
        label="Split",
        help="Random keeps the share of bad customers equal in every part. By date trains on the past and tests on "
        "the latest customers (out of time), which is how the model will be used.",
        labels={"random": "Random, stratified", "date": "By date, out of time"},
    )
    date_column: str | None = choice(
        None,
        label="Date column",
        help="The latest customers by this column are the test part, those before them the validation part.",
        only_if=("method", ("date",)),
    )
    validation_share: float = choice(
        0.2,
        label="Validation share",
        help="Share of the labelled customers used to watch the training and to choose its best epoch.",
        ge=0.01,
        le=0.8,
        step=0.05,
    )
    test_share: float = choice(
        0.2,
        label="Test share",
        help="Share of the labelled customers kept apart until the end, for figures that nothing was tuned on.",
        ge=0.01,
        le=0.8,
        step=0.05,
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.validation_share + self.test_share > 0.9:
            total = self.validation_share + self.test_share
            raise ValueError(
                f"validation and test share together are {total:.2f}; at most 0.9, so that rows are left to train on"
            )
        if self.method == "date" and not self.date_column:
            raise ValueError("a split by date needs a date column; choose one or split at random")
        return self

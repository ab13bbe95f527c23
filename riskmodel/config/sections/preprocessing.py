"""How columns become the network's inputs: defaults for the whole file, and overrides per column."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from riskmodel.config.field import Config, choice

Missing = Literal["median", "mean", "constant"]
Outliers = Literal["none", "winsorise"]
Scaling = Literal["auto", "standard", "minmax", "robust", "quantile", "log", "none"]
Encoding = Literal["auto", "onehot", "embedding", "risk"]

MOST_ONE_HOT = 9
"""Levels of a categorical column up to which ``auto`` takes one-hot (RealMLP, arXiv 2407.04491)."""


class ColumnChoices(Config):
    """The treatment of one column. Numerical columns use the first group of choices, categorical ones the second."""

    missing: Missing = choice(
        "median",
        label="Missing values",
        help="What stands in for a missing number. Median and mean are those of the training rows.",
        labels={"median": "Median", "mean": "Mean", "constant": "A constant"},
    )
    missing_constant: float = choice(
        0.0,
        label="Constant",
        help="The number that stands in for missing ones, in the column's own unit.",
        only_if=("missing", ("constant",)),
    )
    missing_indicator: bool = choice(
        True,
        label="Mark what was missing",
        help="Adds an input that is 1 where the value was missing, so that the network can learn from its absence. "
        "Only for columns with missing values in the training rows.",
    )
    outliers: Outliers = choice(
        "none",
        label="Outliers",
        help="Winsorise moves values beyond the chosen quantiles of the training rows to those quantiles.",
        labels={"none": "Keep", "winsorise": "Winsorise"},
    )
    lower_quantile: float = choice(
        0.01,
        label="Lower quantile",
        help="Values below this quantile of the training rows are moved up to it.",
        ge=0.0,
        lt=0.5,
        step=0.005,
        only_if=("outliers", ("winsorise",)),
        search=(0.0, 0.05),
    )
    upper_quantile: float = choice(
        0.99,
        label="Upper quantile",
        help="Values above this quantile of the training rows are moved down to it.",
        gt=0.5,
        le=1.0,
        step=0.005,
        only_if=("outliers", ("winsorise",)),
        search=(0.95, 1.0),
    )
    scaling: Scaling = choice(
        "auto",
        label="Scaling",
        help="Networks learn best from inputs of similar size. As the network likes: standard for a multi-layer "
        "perceptron, quantile for TabM. Standard: mean 0, deviation 1. Robust: median and interquartile range. "
        "Quantile: the ranks, spread like a normal distribution. Log: for long tails, then standard.",
        labels={
            "auto": "As the network likes",
            "standard": "Standard",
            "minmax": "Min–max",
            "robust": "Robust",
            "quantile": "Quantile → normal",
            "log": "Logarithm",
            "none": "None",
        },
    )
    special_codes: tuple[float, ...] = choice(
        (),
        label="Special codes",
        help="Numbers that are codes rather than amounts, such as −9999 for 'no record'. Each is treated as missing "
        "and gets an input of its own.",
        max_length=50,
    )
    encoding: Encoding = choice(
        "auto",
        label="Categories",
        help="One-hot gives every level an input of its own. Embedding lets the network learn a few numbers for each "
        "level, better for columns with many levels. Risk adds to the embedding how risky a level was in the training "
        "rows (its weight of evidence) and how many customers it had, so that rare levels are told apart too. By their "
        f"number takes one-hot up to {MOST_ONE_HOT} levels, and risk where there are more than the most levels kept.",
        labels={
            "auto": "By the number of levels",
            "onehot": "One-hot",
            "embedding": "Embedding",
            "risk": "Embedding and risk",
        },
    )
    rare_share: float = choice(
        0.001,
        label="Group levels rarer than",
        help="Levels with a smaller share of the training rows are put together as one level 'rare'. 0 keeps all.",
        ge=0.0,
        le=0.5,
        step=0.001,
        search=(0.0, 0.05),
    )
    max_levels: int = choice(
        50,
        label="Most levels kept",
        help="The commonest levels kept apart; the others join 'rare'.",
        ge=1,
        le=10_000,
        advanced=True,
        search=(10, 200),
        log=True,
    )


class ColumnOverride(Config):
    """The choices that differ from the file's for one column; None takes the file's."""

    missing: Missing | None = None
    missing_constant: float | None = None
    missing_indicator: bool | None = None
    outliers: Outliers | None = None
    lower_quantile: float | None = Field(None, ge=0.0, lt=0.5)
    upper_quantile: float | None = Field(None, gt=0.5, le=1.0)
    scaling: Scaling | None = None
    special_codes: tuple[float, ...] | None = Field(None, max_length=50)
    encoding: Encoding | None = None
    rare_share: float | None = Field(None, ge=0.0, le=0.5)
    max_levels: int | None = Field(None, ge=1, le=10_000)


class PreprocessingConfig(ColumnChoices):
    """The treatment of the whole file, with overrides by column name."""

    as_of: date | None = choice(
        None,
        label="As-of date",
        help="Dates become the number of days from the date to this one. Empty takes the latest date of the training "
        "rows.",
    )
    pairs: int = choice(
        0,
        label="Ratios and differences",
        help="Adds up to this many ratios and differences of two columns, such as balance ÷ limit or the days between "
        "two dates: those found in the training rows to tell good from bad beyond what the columns tell by "
        "themselves. A monotone column is in none of them.",
        ge=0,
        le=200,
        search=(0, 32),
    )
    overrides: dict[str, ColumnOverride] = choice(
        {}, label="Overrides", help="Columns treated differently from the rest of the file."
    )

    def for_column(self, name: str) -> ColumnChoices:
        """Return the choices that hold for column ``name``: the file's, with its override on top."""
        chosen = {field: getattr(self, field) for field in ColumnChoices.model_fields}
        override = self.overrides.get(name)
        if override is not None:
            chosen |= override.model_dump(exclude_none=True)
        return ColumnChoices(**chosen)

    @model_validator(mode="after")
    def _check(self) -> Self:
        for codes in [self.special_codes, *(o.special_codes or () for o in self.overrides.values())]:
            if len(set(codes)) != len(codes):
                raise ValueError(f"special codes must differ from each other; received {list(codes)}")
        return self

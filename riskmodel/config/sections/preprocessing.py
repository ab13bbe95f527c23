"""Preprocessing of columns: defaults for the whole file, and overrides per column."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from riskmodel.config.field import Config, setting

Missing = Literal["median", "mean", "constant"]
Outliers = Literal["none", "winsorise"]
Scaling = Literal["auto", "standard", "minmax", "robust", "quantile", "log", "none"]
Encoding = Literal["auto", "onehot", "embedding", "risk"]

MAX_ONE_HOT = 9
"""Maximum categories of a column for which ``auto`` uses one-hot (RealMLP, arXiv 2407.04491)."""

LARGEST_CONSTANT = 1e150
"""Squares and sums of values up to ±1e150 are finite."""


class ColumnSettings(Config):
    """Preprocessing of one column. Numerical columns use the first group of fields, categorical ones the second."""

    missing: Missing = setting(
        "median",
        label="Missing values",
        help="Imputation of missing numbers. Median and mean are computed on the training rows.",
        labels={"median": "Median", "mean": "Mean", "constant": "Constant"},
    )
    missing_constant: float = setting(
        0.0,
        label="Constant",
        help="Imputed number, in the column's unit.",
        only_if=("missing", ("constant",)),
    )
    missing_indicator: bool = setting(
        True,
        label="Missing indicators",
        help="Adds an input that is 1 where the value is missing, so that the network can learn from missingness. "
        "Only for columns with missing values in the training rows.",
    )
    outliers: Outliers = setting(
        "none",
        label="Outliers",
        help="Winsorize clips values beyond the chosen quantiles of the training rows to those quantiles.",
        labels={"none": "Keep", "winsorise": "Winsorize"},
    )
    lower_quantile: float = setting(
        0.01,
        label="Lower quantile",
        help="Values below this quantile of the training rows are raised to it.",
        ge=0.0,
        lt=0.5,
        step=0.005,
        only_if=("outliers", ("winsorise",)),
        search=(0.0, 0.05),
    )
    upper_quantile: float = setting(
        0.99,
        label="Upper quantile",
        help="Values above this quantile of the training rows are lowered to it.",
        gt=0.5,
        le=1.0,
        step=0.005,
        only_if=("outliers", ("winsorise",)),
        search=(0.95, 1.0),
    )
    scaling: Scaling = setting(
        "auto",
        label="Scaling",
        help="Networks learn best from inputs of similar scale. Auto: the scaling that suits the "
        "network. Standard: mean 0, deviation 1. Robust: median and interquartile range. "
        "Quantile: ranks mapped to a normal distribution. Logarithm: for long tails, then standard.",
        labels={
            "auto": "Auto",
            "standard": "Standard",
            "minmax": "Min–max",
            "robust": "Robust",
            "quantile": "Quantile → normal",
            "log": "Logarithm",
            "none": "None",
        },
    )
    special_codes: tuple[float, ...] = setting(
        (),
        label="Special codes",
        help="Numbers that are codes rather than amounts, such as −9999 for 'no record'. Each is imputed "
        "like a missing value and has an input of its own.",
        max_length=50,
    )
    encoding: Encoding = setting(
        "auto",
        label="Category encoding",
        help="One-hot gives every category its own input. Embedding learns a vector for each "
        "category, better for columns with many categories. Risk adds to the embedding its risk in the training "
        "rows (weight of evidence) and its number of customers, which distinguishes rare categories. Auto uses one-hot "
        f"up to {MAX_ONE_HOT} categories, risk above the max categories, and embedding between.",
        labels={
            "auto": "Auto (by cardinality)",
            "onehot": "One-hot",
            "embedding": "Embedding",
            "risk": "Embedding and risk",
        },
    )
    rare_share: float = setting(
        0.001,
        label="Min category share",
        help="Categories with a smaller share of the training rows are grouped as 'rare'. 0 keeps all.",
        ge=0.0,
        le=0.5,
        step=0.001,
        search=(0.0, 0.05),
    )
    max_levels: int = setting(
        50,
        label="Max categories",
        help="Number of most frequent categories kept; the others are grouped as 'rare'.",
        ge=1,
        le=10_000,
        advanced=True,
        search=(10, 200),
        log=True,
    )


class ColumnOverride(Config):
    """Overrides for one column; None takes the file's value."""

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


class PreprocessingConfig(ColumnSettings):
    """Preprocessing of the whole file, with overrides by column name."""

    excluded: tuple[str, ...] = setting(
        (),
        label="Excluded columns",
        help="Input columns that this run does not use. The dataset stays unchanged, and scoring does not need them.",
        search=None,
    )
    as_of: date | None = setting(
        None,
        label="As-of date",
        help="Dates are converted to days before this date. Empty: the latest date of the training rows.",
    )
    pairs: int = setting(
        0,
        label="Ratios and differences",
        help="Adds up to this many ratios and differences of two columns, such as balance ÷ limit or the days between "
        "two dates: those that separate good from bad in the training rows beyond the columns "
        "themselves. Monotone columns are excluded.",
        ge=0,
        le=200,
        search=(0, 32),
    )
    overrides: dict[str, ColumnOverride] = setting(
        {}, label="Overrides", help="Column overrides: columns with their own preprocessing."
    )

    def for_column(self, name: str) -> ColumnSettings:
        """Return the preprocessing of column ``name``: the file's, updated by its override."""
        chosen = {field: getattr(self, field) for field in ColumnSettings.model_fields}
        override = self.overrides.get(name)
        if override is not None:
            chosen |= override.model_dump(exclude_none=True)
        return ColumnSettings(**chosen)

    @model_validator(mode="after")
    def _check(self) -> Self:
        given: list[ColumnSettings | ColumnOverride] = [self, *self.overrides.values()]
        for settings in given:
            codes, constant = settings.special_codes or (), settings.missing_constant or 0.0
            if len(set(codes)) != len(codes):
                raise ValueError(f"special codes must be distinct; received {list(codes)}")
            if abs(constant) > LARGEST_CONSTANT:
                raise ValueError(
                    f"the constant for missing values must be within ±{LARGEST_CONSTANT:g}; received {constant:g}"
                )
        return self

"""Fields that several architectures have."""

from typing import Any, Literal

from riskmodel.config.field import choice

ARCHITECTURES: dict[str, str] = {
    "tabm": "TabM",
    "realmlp": "RealMLP",
    "mlp": "Multi-layer perceptron",
    "resnet": "Residual network",
    "ft_transformer": "FT-Transformer",
    "additive": "Additive network",
    "cnn": "Convolution over months",
    "lstm": "LSTM over months",
    "logistic": "Logistic regression",
}
"""What an analyst reads for each ``architecture``."""

Monotone = Literal["none", "chosen", "data"]

_ENCODED = ("numeric_encoding", ("piecewise",))


UNITS_SEARCHED = tuple((width,) * layers for layers in (1, 2, 3, 4) for width in (64, 128, 256, 512))
"""The hidden layers that a search tries: one to four of the same width."""


def architecture(name: str) -> Any:
    """The field that says which architecture a class is."""
    return choice(name, label="Network", help="The kind of network.", labels=ARCHITECTURES, search=None)


def embedding_dimension() -> Any:
    """The width of the vectors of embedded categories."""
    return choice(
        8,
        label="Embedding width",
        help="Numbers learned for each level of a categorical column whose encoding is embedding.",
        ge=1,
        le=256,
        advanced=True,
        search=(2, 32),
        log=True,
    )


def numeric_encoding(default: str) -> Any:
    """What becomes of a number before the first layer."""
    return choice(
        default,
        label="Numeric encoding",
        help="Piecewise linear gives every number a learned curve over its quantiles before the first layer, so that "
        "steps and bends are easy to learn; best on most data.",
        labels={"piecewise": "Piecewise linear", "none": "None"},
    )


def bins(only_if: tuple[str, tuple[Any, ...]] | None = _ENCODED) -> Any:
    """How fine piecewise-linear curves are."""
    return choice(
        16,
        label="Bins",
        help="Pieces of each number's curve, between quantiles of the training customers.",
        ge=2,
        le=128,
        only_if=only_if,
        search=(4, 64),
        log=True,
    )


def encoding_dimension() -> Any:
    """How many curves each number has."""
    return choice(
        8,
        label="Encoding width",
        help="Curves learned for each number.",
        ge=1,
        le=64,
        advanced=True,
        only_if=_ENCODED,
        search=(4, 32),
        log=True,
    )


def monotone() -> Any:
    """Whether the risk may only rise, or only fall, with some columns."""
    return choice(
        "none",
        label="Monotone columns",
        help="The risk then can only rise, or only fall, with a column, whatever the other columns are: by how the "
        "network is made, not by a penalty. By the data takes every number with which the share of bad customers "
        "clearly rises or falls in the training rows; columns chosen below keep their direction.",
        labels={"none": "None", "chosen": "As chosen", "data": "By the data"},
        advanced=True,
        search=None,
    )


def increasing() -> Any:
    """Columns with which the risk rises."""
    return choice(
        (),
        label="Risk rises with",
        help="Numerical columns: a larger number never lowers the risk.",
        max_length=10_000,
        advanced=True,
        only_if=("monotone", ("chosen", "data")),
    )


def decreasing() -> Any:
    """Columns with which the risk falls."""
    return choice(
        (),
        label="Risk falls with",
        help="Numerical columns: a larger number never raises the risk.",
        max_length=10_000,
        advanced=True,
        only_if=("monotone", ("chosen", "data")),
    )


def check_directions(increasing: tuple[str, ...], decreasing: tuple[str, ...]) -> None:
    """Raise ValueError where a column is to rise and to fall."""
    both = [name for name in increasing if name in decreasing]
    if both:
        raise ValueError(f"a column cannot be both increasing and decreasing; received {both[0]!r} in both")


def series() -> Any:
    """Which columns are months."""
    return choice(
        (),
        label="Series",
        help="Columns whose names begin so and end in a number are the months of one series: BILL_AMT for BILL_AMT1 to "
        "BILL_AMT6. All series need as many months. Empty takes all that are found.",
        max_length=200,
        empty="all found",
    )


def latest() -> Any:
    """Which end of a series is now."""
    return choice(
        "lowest",
        label="Latest month",
        help="Whether the lowest or the highest number in the columns' names is the latest month.",
        search=None,
        labels={"lowest": "Lowest number", "highest": "Highest number"},
    )


def with_static() -> Any:
    """Whether columns outside the series are inputs."""
    return choice(
        True,
        label="Other columns too",
        help="The columns that are no months join after the series was read. Off scores by the series alone.",
    )


def static_units() -> Any:
    """Hidden layers after the series was read."""
    return choice(
        (64,),
        label="Layers",
        help="Units of each hidden layer after the series was read.",
        unit="units",
        max_length=20,
        search=UNITS_SEARCHED,
    )

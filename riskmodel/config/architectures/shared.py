"""Fields that several architectures have."""

from typing import Any

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


def dropout(default: float) -> Any:
    """The share of hidden units silenced in training."""
    return choice(
        default,
        label="Dropout",
        help="Share of each hidden layer's units silenced at random in every training step.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )

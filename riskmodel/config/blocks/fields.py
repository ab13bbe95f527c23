"""Fields shared by several architectures."""

from typing import Any

from riskmodel.config.field import setting

_ENCODED = ("numeric_encoding", ("piecewise",))

UNITS_SEARCHED = tuple((width,) * layers for layers in (1, 2, 3, 4) for width in (64, 128, 256, 512))
"""Hidden layers tried by a search: one to four of the same width."""


def embedding_dimension() -> Any:
    """Dimension of category embeddings."""
    return setting(
        8,
        label="Embedding width",
        help="Embedding dimension of each category of an embedded column.",
        ge=1,
        le=256,
        advanced=True,
        search=(2, 32),
        log=True,
    )


def numeric_encoding(default: str) -> Any:
    """Encoding of numbers before the first layer."""
    return setting(
        default,
        label="Numerical encoding",
        help="Piecewise linear encodes every number by learned curves over its quantiles, so that "
        "nonlinear effects are easy to learn; best on most data.",
        labels={"piecewise": "Piecewise linear", "none": "None"},
    )


def bins(only_if: tuple[str, tuple[Any, ...]] | None = _ENCODED) -> Any:
    """Number of bins of the piecewise-linear encoding."""
    return setting(
        16,
        label="Bins",
        help="Bins of each number, between quantiles of the training customers.",
        ge=2,
        le=128,
        only_if=only_if,
        search=(4, 64),
        log=True,
    )


def encoding_dimension() -> Any:
    """Dimension of the encoding of each number."""
    return setting(
        8,
        label="Encoding width",
        help="Dimension of each number's encoding.",
        ge=1,
        le=64,
        advanced=True,
        only_if=_ENCODED,
        search=(4, 32),
        log=True,
    )


def dropout(default: float) -> Any:
    """The dropout rate of hidden units."""
    return setting(
        default,
        label="Dropout",
        help="Share of each hidden layer's units randomly dropped in every training step.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )

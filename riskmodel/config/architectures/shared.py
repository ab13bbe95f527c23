"""Fields that several architectures have."""

from typing import Any

from riskmodel.config.field import choice

ARCHITECTURES: dict[str, str] = {
    "mlp": "Multi-layer perceptron",
    "tabm": "TabM",
    "realmlp": "RealMLP",
}
"""What an analyst reads for each ``architecture``."""


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

"""Fields that several architectures have."""

from typing import Any

from riskmodel.config.field import choice

ARCHITECTURES: dict[str, str] = {
    "mlp": "Multi-layer perceptron",
    "tabm": "TabM",
    "realmlp": "RealMLP",
}
"""What an analyst reads for each ``architecture``."""


def architecture(name: str) -> Any:
    """The field that says which architecture a class is."""
    return choice(name, label="Network", help="The kind of network.", labels=ARCHITECTURES)


def embedding_dimension() -> Any:
    """The width of the vectors of embedded categories."""
    return choice(
        8,
        label="Embedding width",
        help="Numbers learned for each level of a categorical column whose encoding is embedding.",
        ge=1,
        le=256,
        advanced=True,
    )

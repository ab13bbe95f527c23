"""The shape of the network: one class per architecture, told apart by ``architecture``."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from riskmodel.config.field import Config, choice
from riskmodel.config.preprocessing import Scaling

ARCHITECTURES: dict[str, str] = {
    "mlp": "Multi-layer perceptron",
    "tabm": "TabM",
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


class MlpConfig(Config):
    """A multi-layer perceptron; the defaults are the mission's network."""

    natural_scaling: ClassVar[Scaling] = "standard"

    architecture: Literal["mlp"] = architecture("mlp")
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = choice(
        (128, 64),
        label="Layers",
        help="Units of each hidden layer, from the inputs to the output. Empty is a logistic regression.",
        unit="units",
        max_length=20,
    )
    activation: Literal["relu", "gelu", "selu", "elu", "swish", "tanh"] = choice(
        "relu",
        label="Activation",
        help="The bend each unit applies to its sum.",
        labels={"relu": "ReLU", "gelu": "GELU", "selu": "SELU", "elu": "ELU", "swish": "Swish", "tanh": "tanh"},
    )
    dropout: float = choice(
        0.5,
        label="Dropout",
        help="Share of each hidden layer's units silenced at random in every training step; it works against "
        "overfitting. 0 turns it off.",
        ge=0.0,
        lt=1.0,
        step=0.05,
    )
    normalization: Literal["none", "batch", "layer"] = choice(
        "none",
        label="Normalisation",
        help="Re-centres the sums of each hidden layer, over the batch or within each customer.",
        labels={"none": "None", "batch": "Batch", "layer": "Layer"},
    )
    l2: float = choice(
        0.0,
        label="L2 penalty",
        help="Added to the loss: this times the sum of squared weights. It keeps weights small.",
        ge=0.0,
        le=10.0,
        step=0.0001,
        advanced=True,
    )
    embedding_dimension: int = embedding_dimension()


class TabmConfig(Config):
    """TabM-mini: many networks that share all but a thin adapter each (Gorishniy 2025, arXiv 2410.24210)."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["tabm"] = architecture("tabm")
    members: int = choice(
        16,
        label="Members",
        help="Networks trained in one. Each has its own way of weighing the inputs and its own output; the score is "
        "the mean of their probabilities. Time grows with their number.",
        ge=1,
        le=64,
    )
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = choice(
        (128, 128),
        label="Layers",
        help="Units of each hidden layer, shared by all members.",
        unit="units",
        min_length=1,
        max_length=20,
    )
    dropout: float = choice(
        0.1,
        label="Dropout",
        help="Share of each hidden layer's units silenced at random in every training step.",
        ge=0.0,
        lt=1.0,
        step=0.05,
    )
    numeric_encoding: Literal["piecewise", "none"] = choice(
        "piecewise",
        label="Numeric encoding",
        help="Piecewise linear gives every number a learned curve over its quantiles before the first layer, so that "
        "steps and bends are easy to learn; best on most data.",
        labels={"piecewise": "Piecewise linear", "none": "None"},
    )
    bins: int = choice(
        16,
        label="Bins",
        help="Pieces of each number's curve, between quantiles of the training customers.",
        ge=2,
        le=128,
        only_if=("numeric_encoding", ("piecewise",)),
    )
    encoding_dimension: int = choice(
        8,
        label="Encoding width",
        help="Curves learned for each number.",
        ge=1,
        le=64,
        advanced=True,
        only_if=("numeric_encoding", ("piecewise",)),
    )
    embedding_dimension: int = embedding_dimension()


NETWORKS: dict[str, type[MlpConfig | TabmConfig]] = {"mlp": MlpConfig, "tabm": TabmConfig}
"""The class of each ``architecture``."""


def _tag(value: Any) -> str:
    """``architecture``; a config that leaves it out is the mission's kind."""
    name = value.get("architecture", "mlp") if isinstance(value, dict) else getattr(value, "architecture", "")
    return str(name)


NetworkConfig = Annotated[
    Annotated[MlpConfig, Tag("mlp")] | Annotated[TabmConfig, Tag("tabm")],
    Discriminator(_tag),
]
"""Any architecture's config."""

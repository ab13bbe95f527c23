"""The multi-layer perceptron."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from riskmodel.config.blocks.architecture import architecture
from riskmodel.config.blocks.enlarging import lengthen, widen
from riskmodel.config.blocks.fields import UNITS_SEARCHED, embedding_dimension
from riskmodel.config.blocks.layer import (
    Layer,
    dense,
    describe_dropout,
    embedding,
    hidden,
    join_details,
    last_width,
)
from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.config.field import setting
from riskmodel.config.sections.preprocessing import Scaling
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape


class MlpConfig(MonotoneConfig):
    """A multi-layer perceptron; the defaults are the network of preset ``mission``."""

    natural_scaling: ClassVar[Scaling] = "standard"
    usual_training = TrainingConfig()

    architecture: Literal["mlp"] = architecture("mlp", "Multi-layer perceptron")
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = setting(
        (128, 64),
        label="Layers",
        help="Units of each hidden layer, from the inputs to the output. Empty is a logistic regression.",
        unit="units",
        max_length=20,
        search=UNITS_SEARCHED,
    )
    activation: Literal["relu", "gelu", "selu", "elu", "swish", "tanh"] = setting(
        "relu",
        label="Activation",
        help="Activation of the hidden layers.",
        labels={"relu": "ReLU", "gelu": "GELU", "selu": "SELU", "elu": "ELU", "swish": "Swish", "tanh": "tanh"},
    )
    dropout: float = setting(
        0.5,
        label="Dropout",
        help="Share of each hidden layer's units randomly dropped in every step; reduces overfitting. 0 is off.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )
    normalization: Literal["none", "batch", "layer"] = setting(
        "none",
        label="Normalization",
        help="Normalizes the inputs of each hidden layer's activation, over the batch or per customer.",
        labels={"none": "None", "batch": "Batch", "layer": "Layer"},
    )
    l2: float = setting(
        0.0,
        label="L2 penalty",
        help="Added to the loss: this times the sum of squared weights. Keeps weights small.",
        ge=0.0,
        le=10.0,
        step=0.0001,
        advanced=True,
        search=(1e-7, 1e-2),
        log=True,
    )
    embedding_dimension: int = embedding_dimension()

    @model_validator(mode="after")
    def _check_monotone(self) -> Self:
        if self.monotone != "none" and self.activation not in ("relu", "elu", "selu"):
            raise ValueError(
                f"monotone columns need activation relu, elu or selu, which never fall; received {self.activation!r}"
            )
        if self.monotone != "none" and self.normalization != "none":
            raise ValueError(
                f"monotone columns need normalization none, since its scales may be negative; received "
                f"{self.normalization!r}"
            )
        return self

    def enlarge(self, training: TrainingConfig) -> tuple[Self, TrainingConfig]:
        """Twice the units."""
        return self.model_copy(update={"units": widen(self.units)}), lengthen(training)

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """Embeddings and hidden layers; a normalization has a scale per unit, and its shift replaces the bias."""
        table = embedding(inputs, self.embedding_dimension)
        normal = "" if self.normalization == "none" else f"{self.normalization} normalization"
        detail = join_details(self.activation, normal, describe_dropout(self.dropout))
        layers = [
            *table,
            *hidden(last_width(table, inputs), self.units, operations=25, detail=detail, scales=1 if normal else 0),
        ]
        return [*layers, dense("Log-odds", last_width(layers, inputs), 1, operations=30)]

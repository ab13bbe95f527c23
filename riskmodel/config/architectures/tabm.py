"""TabM-mini."""

from typing import Annotated, Literal, Self

from pydantic import Field

from riskmodel.config.blocks.architecture import EARLY_STOPPED, architecture
from riskmodel.config.blocks.encoding import list_encoding
from riskmodel.config.blocks.enlarging import lengthen, widen
from riskmodel.config.blocks.fields import (
    UNITS_SEARCHED,
    bins,
    dropout,
    embedding_dimension,
    encoding_dimension,
    numeric_encoding,
)
from riskmodel.config.blocks.layer import Layer, describe_dropout, hidden, join_details, last_width
from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.config.field import setting
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape


class TabmConfig(MonotoneConfig):
    """TabM-mini: an ensemble that shares all weights except adapters (Gorishniy 2025, arXiv 2410.24210)."""

    usual_training = EARLY_STOPPED.model_copy(update={"enlarge": True})

    architecture: Literal["tabm"] = architecture("tabm", "TabM")
    members: int = setting(
        16,
        label="Members",
        help="Ensemble members in one network. Each has its own input scaling and output; the score is "
        "the mean of their probabilities. Training time grows with their number.",
        ge=1,
        le=64,
        search=(4, 32),
        log=True,
    )
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = setting(
        (128, 128),
        label="Layers",
        help="Units of each hidden layer, shared by all members.",
        unit="units",
        min_length=1,
        max_length=20,
        search=UNITS_SEARCHED,
    )
    dropout: float = dropout(0.1)
    numeric_encoding: Literal["piecewise", "none"] = numeric_encoding("piecewise")
    bins: int = bins()
    encoding_dimension: int = encoding_dimension()
    embedding_dimension: int = embedding_dimension()

    @classmethod
    def usual(cls) -> Self:
        """The network of the preset ``fast``."""
        return cls(members=8, bins=8)

    def enlarge(self, training: TrainingConfig) -> tuple[Self, TrainingConfig]:
        """Twice the units, dropout and learning rate, three times the bins, half the members."""
        larger = {
            "units": widen(self.units),
            "bins": max(self.bins, min(3 * self.bins, 64)),
            "dropout": min(2 * self.dropout, max(self.dropout, 0.25)),
            "members": max(self.members // 2, min(self.members, 4)),
        }
        longer = {"learning_rate": 2 * training.learning_rate}
        return self.model_copy(update=larger), lengthen(training).model_copy(update=longer)

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """The encoding, the members' scales, hidden layers with shared weights, and an output per member."""
        encoded = list_encoding(self, inputs)
        width, members, last = last_width(encoded, inputs), self.members, self.units[-1]
        scales = f"{members} members, each scales the values its own way"
        detail = join_details("shared by all members", "relu", describe_dropout(self.dropout))
        return [
            *encoded,
            Layer("Members", width, members * width, multiply_adds=members * width, detail=scales, copies=members),
            *hidden(width, self.units, operations=30, detail=detail, copies=members),
            Layer(
                "Log-odds",
                1,
                parameters=members * (last + 1),
                multiply_adds=members * last,
                operations=110,
                detail="one per member, averaged",
                copies=members,
            ),
        ]

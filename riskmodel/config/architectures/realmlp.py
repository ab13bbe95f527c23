"""RealMLP."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from riskmodel.config.blocks.architecture import ArchitectureConfig, architecture
from riskmodel.config.blocks.fields import UNITS_SEARCHED, dropout, embedding_dimension
from riskmodel.config.blocks.layer import (
    Layer,
    dense,
    describe_dropout,
    embedding,
    encode_numbers,
    hidden,
    join_details,
    last_width,
)
from riskmodel.config.field import setting
from riskmodel.config.sections.preprocessing import Scaling
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape


class RealMlpConfig(ArchitectureConfig):
    """A multi-layer perceptron with tuned defaults: RealMLP (Holzmüller 2024, arXiv 2407.04491)."""

    natural_scaling: ClassVar[Scaling] = "robust"
    usual_training = TrainingConfig(
        optimizer="adamw",
        learning_rate=0.04,
        beta_2=0.95,
        weight_decay=0.02,
        schedule="cycles",
        epochs=64,
        batch_size=None,
        early_stopping=True,
        patience=24,  # longer than the trough between two cycles
        monitor="calibrated_loss",
        restore_best=True,
    )

    architecture: Literal["realmlp"] = architecture("realmlp", "RealMLP")
    units: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = setting(
        (256, 256, 256),
        label="Layers",
        help="Units of each hidden layer, from the inputs to the output.",
        unit="units",
        min_length=1,
        max_length=20,
        search=UNITS_SEARCHED,
    )
    dropout: float = dropout(0.15)
    frequencies: int = setting(
        16,
        label="Frequencies",
        help="Periodic features per number before the first layer, for learning narrow peaks. 0 gives "
        "the network the number itself only.",
        ge=0,
        le=128,
        search=(4, 64),
        log=True,
    )
    frequency_scale: float = setting(
        0.1,
        label="Frequency scale",
        help="Standard deviation of the initial frequencies; larger values allow narrower peaks.",
        gt=0.0,
        le=100.0,
        step=0.05,
        advanced=True,
        search=(0.01, 10.0),
        log=True,
    )
    encoding_dimension: int = setting(
        4,
        label="Encoding width",
        help="Dimension of each number's encoding: the number and linear combinations of its periodic features.",
        ge=2,
        le=64,
        advanced=True,
        search=(2, 16),
    )
    embedding_dimension: int = embedding_dimension()

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """The periodic encoding, a factor per value, and hidden layers with a learned mix per unit."""
        layers = embedding(inputs, self.embedding_dimension)
        if self.frequencies:
            mixed = self.encoding_dimension - 1
            waves = Layer(
                "Waves",
                self.encoding_dimension,
                parameters=2 * self.frequencies + (self.frequencies + 1) * mixed,
                multiply_adds=self.frequencies * (1 + mixed),
                detail=f"{self.frequencies} waves per number",
            )
            layers = encode_numbers(layers, inputs, waves)
        width = last_width(layers, inputs)
        detail = join_details("selu with a learned mix per unit", describe_dropout(self.dropout))
        return [
            *layers,
            Layer("Scale", width, parameters=width, multiply_adds=width, detail="a factor per value"),
            *hidden(width, self.units, operations=60, detail=detail, scales=1),
            dense("Log-odds", self.units[-1], 1, operations=100),
        ]

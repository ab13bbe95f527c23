"""The residual multi-layer perceptron."""

from typing import Literal

from riskmodel.config.blocks.architecture import EARLY_STOPPED, ArchitectureConfig, architecture
from riskmodel.config.blocks.encoding import list_encoding
from riskmodel.config.blocks.fields import (
    bins,
    embedding_dimension,
    encoding_dimension,
    numeric_encoding,
)
from riskmodel.config.blocks.layer import Layer, dense, describe_dropout, join_details, last_width
from riskmodel.config.field import setting
from riskmodel.inputs.shape import InputShape


class ResnetConfig(ArchitectureConfig):
    """Residual blocks (Gorishniy 2021, arXiv 2106.11959, "ResNet")."""

    usual_training = EARLY_STOPPED.model_copy(update={"learning_rate": 0.0005})

    architecture: Literal["resnet"] = architecture("resnet", "Residual network")
    blocks: int = setting(2, label="Blocks", help="Residual blocks.", ge=1, le=16, search=(1, 6))
    width: int = setting(
        128,
        label="Width",
        help="Units of the residual stream between blocks.",
        unit="units",
        ge=4,
        le=2048,
        step=16,
        search=(32, 512),
        log=True,
    )
    hidden_width: int = setting(
        256,
        label="Hidden width",
        help="Hidden units of each block.",
        unit="units",
        ge=4,
        le=4096,
        step=16,
        search=(64, 1024),
        log=True,
    )
    dropout: float = setting(
        0.2,
        label="Dropout",
        help="Share of each block's hidden units randomly dropped in every training step.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )
    numeric_encoding: Literal["piecewise", "none"] = numeric_encoding("none")
    bins: int = bins()
    encoding_dimension: int = encoding_dimension()
    embedding_dimension: int = embedding_dimension()

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """The encoding, a layer to the width, and blocks; each block and the output begin with a normalization."""
        encoded = list_encoding(self, inputs)
        width, inner = self.width, self.hidden_width
        norm = 2 * width
        detail = join_details(f"residual block with {inner} units", "relu", describe_dropout(self.dropout))
        parameters = norm + (width + 1) * inner + (inner + 1) * width
        blocks = [
            Layer(f"Block {number}", width, parameters, multiply_adds=2 * width * inner, operations=70, detail=detail)
            for number in range(1, self.blocks + 1)
        ]
        first = dense("Layer", last_width(encoded, inputs), width)
        return [*encoded, first, *blocks, dense("Log-odds", width, 1, operations=60, extra=norm)]

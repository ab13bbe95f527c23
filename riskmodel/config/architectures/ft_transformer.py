"""The feature-tokenizer transformer."""

from typing import Literal, Self

from pydantic import model_validator

from riskmodel.config.blocks.architecture import EARLY_STOPPED, ArchitectureConfig, architecture
from riskmodel.config.blocks.layer import Layer, dense, describe_dropout, join_details
from riskmodel.config.field import setting
from riskmodel.inputs.shape import InputShape


class FtTransformerConfig(ArchitectureConfig):
    """Every input becomes a token, and tokens attend to each other (Gorishniy 2021, arXiv 2106.11959).

    Sized for a CPU; the authors use width 192 and three layers of eight heads.
    """

    usual_training = EARLY_STOPPED.model_copy(update={"learning_rate": 0.0003, "weight_decay": 0.00001})

    architecture: Literal["ft_transformer"] = architecture("ft_transformer", "FT-Transformer")
    width: int = setting(
        32,
        label="Width",
        help="Dimension of each token; a multiple of the attention heads.",
        unit="units",
        ge=4,
        le=512,
        step=8,
        search=(16, 128),
    )
    layers: int = setting(2, label="Layers", help="Transformer blocks.", ge=1, le=12, search=(1, 4))
    heads: int = setting(4, label="Heads", help="Attention heads.", ge=1, le=16, search=None)
    attention_dropout: float = setting(
        0.2,
        label="Attention dropout",
        help="Share of the attention weights randomly dropped in training.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )
    dropout: float = setting(
        0.1,
        label="Dropout",
        help="Share of the feed-forward units randomly dropped in every training step.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads; received {self.width} and {self.heads}")
        return self

    @property
    def gated_units(self) -> int:
        """Units inside the gated part of a block: 4/3 of the width."""
        return max(1, round(self.width * 4 / 3))

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """The tokens, and one layer per block; only the first block's attention has no normalization before it."""
        width, tokens = self.width, inputs.num_numerical + len(inputs.cardinalities) + 1
        table = (2 * inputs.num_numerical + sum(inputs.cardinalities) + 1) * width
        norm = 2 * width
        attention = 4 * width * (width + 1)
        gated = (width + 1) * 2 * self.gated_units + (self.gated_units + 1) * width
        adds = tokens * (4 * width * width + 3 * self.gated_units * width) + 2 * tokens * tokens * width
        detail = join_details(f"{self.heads} attention heads", describe_dropout(self.dropout))
        blocks = [
            Layer(
                f"Block {number}",
                tokens * width,
                parameters=attention + gated + (norm if number == 1 else 2 * norm),
                multiply_adds=adds,
                operations=220,
                detail=detail,
            )
            for number in range(1, self.layers + 1)
        ]
        described = f"{tokens} tokens of {width} values"
        return [
            Layer("Tokens", tokens * width, table, multiply_adds=tokens * width, detail=described),
            *blocks,
            dense("Log-odds", width, 1, operations=80, extra=norm),
        ]

"""The feature-tokenizer transformer."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from riskmodel.config.architectures.shared import architecture
from riskmodel.config.field import Config, choice
from riskmodel.config.sections.preprocessing import Scaling


class FtTransformerConfig(Config):
    """Every input becomes a token, and tokens attend to each other (Gorishniy 2021, arXiv 2106.11959).

    Sized for a CPU; the authors use width 192 and three layers of eight heads.
    """

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["ft_transformer"] = architecture("ft_transformer")
    width: int = choice(
        32,
        label="Width",
        help="Dimension of each token; a multiple of the attention heads.",
        unit="units",
        ge=4,
        le=512,
        step=8,
        search=(16, 128),
    )
    layers: int = choice(2, label="Layers", help="Transformer blocks.", ge=1, le=12, search=(1, 4))
    heads: int = choice(4, label="Heads", help="Attention heads.", ge=1, le=16, search=None)
    attention_dropout: float = choice(
        0.2,
        label="Attention dropout",
        help="Share of the attention weights randomly dropped in training.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        search=(0.0, 0.7),
    )
    dropout: float = choice(
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

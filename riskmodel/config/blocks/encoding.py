"""The encoding of numbers and categories that several architectures begin with."""

from typing import Literal, Protocol

from riskmodel.config.blocks.layer import Layer, embedding, encode_numbers
from riskmodel.inputs.shape import InputShape


class EncodedConfig(Protocol):
    """A configuration with the fields of piecewise-linear encodings and embeddings, see ``fields``."""

    @property
    def numeric_encoding(self) -> Literal["piecewise", "none"]:
        """Encoding of numbers."""

    @property
    def bins(self) -> int:
        """Bins of each number."""

    @property
    def encoding_dimension(self) -> int:
        """Dimension of each number's encoding."""

    @property
    def embedding_dimension(self) -> int:
        """Dimension of each category's embedding."""


def list_encoding(config: EncodedConfig, inputs: InputShape) -> list[Layer]:
    """One layer, or none if there are neither encoded numbers nor categories."""
    table = embedding(inputs, config.embedding_dimension)
    if config.numeric_encoding == "none":
        return table
    bins, curves = config.bins, config.encoding_dimension
    detail = f"{bins} pieces per number, {curves} values of each"
    single = Layer("Encoding", curves, (bins + 2) * curves, multiply_adds=bins * curves, detail=detail)
    return encode_numbers(table, inputs, single)

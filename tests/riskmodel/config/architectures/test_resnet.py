"""Layers of the residual network, by hand."""

from riskmodel.config.architectures.resnet import ResnetConfig
from tests.networks import MIXED, layer_sizes


def test_blocks_and_the_output_begin_with_a_normalization() -> None:
    block = (4, 5 * 6 + 7 * 4 + 8, 4 * 6 + 6 * 4)
    config = ResnetConfig(blocks=2, width=4, hidden_width=6, embedding_dimension=2)
    assert layer_sizes(config, MIXED) == [
        ("Embedding", 5, 10, 0),
        ("Layer", 4, 24, 20),
        ("Block 1", *block),
        ("Block 2", *block),
        ("Log-odds", 1, 5 + 8, 4),
    ]

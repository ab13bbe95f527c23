"""Layers of the feature-tokenizer transformer, by hand."""

from riskmodel.config.architectures.ft_transformer import FtTransformerConfig
from tests.networks import MIXED, layer_sizes


def test_the_first_block_has_one_normalization_and_the_others_two() -> None:
    # 5 tokens: 3 numbers, a category, the class token. 4/3 of 6 is 8.
    config = FtTransformerConfig(width=6, layers=2, heads=2)
    mixing = 4 * (6 * 6 + 6) + (6 * 16 + 16) + (8 * 6 + 6)
    adds = 5 * (4 * 36 + 2 * 6 * 8 + 8 * 6) + 2 * 5 * 5 * 6
    assert config.gated_units == 8
    assert layer_sizes(config, MIXED) == [
        ("Tokens", 30, 3 * 2 * 6 + 5 * 6 + 6, 30),
        ("Block 1", 30, mixing + 12, adds),
        ("Block 2", 30, mixing + 24, adds),
        ("Log-odds", 1, 12 + 7, 6),
    ]

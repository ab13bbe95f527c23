"""Layers of RealMLP, by hand."""

from riskmodel.config.architectures.realmlp import RealMlpConfig
from tests.networks import MIXED, layer_sizes


def test_waves_of_each_number_and_a_mix_per_unit() -> None:
    config = RealMlpConfig(units=(4,), frequencies=8, encoding_dimension=3, embedding_dimension=2)
    assert layer_sizes(config, MIXED) == [
        ("Waves", 7, 10 + 16 + 9 * 2, 8 * 3),
        ("Scale", 7, 7, 7),
        ("Layer 1", 4, 8 * 4 + 4, 7 * 4),
        ("Log-odds", 1, 5, 4),
    ]


def test_without_frequencies_numbers_are_read_as_they_are() -> None:
    config = RealMlpConfig(units=(4,), frequencies=0, embedding_dimension=2)
    assert layer_sizes(config, MIXED)[:2] == [("Embedding", 5, 10, 0), ("Scale", 5, 5, 5)]

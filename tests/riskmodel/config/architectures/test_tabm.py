"""Layers of TabM, by hand."""

from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.inputs.shape import InputShape
from tests.networks import MIXED, layer_sizes


def test_members_share_the_hidden_layers() -> None:
    config = TabmConfig(members=3, units=(4,), bins=10, encoding_dimension=2, embedding_dimension=2)
    assert layer_sizes(config, MIXED) == [
        ("Encoding", 6, 5 * 2 + 12 * 2, 10 * 2),
        ("Members", 6, 3 * 6, 3 * 6),
        ("Layer 1", 4, 7 * 4, 3 * 6 * 4),
        ("Log-odds", 1, 3 * 5, 3 * 4),
    ]
    assert [layer.copies for layer in config.list_layers(MIXED)] == [1, 3, 3, 3]


def test_without_encoding_numbers_are_read_as_they_are() -> None:
    config = TabmConfig(members=3, units=(4,), numeric_encoding="none", embedding_dimension=2)
    assert layer_sizes(config, MIXED)[:2] == [("Embedding", 5, 10, 0), ("Members", 5, 15, 15)]
    encoded = TabmConfig(members=3, units=(4,), embedding_dimension=2)
    assert layer_sizes(encoded, InputShape(0, (5,)))[0] == ("Embedding", 2, 10, 0)

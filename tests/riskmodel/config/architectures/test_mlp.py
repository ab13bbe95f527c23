"""Layers of a multi-layer perceptron, by hand."""

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.inputs.shape import InputShape
from tests.networks import MIXED, layer_sizes


def test_embedding_and_hidden_layers() -> None:
    # 3 numerical inputs, and a column of 5 categories embedded in 3 values.
    config = MlpConfig(units=(4, 2), embedding_dimension=3, normalization="layer", dropout=0.25)
    assert layer_sizes(config, MIXED) == [
        ("Embedding", 6, 15, 0),
        ("Layer 1", 4, (6 + 1) * 4 + 4, 6 * 4),
        ("Layer 2", 2, (4 + 1) * 2 + 2, 4 * 2),
        ("Log-odds", 1, 3, 2),
    ]
    assert config.list_layers(MIXED)[1].detail == "relu, layer normalization, dropout 0.25"


def test_without_hidden_layers_it_is_the_output_alone() -> None:
    assert layer_sizes(MlpConfig(units=(), embedding_dimension=3), MIXED) == [
        ("Embedding", 6, 15, 0),
        ("Log-odds", 1, 7, 6),
    ]
    assert layer_sizes(MlpConfig(units=()), InputShape(2)) == [("Log-odds", 1, 3, 2)]

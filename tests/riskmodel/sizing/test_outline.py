"""A network layer by layer: widths and weights by hand, and the same sum as Keras has."""

import pytest

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.config.architectures.ft_transformer import FtTransformerConfig
from riskmodel.config.architectures.logistic import LogisticConfig
from riskmodel.config.architectures.lstm import LstmConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.resnet import ResnetConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.network import NetworkConfig
from riskmodel.networks.build import build_network
from riskmodel.sizing.outline import Layer, outline_network
from tests.riskmodel.sizing.test_counts import MIXED, MONTHS


def sizes(config: NetworkConfig, shape: object = MIXED) -> list[tuple[str, int, int]]:
    return [(layer.name, layer.width, layer.parameters) for layer in outline_network(config, shape)]  # type: ignore[arg-type]


def test_a_perceptron_by_hand() -> None:
    # 3 numerical inputs and one category of 5 levels, embedded in 3 values.
    config = MlpConfig(units=(4, 2), embedding_dimension=3, normalization="layer", dropout=0.25)
    layers = outline_network(config, MIXED)
    assert [(layer.name, layer.width, layer.parameters) for layer in layers] == [
        ("Inputs", 4, 0),
        ("Embedding", 6, 15),
        ("Layer 1", 4, (6 + 1) * 4 + 4),
        ("Layer 2", 2, (4 + 1) * 2 + 2),
        ("Log-odds", 1, 3),
    ]
    assert layers[0].detail == "1 numbers, 2 yes/no marks, 1 categories"
    assert layers[2].detail == "relu, layer normalization, dropout 0.25"


def test_members_by_hand() -> None:
    config = TabmConfig(members=3, units=(4,), bins=10, encoding_dimension=2, embedding_dimension=2)
    layers = outline_network(config, MIXED)
    assert [(layer.name, layer.width, layer.parameters, layer.copies) for layer in layers] == [
        ("Inputs", 4, 0, 1),
        ("Encoding", 6, 5 * 2 + 12 * 2, 1),
        ("Members", 6, 3 * 6, 3),
        ("Layer 1", 4, 7 * 4, 3),
        ("Log-odds", 1, 3 * 5, 3),
    ]


def test_the_others_by_hand() -> None:
    assert sizes(LogisticConfig()) == [("Inputs", 4, 0), ("Log-odds", 1, 3 + 1 + 5)]
    real = RealMlpConfig(units=(4,), frequencies=8, encoding_dimension=3, embedding_dimension=2)
    assert sizes(real) == [
        ("Inputs", 4, 0),
        ("Waves", 7, 10 + 16 + 9 * 2),
        ("Scale", 7, 7),
        ("Layer 1", 4, 8 * 4 + 4),
        ("Log-odds", 1, 5),
    ]
    resnet = ResnetConfig(blocks=2, width=4, hidden_width=6, embedding_dimension=2)
    block = 5 * 6 + 7 * 4 + 8
    assert sizes(resnet)[2:] == [("Layer", 4, 24), ("Block 1", 4, block), ("Block 2", 4, block), ("Log-odds", 1, 5 + 8)]
    assert sizes(AdditiveConfig(units=3, bins=5))[1:] == [("Curves", 4, 6 * 3 + 3), ("Log-odds", 1, 2 + 5 + 1)]
    cnn = CnnConfig(filters=(5,), kernel_size=3, units=(4,), embedding_dimension=2)
    assert sizes(cnn, MONTHS)[1:] == [
        ("Convolution 1", 15, 3 * 2 * 5 + 5),
        ("Join", 19, 8),
        ("Layer 1", 4, 80),
        ("Log-odds", 1, 5),
    ]
    lstm = LstmConfig(memory=5, units=(4,), with_static=False)
    assert sizes(lstm, MONTHS)[1:] == [("Memory", 5, (2 + 5 + 1) * 20), ("Layer 1", 4, 24), ("Log-odds", 1, 5)]
    transformer = outline_network(FtTransformerConfig(layers=3), MIXED)
    assert [layer.name for layer in transformer] == ["Inputs", "Tokens", "Round 1", "Round 2", "Round 3", "Log-odds"]


@pytest.mark.parametrize(
    "config",
    [
        MlpConfig(normalization="batch"),
        TabmConfig(numeric_encoding="none"),
        RealMlpConfig(frequencies=0),
        ResnetConfig(numeric_encoding="piecewise"),
        AdditiveConfig(),
        FtTransformerConfig(),
        CnnConfig(units=()),
        LstmConfig(),
    ],
    ids=lambda config: config.architecture,
)
def test_the_layers_have_all_weights_that_keras_has(config: NetworkConfig) -> None:
    layers = outline_network(config, MONTHS)
    assert all(isinstance(layer, Layer) and layer.parameters >= 0 for layer in layers)
    keras_network = build_network(config, MONTHS, seed=0)
    assert sum(layer.parameters for layer in layers) == sum(
        int(w.numpy().size) for w in keras_network.trainable_weights
    )

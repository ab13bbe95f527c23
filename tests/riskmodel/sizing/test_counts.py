"""Counts without Keras: multiply-adds by hand, weights as Keras has them."""

import numpy as np
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
from riskmodel.errors import ConfigError
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.build import build_network
from riskmodel.sizing.counts import count_network

MIXED = InputShape(3, (5,), (InputFeature("a", 0, (1,)), InputFeature("b", None, (2,)), InputFeature("c", embedding=0)))
MONTHS = InputShape(
    8,
    (4,),
    (
        *(InputFeature(f"pay_{month}", month) for month in range(3)),
        *(InputFeature(f"bill_{month + 1}", 3 + month) for month in range(3)),
        InputFeature("age", 6, (7,)),
        InputFeature("city", embedding=0),
    ),
)


def adds(config: NetworkConfig, shape: InputShape) -> int:
    return count_network(config, shape).multiply_adds


def test_multiply_adds_by_hand() -> None:
    assert adds(MlpConfig(units=(4, 2), embedding_dimension=3), MIXED) == 6 * 4 + 4 * 2 + 2
    plain = TabmConfig(members=3, units=(4,), numeric_encoding="none", embedding_dimension=2)
    assert adds(plain, MIXED) == 3 * (5 + 5 * 4 + 4)
    encoded = TabmConfig(members=3, units=(4,), bins=10, encoding_dimension=2, embedding_dimension=2)
    assert adds(encoded, MIXED) == 10 * 2 + 3 * (6 + 6 * 4 + 4)
    real = RealMlpConfig(units=(4,), frequencies=8, encoding_dimension=3, embedding_dimension=2)
    assert adds(real, MIXED) == 8 * 3 + 7 + 7 * 4 + 4


def test_multiply_adds_of_the_others_by_hand() -> None:
    assert adds(LogisticConfig(), MIXED) == 4
    resnet = ResnetConfig(blocks=2, width=4, hidden_width=6, embedding_dimension=2)
    assert adds(resnet, MIXED) == 5 * 4 + 2 * (4 * 6 + 6 * 4) + 4
    assert adds(AdditiveConfig(units=3, bins=5), MIXED) == 5 * 3 + 3 + 2
    cnn = CnnConfig(filters=(5,), kernel_size=3, units=(4,), embedding_dimension=2)
    assert adds(cnn, MONTHS) == 3 * (3 * 2) * 5 + (3 * 5 + 2 + 2) * 4 + 4
    lstm = LstmConfig(memory=5, units=(4,), with_static=False)
    assert adds(lstm, MONTHS) == 3 * (2 + 5) * 20 + 5 * 4 + 4


@pytest.mark.parametrize("shape", [InputShape(6), InputShape(0, (4, 9)), InputShape(2, (3,)), MIXED, MONTHS])
@pytest.mark.parametrize(
    "config",
    [
        LogisticConfig(),
        ResnetConfig(blocks=3, width=8, hidden_width=12),
        ResnetConfig(blocks=1, width=8, hidden_width=12, numeric_encoding="piecewise", bins=5),
        AdditiveConfig(units=4, bins=6),
        FtTransformerConfig(width=12, layers=1, heads=3),
        FtTransformerConfig(width=8, layers=3, heads=2),
        MlpConfig(units=()),
        MlpConfig(units=(5, 3, 7), normalization="batch"),
        MlpConfig(units=(4,), normalization="layer", embedding_dimension=3),
        TabmConfig(members=3, units=(5, 4), bins=6, encoding_dimension=2),
        TabmConfig(members=2, units=(5,), numeric_encoding="none", embedding_dimension=3),
        RealMlpConfig(units=(5, 4), frequencies=3),
        RealMlpConfig(units=(5,), frequencies=0, embedding_dimension=3),
    ],
)
def test_weights_are_as_many_as_keras_has(config: NetworkConfig, shape: InputShape) -> None:
    assert count_network(config, shape).parameters == weights_of(config, shape)


@pytest.mark.parametrize(
    "config",
    [
        CnnConfig(filters=(5, 3), units=()),
        CnnConfig(filters=(5,), kernel_size=2, with_static=False),
        LstmConfig(memory=6),
        LstmConfig(memory=6, with_static=False, units=(3, 2)),
        MlpConfig(units=(5, 4), monotone="chosen", increasing=("age",)),
        TabmConfig(members=2, units=(5,), monotone="chosen", decreasing=("age", "pay_0")),
        AdditiveConfig(units=3, monotone="chosen", increasing=("bill_1",)),
    ],
)
def test_weights_of_networks_that_name_columns(config: NetworkConfig) -> None:
    assert count_network(config, MONTHS).parameters == weights_of(config, MONTHS)


def weights_of(config: NetworkConfig, shape: InputShape) -> int:
    model = build_network(config, shape, seed=1)
    return sum(int(np.prod(variable.shape)) for variable in model.trainable_variables)


def test_a_network_of_months_without_months_raises() -> None:
    with pytest.raises(ConfigError, match=r"months of a series, such as BILL_AMT1.*Choose another network"):
        count_network(CnnConfig(), MIXED)

"""Counts are sums over the layers; offsets are no inputs of a layer."""

import pytest

from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.errors import ConfigError
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.sizing.counts import NetworkCounts, count_network
from tests.networks import MIXED


def test_a_perceptron_by_hand() -> None:
    found = count_network(MlpConfig(units=(4, 2), embedding_dimension=3), MIXED)
    assert found == NetworkCounts(
        parameters=15 + 7 * 4 + 5 * 2 + 3, multiply_adds=6 * 4 + 4 * 2 + 2, operations=30 + 2 * 25
    )


def test_an_offset_is_read_by_no_layer() -> None:
    with_offset = InputShape(2, (), (InputFeature("late", 0, offset=1),))
    assert count_network(MlpConfig(units=()), with_offset) == count_network(MlpConfig(units=()), InputShape(1))


def test_a_network_of_months_without_months_raises() -> None:
    with pytest.raises(ConfigError, match=r"months of a series, such as BILL_AMT1.*Choose another network"):
        count_network(CnnConfig(), MIXED)

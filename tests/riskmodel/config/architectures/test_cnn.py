"""Layers of the convolution over months, by hand."""

import pytest

from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.errors import ConfigError
from tests.networks import MIXED, MONTHS, layer_sizes


def test_convolutions_read_all_series_and_the_others_are_joined() -> None:
    config = CnnConfig(filters=(5,), kernel_size=3, units=(4,), embedding_dimension=2)
    assert layer_sizes(config, MONTHS) == [
        ("Convolution 1", 15, 3 * 2 * 5 + 5, 3 * (3 * 2) * 5),
        ("Join", 19, 8, 0),
        ("Layer 1", 4, 80, 19 * 4),
        ("Log-odds", 1, 5, 4),
    ]


def test_without_months_the_columns_are_named() -> None:
    with pytest.raises(ConfigError, match=r"months of a series, such as BILL_AMT1.*Choose another network"):
        CnnConfig().list_layers(MIXED)

"""Layers of logistic regression, by hand."""

from riskmodel.config.architectures.logistic import LogisticConfig
from tests.networks import MIXED, layer_sizes


def test_a_weight_per_input_and_level_and_a_bias() -> None:
    assert layer_sizes(LogisticConfig(), MIXED) == [("Log-odds", 1, 3 + 5 + 1, 4)]

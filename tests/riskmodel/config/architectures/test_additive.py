"""Layers of the additive network, by hand."""

from riskmodel.config.architectures.additive import AdditiveConfig
from tests.networks import MIXED, layer_sizes


def test_a_curve_per_number_and_a_weight_per_indicator_and_level() -> None:
    assert layer_sizes(AdditiveConfig(units=3, bins=5), MIXED) == [
        ("Curves", 4, 6 * 3 + 3, 6 * 3),
        ("Log-odds", 1, 2 + 5 + 1, 2),
    ]

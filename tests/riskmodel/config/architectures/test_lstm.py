"""Layers of the LSTM over months, by hand."""

from riskmodel.config.architectures.lstm import LstmConfig
from tests.networks import MONTHS, layer_sizes


def test_the_memory_reads_every_month() -> None:
    lstm = LstmConfig(memory=5, units=(4,), with_static=False)
    assert layer_sizes(lstm, MONTHS) == [
        ("Memory", 5, (2 + 5 + 1) * 20, 3 * (2 + 5) * 20),
        ("Layer 1", 4, 24, 20),
        ("Log-odds", 1, 5, 4),
    ]

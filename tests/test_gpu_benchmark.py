"""The benchmark on a GPU: its networks, its customers, its timing and its table."""

import time

import pytest

from riskmodel.config.presets import preset
from tests.benchmarks.gpu.__main__ import format_row
from tests.benchmarks.gpu.cases import LEVELS, NUM_NUMBERS, list_networks, make_customers
from tests.benchmarks.gpu.measurement import Steps, measure_speed


def test_every_network_of_the_presets_is_measured_once() -> None:
    networks = list_networks(24_000)
    assert list(networks)[:2] == ["mission", "fast"]
    measured = list(networks.values())
    assert all(measured.count(learner) == 1 for learner in measured)
    assert all(learner in measured for name in ("mission", "fast", "best") for learner in preset(name, 24_000).learners)


def test_customers_have_both_outcomes_and_known_categories() -> None:
    inputs, bad = make_customers(2_000)
    assert inputs.numerical.shape == (2_000, NUM_NUMBERS)
    assert [int(column.max()) + 1 <= count for column, count in zip(inputs.categorical.T, LEVELS, strict=True)] == [
        True
    ] * len(LEVELS)
    assert 0.1 < bad.mean() < 0.4


def test_the_speed_is_that_of_the_steps_after_the_first() -> None:
    calls: list[tuple[int, int]] = []

    def run(start: int, stop: int) -> None:
        time.sleep(0.2 if not calls else 0.002 * (stop - start))
        calls.append((start, stop))

    speed = measure_speed(Steps(1_000, 10, run, lambda: 7), "cpu", seconds=0.3)
    steps = sum(stop - start for start, stop in calls[1:])
    assert all(0 <= start < stop <= 100 for start, stop in calls)
    assert speed.start_seconds >= 0.2
    assert speed.measured_epochs == pytest.approx(steps / 100)
    # A step of 10 customers sleeps 2 ms or longer: at most 5,000 customers a second.
    assert speed.rows_per_second <= 5_000
    assert speed.epoch_seconds == pytest.approx(1_000 / speed.rows_per_second)
    assert speed.memory_bytes == 7
    assert speed.utilization is not None


def test_the_table_compares_with_keras_and_marks_what_was_not_measured() -> None:
    measured = {"network": "fast", "rows": 24_000, "batch_size": 256, "rows_per_second": 12_000.0} | {
        "epoch_seconds": 2.0, "measured_epochs": 1.5, "start_seconds": 1.0, "utilization": 0.5, "memory_bytes": 2**21,
    }  # fmt: skip
    keras = measured | {"library": "keras", "device": "gpu"}
    torch = measured | {"library": "pytorch", "device": "gpu", "epoch_seconds": 5.0, "utilization": None}
    skipped = {"network": "fast", "rows": 24_000, "library": "keras", "device": "cpu", "skipped": True}
    cells = [cell.strip() for cell in format_row(keras, [keras]).split("|")][1:-1]
    assert cells == ["fast", "24,000", "Keras on JAX, GPU", "256", "2", "12,000", "1.00", "1.5", "1.0", "50%", "2"]
    assert "| PyTorch, GPU | 256 | 5 | 12,000 | 2.50 |" in format_row(torch, [keras, torch])
    assert "not measured: no time left" in format_row(skipped, [keras, torch, skipped])
    assert format_row(torch, [skipped, torch]).split("|")[7].strip() == ""
    assert len(format_row(skipped, [skipped]).split("|")) == len(format_row(keras, [keras]).split("|"))

"""Settings of the training section."""

import pytest

from riskmodel.config.sections.training import TrainingConfig


@pytest.mark.parametrize(
    ("num_rows", "expected"),
    [(20, 20), (2_799, 32), (2_800, 64), (4_500, 128), (6_400, 256), (32_000, 512), (107_999, 512), (108_000, 1024)],
)
def test_an_empty_batch_size_goes_by_the_number_of_customers(num_rows: int, expected: int) -> None:
    assert TrainingConfig(batch_size=None).batch_rows(num_rows) == expected


def test_a_batch_is_never_larger_than_the_customers() -> None:
    assert TrainingConfig(batch_size=32).batch_rows(10) == 10
    assert TrainingConfig(batch_size=32).batch_rows(1_000_000) == 32

"""Special codes are distinguished from ages and percentages."""

import pyarrow as pa
import pytest

from riskmodel.tables.values.special_codes import describe_special_codes, find_special_codes


def cells(*numbers: float) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(numbers, pa.float64())])


def test_codes_of_credit_files_above_small_counts() -> None:
    numbers = cells(*[0.0] * 900, *[1.0] * 80, *[13.0] * 10, *[98.0] * 9, 96.0)
    assert find_special_codes(numbers) == {96.0: 0.001, 98.0: 0.009}
    assert describe_special_codes(numbers) == (
        "96 in 0.1% of the rows and 98 in 0.9% of the rows look like special codes"
    )


@pytest.mark.parametrize(
    "numbers",
    [
        [18.0, 40.0, 65.0, *[96.0] * 5],  # ages
        [0.0, 12.5, 20.0, *[98.0] * 5],  # shares
        [0.0, 5.0, 97.0, *[98.0] * 5, 100.0],  # percentages
        [0.0, 1.0, 2.0, 96.0, 98.0],  # too few to decide
        [0.0, *[98.0] * 5],  # one other value is no range
        [-1.0, 3.0, *[98.0] * 5],
        [98.0] * 5,
    ],
)
def test_plausible_high_numbers_are_not_codes(numbers: list[float]) -> None:
    assert find_special_codes(cells(*numbers)) == {}


def test_nines_are_found_as_before() -> None:
    assert find_special_codes(cells(4.0, -9999.0, 7.0)) == {-9999.0: 1 / 3}
    assert describe_special_codes(cells(4.0, -9999.0, 7.0)) == "-9999 in 33.3% of the rows looks like a special code"

"""Conversion of columns for the leakage checks."""

import pyarrow as pa
import pytest

from riskmodel.tables.checks.leaks.column_values import read_values
from riskmodel.tables.schema.schema import MISSING_MARKERS, Column


def read(*cells: str | None, kind: str = "ignored"):
    column = Column.model_validate({"name": "x", "kind": kind})
    return read_values(pa.chunked_array([pa.array(cells, pa.string())]), column, MISSING_MARKERS)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["$60,000.00 ", "$0.00 "], [60000, 0]),
        (["(1,200)", "-5"], [-1200, -5]),
        (["1.234,50", "0,5"], [1234.5, 0.5]),
        (["€ 12", "12 EUR"], [12, 12]),
        (["12.5%", "3%"], [12.5, 3]),
        (["1'000", "2 000"], [1000, 2000]),
        (["7", "1e3"], [7, 1000]),
    ],
)
def test_amounts_percentages_and_grouped_digits_are_numbers(cells: list[str], numbers: list[float]) -> None:
    values = read(*cells)
    assert (values.reads, values.values.tolist()) == ("numbers", numbers)


def test_missing_value_markers_and_the_unreadable_minority_are_missing() -> None:
    values = read("$1", "$2", " NA ", "", "unknown")
    assert values.reads == "numbers"
    assert values.present.tolist() == [True, True, False, False, False]


def test_dates_are_read_in_the_format_of_most() -> None:
    values = read("28-Feb-97", "01-Mar-97", "later", "02-Mar-97")
    assert values.reads == "dates"
    assert values.describe(values.values[0]) == "1997-02-28"
    assert values.present.tolist() == [True, True, False, True]


def test_other_texts_are_levels_and_categories_stay_levels() -> None:
    values = read("north", "Flat 12B", "south", "north")
    assert (values.reads, values.values.tolist()) == ("levels", [0, 1, 2, 0])
    assert values.describe(1) == "'Flat 12B'"
    assert read("1", "2", None, kind="categorical").reads == "levels"
    assert read(None, "2", kind="categorical").present.tolist() == [False, True]

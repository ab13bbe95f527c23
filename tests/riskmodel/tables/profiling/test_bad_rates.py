"""Bad rates over time, counted by hand."""

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.profiling.bad_rates import compute_bad_rates
from tests.riskmodel.tables.checks.tables import make_dataset

KINDS = {"day": "date"}


def test_quarters_without_customers_are_kept_and_unlabeled_rows_ignored() -> None:
    days = ["2024-01-01", "2024-03-31", "2024-10-01", "", "2025-01-01"]
    rates = compute_bad_rates(make_dataset(KINDS, day=days, bad=[1, 0, 1, 1, ""]), "day")
    assert rates.unit == "quarter"
    assert rates.periods == ("2024 Q1", "2024 Q2", "2024 Q3", "2024 Q4")
    assert (rates.num_labelled, rates.num_bads) == ((2, 0, 0, 1), (1, 0, 0, 1))
    assert rates.bad_rates == (0.5, None, None, 1.0)


def test_a_long_span_is_counted_by_year_also_before_1970() -> None:
    rates = compute_bad_rates(make_dataset(KINDS, day=["1968-12-31", "1975-01-01"], bad=[0, 1]), "day")
    assert (rates.unit, rates.periods[0], rates.periods[-1]) == ("year", "1968", "1975")
    assert rates.num_labelled == (1, 0, 0, 0, 0, 0, 0, 1)


def test_texts_that_are_not_dates_are_rejected() -> None:
    dataset = make_dataset(KINDS, day=["", "", "2024-01-01"], x=[1, 2, 3], bad=[0, 1, ""])
    with pytest.raises(DataError, match="No customer with a known outcome has a date in column 'day'"):
        compute_bad_rates(dataset, "day")
    with pytest.raises(DataError, match="Column 'x' is no date"):
        compute_bad_rates(dataset, "x")

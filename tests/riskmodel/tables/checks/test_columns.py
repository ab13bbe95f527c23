"""Constant columns, rare categories, overflows and heavy tails."""

import numpy as np

from riskmodel.tables.checks.columns import find_constant, find_few_values, find_outliers, find_rare_levels
from tests.riskmodel.tables.checks.tables import half_bad, make_dataset

ROWS = 200
BAD = half_bad(ROWS)
NUMBERS = np.arange(ROWS)


def test_constant_and_empty_columns_are_excluded() -> None:
    same, empty = ["EUR"] * ROWS, [""] * ROWS
    late = [5] * (ROWS - 1) + [6]
    dataset = make_dataset({"currency": "categorical"}, currency=same, fax=empty, x=NUMBERS, late=late, bad=BAD)
    [finding] = find_constant(dataset.table, dataset.schema)
    assert finding.leave_out == ("currency", "fax")
    assert finding.text == (
        "'currency' is the same in every row; 'fax' is missing in every row: nothing can be learned from them."
    )


def test_rare_levels_are_counted() -> None:
    job = ["clerk"] * 190 + [f"job {number}" for number in range(4)] + ["cook"] * 6
    dataset = make_dataset({"job": "categorical"}, job=job, bad=BAD)
    [finding] = find_rare_levels(dataset.table, dataset.schema)
    assert "5 of the 6 categories of 'job' (10 customers in all)" in finding.text
    usual = make_dataset({"job": "categorical"}, job=NUMBERS % 10, bad=BAD)
    assert find_rare_levels(usual.table, usual.schema) == []


def test_few_whole_numbers_are_named_with_their_treatment() -> None:
    few = {"NewExist": NUMBERS % 3, "late": NUMBERS % 10 + 1, "num_late": NUMBERS % 4}
    many = {"share": NUMBERS % 4 / 2, "flag": NUMBERS % 2, "months": NUMBERS % 11, "points": NUMBERS % 3 + 19}
    dataset = make_dataset(dict.fromkeys((*few, *many), "numerical"), **few, **many, bad=BAD)
    [finding] = find_few_values(dataset.table, dataset.schema)
    assert (finding.columns, finding.severity, finding.leave_out) == (("NewExist", "late"), "note", ())
    assert finding.text == (
        "Few whole numbers, read as numbers: 'NewExist' (3 values, 0 to 2) and 'late' (10 values, 1 to 10). Beyond the "
        "largest value the risk follows the trend. If the values of a column are codes, make it categorical."
    )


def test_a_number_at_the_limit_of_its_type_is_reported_as_an_overflow() -> None:
    dataset = make_dataset({}, income=[*NUMBERS[:-2], 2147483647, 2147483647], bad=BAD)
    [finding] = find_outliers(dataset.table, dataset.schema)
    assert (finding.kind, finding.severity) == ("overflow", "warning")
    assert "'income' is 2,147,483,647 in 2 rows, far beyond all other numbers" in finding.text


def test_a_heavy_tail_is_a_note_with_its_share() -> None:
    # Quartiles of 0 … 199 are about 100 apart: 1,200 is more than ten times as far from the median, 1,000 is not.
    dataset = make_dataset({}, spend=[*NUMBERS[:-2], 1000, 1200], bad=BAD)
    [finding] = find_outliers(dataset.table, dataset.schema)
    assert (finding.kind, finding.severity, finding.columns) == ("outliers", "note", ("spend",))
    assert "'spend' 0.5%" in finding.text


def test_even_numbers_and_mostly_one_value_have_no_outliers() -> None:
    dataset = make_dataset({}, x=NUMBERS, sparse=[0] * (ROWS - 1) + [7], bad=BAD)
    assert find_outliers(dataset.table, dataset.schema) == []

"""Columns that are mostly missing, or missing together."""

import numpy as np

from riskmodel.tables.checks.missingness import find_missingness
from tests.riskmodel.tables.checks.tables import half_bad, make_dataset

ROWS = 200
NUMBERS = np.arange(ROWS)


def gaps(first: int, last: int) -> list[object]:
    return ["" if first <= row < last else row for row in range(ROWS)]


def test_mostly_missing_columns_are_reported_and_nearly_empty_ones_proposed_for_exclusion() -> None:
    dataset = make_dataset({}, fax=gaps(0, 196), sms=gaps(0, 120), x=NUMBERS, bad=half_bad(ROWS))
    [finding] = find_missingness(dataset.table, dataset.schema)
    assert finding.text.startswith("2 columns are mostly missing: 'fax' 98.0% and 'sms' 60.0%.")
    assert (finding.columns, finding.leave_out) == (("fax", "sms"), ("fax",))


def test_columns_missing_in_the_same_rows_are_one_group() -> None:
    columns = {"a": gaps(0, 50), "b": gaps(0, 50), "c": gaps(150, 200), "d": NUMBERS}
    dataset = make_dataset({}, **columns, bad=half_bad(ROWS))
    [finding] = find_missingness(dataset.table, dataset.schema)
    assert (finding.kind, finding.columns) == ("missing_together", ("a", "b"))
    assert finding.text.startswith("'a' and 'b' are missing in the same rows (25.0% of all)")


def test_a_full_table_and_single_gaps_have_no_finding() -> None:
    dataset = make_dataset({}, a=NUMBERS, b=gaps(3, 4), bad=half_bad(ROWS))
    assert find_missingness(dataset.table, dataset.schema) == []

"""Spellings of one outcome, and the outcome of each row."""

import pyarrow as pa
import pytest

from riskmodel.tables.values.outcomes import code_outcomes, outcome_key

CELLS = pa.chunked_array([["Default", "DEFAULT ", None], ["Paid", "Late", "default", "Current"]])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Default", " DEFAULT "),
        ("charged off", "Charged\u00a0 Off"),
        ("1", "1.0"),
        ("1", "01"),
        ("0", "-0"),
        ("１", "1"),
        ("impay\u00e9", "impaye\u0301"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_outcome_have_one_key(one: str, other: str) -> None:
    assert outcome_key(one) == outcome_key(other)


@pytest.mark.parametrize(("one", "other"), [("+", "-"), ("1", "-1"), ("P", "P."), ("1", "l"), ("no", "not")])
def test_different_outcomes_have_different_keys(one: str, other: str) -> None:
    assert outcome_key(one) != outcome_key(other)


def test_every_value_that_is_not_bad_is_good_unless_good_values_are_named() -> None:
    assert code_outcomes(CELLS, ["default"], None).tolist() == [1, 1, -1, 0, 0, 1, 0]


def test_values_that_are_neither_bad_nor_good_are_undetermined() -> None:
    assert code_outcomes(CELLS, ["Default", "LATE"], ["paid"]).tolist() == [1, 1, -1, 0, 1, 1, -1]

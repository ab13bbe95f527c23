"""Rows and identifiers that stand more than once."""

from riskmodel.tables.checks.duplicates import find_duplicates
from tests.riskmodel.tables.checks.tables import make_dataset

KINDS = {"id": "identifier", "city": "categorical"}


def texts(**columns: list[object]) -> list[str]:
    return [finding.text for finding in find_duplicates(make_dataset(KINDS, **columns))]


def test_rows_that_are_equal_but_for_their_identifier() -> None:
    [text] = texts(id=["a", "b", "c"], x=[1, 1, 2], city=["Oslo", "Oslo", "Oslo"], bad=[0, 0, 1])
    assert text.startswith("1 row (33.3%) repeats another row in all columns but the identifiers.")
    assert "remove the repeated rows" in text


def test_rows_that_are_equal_in_full_are_not_said_twice() -> None:
    identifier, rows = texts(id=["a", "a", "a", "d"], x=[1, 1, 1, 2], city=["", "", "", ""], bad=[0, 0, 0, 1])
    assert identifier.startswith("2 rows (50.0%) have a value of the identifier 'id' that another row has.")
    assert rows.startswith("2 rows (50.0%) repeat another row in full, one of them 3 times in all.")


def test_missing_is_a_value_and_a_different_outcome_a_different_row() -> None:
    assert texts(x=["", 0, 1], city=["Oslo", "Oslo", ""], bad=[0, 0, 1]) == []
    assert texts(x=[1, 1, 2], bad=[0, 1, 1]) == []
    assert len(texts(x=["", "", 1], city=["", "", ""], bad=[1, 1, 0])) == 1


def test_values_that_change_places_are_not_equal() -> None:
    assert texts(x=[1, 2, 3], y=[2, 1, 3], bad=[0, 0, 1]) == []


def test_a_table_of_many_different_rows_has_none() -> None:
    rows = range(3000)
    assert texts(x=[row // 50 for row in rows], y=[row % 50 for row in rows], bad=[row % 2 for row in rows]) == []


def test_empty_identifiers_are_not_repeated_ones() -> None:
    assert texts(id=["", "", "a"], x=[1, 2, 3], bad=[0, 1, 0]) == []

"""Duplicate rows and identifiers."""

import dataclasses

import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.tables.checks.duplicates import find_duplicates, find_repeated_rows
from tests.riskmodel.tables.checks.tables import make_dataset

KINDS = {"id": "identifier", "city": "categorical"}


def texts(**columns: list[object]) -> list[str]:
    return [finding.text for finding in find_duplicates(make_dataset(KINDS, **columns))]


def test_rows_that_are_equal_but_for_their_identifier() -> None:
    [text] = texts(id=["a", "b", "c"], x=[1, 1, 2], city=["Oslo", "Oslo", "Oslo"], bad=[0, 0, 1])
    assert text.startswith("1 row (33.3%) repeats another row in all columns but the identifiers.")
    assert "remove the repeated rows" in text


def test_fully_equal_rows_are_reported_once() -> None:
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


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.sampled_from("xyz")), min_size=2, max_size=12))
def test_repeated_rows_are_those_that_pandas_finds_in_any_chunks(rows: list[tuple[str, int, str]]) -> None:
    frame = pd.DataFrame([*rows, ("c", 3, "x")], columns=["id", "x", "city"])
    columns = {name: list(frame[name]) for name in frame}
    dataset = make_dataset(KINDS, **columns, bad=[*[0] * len(rows), 1])
    pieces = [dataset.table.slice(start, 2) for start in range(0, len(frame), 2)]
    result = find_duplicates(dataclasses.replace(dataset, table=pa.concat_tables(pieces)))
    in_full, without = int(frame.duplicated().sum()), int(frame.duplicated(["x", "city"]).sum())
    repeated = [finding.text for finding in result if finding.kind == "duplicate_rows"]
    expected = [f"{without:,}"] * (without > in_full) + [f"{in_full:,}"] * (in_full > 0)
    assert [text.split()[0] for text in repeated] == expected


def test_all_but_the_first_of_equal_rows_are_repeated() -> None:
    columns = {"id": ["a", "b", "a", "a", "c"], "x": [1, 2, "1.0", 1, 1], "city": ["", "Rome", "", "", ""]}
    dataset = make_dataset(KINDS, **columns, bad=[0, 1, 0, 0, 0])
    assert find_repeated_rows(dataset).tolist() == [False, False, True, True, False]
    assert find_repeated_rows(dataset, ignore_identifiers=True).tolist() == [False, False, True, True, True]
    rest = dataset.with_rows(~find_repeated_rows(dataset))
    assert rest.table["id"].to_pylist() == ["a", "b", "c"] and find_repeated_rows(rest).tolist() == [False] * 3


def test_without_equal_rows_nothing_is_repeated() -> None:
    assert not find_repeated_rows(make_dataset(KINDS, x=[1, 2, ""], bad=[0, 1, 1])).any()

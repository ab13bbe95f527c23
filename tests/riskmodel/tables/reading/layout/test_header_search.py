"""The header among the first rows of a table."""

import pytest

from riskmodel.tables.reading.layout.header_search import count_header_rows, count_title_rows, find_forms, is_number

BODY = [["1", "30", "1000"], ["2", "31", "2000"], ["3", "40", "1500"], ["4", "22", "900"]]
WORDS = [["Anna", "Rome", "A"], ["Bert", "Oslo", "B"], ["Carl", "Bern", "C"]]


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["id", "age", "income"], *BODY], 1),
        (BODY, 0),
        ([["2019-01-31", "A", "good"], ["2019-02-28", "B", "bad"], ["2019-03-31", "C", "bad"]], 0),
        ([["AC00001", "A"], ["AC00002", "B"], ["AC00003", "C"], ["AC00004", "C"]], 0),
        ([["a", "good", "x"], ["b", "bad", "y"], ["c", "good", "x"], ["d", "bad", "z"]], 0),
        ([["name", "city", "grade"], *WORDS], 1),
        ([["name", "city", "grade"], *WORDS, ['\f"name"', "city", "grade"], *WORDS], 1),
        ([["id", "2019-01-31", "2019-02-28"], ["a", "5", "6"], ["b", "7", "8"], ["c", "9", "8"]], 1),
        ([["id", "2019", "2020"], ["a", "5", "6"], ["b", "7", "8"], ["c", "9", "8"]], 1),
        ([["id", "age", "income"], ["", "years", "EUR"], *BODY], 2),
        ([["id", "age", "income"], ["", "(EUR)", "(EUR)"], *BODY], 2),
        ([["loan", "person", "person"], ["id", "age", "income"], *BODY], 2),
        ([["id", "age", "income"], ["id", "Age", "INCOME "], *BODY], 1),
        ([["id", "age", "income"], ["9", "unknown", "unknown"], *BODY], 1),
        ([["id", "age", "income"], ["unknown", "unknown", "unknown"], *BODY], 1),
        ([["who", "who", "where"], ["id", "name", "city"], *[[str(i), *row] for i, row in enumerate(WORDS)]], 2),
        ([["group", "grade", "city"], ["id", "name", "city"], ["1", "Anna", "Rome"], ["2", "Bert", "Rome"]], 1),
        ([["id", "age", "income"], ["code", "number", "number"], *BODY], 2),
        ([["id", "age", "income"], ["int", "int", "number"], *BODY], 1),
        ([["id", "age", "income"], ["--", "---", "------"], *BODY], 1),
        ([["loan", "person", "person"], ["id", "age", "income"], ["code", "years", "EUR"], *BODY], 3),
        ([["loan", "person", "place"], ["id", "grade", "city"], *[["x", "A", "Rome"], ["y", "B", "Oslo"]] * 8], 2),
        ([["id", "grade", "city"], ["x", "C", "Bern"], *[["x", "A", "Rome"], ["y", "B", "Oslo"]] * 8], 1),
        ([["id", "age", "income"], ["x130", "1000 EUR", "17.5 %"], *BODY], 1),
        ([["id", "age", "income"], ["x", "y"], *BODY], 1),
        ([["a", "b"], ["c", "d"]], 1),
    ],
)
def test_header_rows(rows: list[list[str]], count: int) -> None:
    assert count_header_rows(rows) == count


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["Customers of May", "", ""], ["", "", ""], ["id", "age", "income"], *BODY], 2),
        ([["Customers", "of May", "", ""], ["id", "age", "income", "bad"], *[[*row, "0"] for row in BODY]], 1),
        ([["", "", ""], ["id", "age", "income"], *BODY], 1),
        ([["Run date", "2019-01-31", "v2"], ["id", "age", "income"], *BODY], 1),
        ([["Customers", "4", ""], ["", "", ""], ["id", "age", "income"], *BODY], 2),
        ([["id", "2019", "2020"], ["", "EUR", "EUR"], *BODY], 0),
        ([["1", "30", "1000"], ["x", "none", "none"], *BODY], 0),
        ([["Report", "", ""], ["name", "city", "grade"], *WORDS], 1),
        ([["id", "", ""], *BODY], 0),
        ([["id", "", "income"], *BODY], 0),
        ([["id", "age", "income"], *BODY], 0),
        ([["id", "", ""], ["1", "", ""], ["2", "5", ""], ["3", "", ""]], 0),
        ([["name", ""], ["Anna", "5"], ["Bert", "6"], ["Carl", "7"]], 0),
        ([], 0),
    ],
)
def test_title_rows(rows: list[list[str]], count: int) -> None:
    assert count_title_rows(rows) == count


def test_forms_of_columns() -> None:
    rows = [
        ["AC01", "31.12.2023", "1.5", "North"],
        ["AC02", "2024-01-01 10:30", "", "B2 x"],
        ["AC03", "1/2/24", "NA", ""],
    ]
    assert find_forms(rows, 5) == {0: "AA99", 1: "date", 2: "number"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1" + " " * 100_000 + "x", False),
        (" " * 100_000 + "x", False),
        (" $ 1.5 e" + "1" * 100_000 + "e", False),
        ("1" + " " * 100_000, True),
        ("-" + "1" * 100_000 + " %  ", True),
        ("-$ -1,2 e5 )", True),
    ],
)
def test_a_long_cell_is_a_number_or_none_at_once(cell: str, expected: bool) -> None:
    """With nested repetition, each of the first two took hours."""
    assert is_number(cell) is expected

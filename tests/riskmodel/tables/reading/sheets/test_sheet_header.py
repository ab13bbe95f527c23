"""The header row of a sheet, below titles with dates and names of groups."""

import pytest

from riskmodel.tables.reading.sheets.sheet_header import continues_header, find_header

NAMES = ["account", "income", "region", "bad"]
DATA = [[f"AC{number:03d}", str(1000 * number), "NS"[number % 2], str(number % 2)] for number in range(1, 13)]
TITLES: dict[str, list[list[str]]] = {
    "none": [],
    "a title": [["Loans of May", "", "", ""]],
    "a title with a date": [["Portfolio", "", "", ""], ["Branch: Zurich", "", "as of", "2015-05-31"], [""] * 4],
    "a title with numbers": [["Customers", "12", "Sum", "78000"]],
    "all cells of a title": [["Run date", "2015-05-31", "Time", "12:00"]],
}


@pytest.mark.parametrize("num_rows", [2, 3, 12])
@pytest.mark.parametrize("name", TITLES)
def test_the_header_is_directly_above_the_data(name: str, num_rows: int) -> None:
    titles = TITLES[name]
    result = find_header([*titles, NAMES, *DATA[:num_rows]])
    assert (result.row, result.notes) == (len(titles), ())


def test_names_of_groups_are_reported() -> None:
    result = find_header([["", "", "in EUR", ""], ["Customer", "Money", "", "Outcome"], NAMES, *DATA])
    assert result.row == 2
    assert result.notes == (
        "The header is uncertain: row 3 is read as the column names, but row 2 ('Customer', 'Money', 'Outcome') may "
        "hold them as well. If it is wrong, choose the header row.",
    )


@pytest.mark.parametrize("below", [["", "EUR", "", ""], ["code", "EUR", "EUR", "0/1"]])
def test_units_and_descriptions_below_the_names_are_not_names(below: list[str]) -> None:
    result = find_header([NAMES, below, *DATA])
    assert (result.row, result.notes) == (0, ())
    assert continues_header(below, NAMES, DATA)


@pytest.mark.parametrize("row", [DATA[0], ["AC999", "n/a", "N", "?"], ["AC999", "", "", ""], ["", "", "", ""]])
def test_customers_do_not_continue_a_header(row: list[str]) -> None:
    assert not continues_header(row, NAMES, DATA)


def test_a_header_twice_is_read_from_its_first_row() -> None:
    assert find_header([NAMES, list(map(str.upper, NAMES)), *DATA]).row == 0


def test_years_are_names() -> None:
    result = find_header([["id", "2013", "2014", "2015"], ["a", "5", "6", "7"], ["b", "6", "7", "8"]])
    assert (result.row, result.notes) == (0, ())


def test_a_sheet_without_names_is_reported() -> None:
    (note,) = find_header(DATA).notes
    assert note.startswith("The header is uncertain: row 1 is read as the column names, but its cells look like data; ")


def test_texts_alone_begin_with_their_names() -> None:
    rows = [["name", "city"], ["Anna", "Rome"], ["Bert", "Oslo"], ["Carl", "Bern"]]
    assert find_header(rows).row == 0
    assert find_header([["", ""], *rows]).row == 1
    assert find_header([]).row == find_header([["", ""]]).row == 0

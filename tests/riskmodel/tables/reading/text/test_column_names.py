"""Names of columns made usable."""

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.text.column_names import make_usable

FILE = "customers.csv"


def test_names_stay_as_they_are_where_they_can() -> None:
    assert make_usable(FILE, ["a", " a", "A"]) == (["a", " a", "A"], ())


def test_a_made_name_is_never_one_of_the_file_s() -> None:
    names, notes = make_usable(FILE, ["a", "a", "a (2)", "", "column 4", "a"])
    assert names == ["a", "a (3)", "a (2)", "column 4'", "column 4", "a (4)"]
    assert len(notes) == 3


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    assert make_usable(FILE, [" "], ["column AB"]) == (
        ["column AB"],
        ("Column AB has no name: it is called 'column AB'.",),
    )


def test_many_made_names_are_counted_after_the_first() -> None:
    names, notes = make_usable(FILE, ["x"] * 10_000)
    assert len(set(names)) == 10_000
    assert len(notes) == 21
    assert notes[-1] == "9,979 more columns are called differently in the same way."


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["x"] * 20_001, "File 'customers.csv' has 20,001 columns; at most 20,000 can be read"),
        (["a", "é" * 10_001], r"the name of column 2 has 10,001 characters \('é{20}'…\); at most 10,000 can be read"),
    ],
)
def test_too_many_names_and_too_long_ones_are_refused(names: list[str], words: str) -> None:
    with pytest.raises(DataError, match=words):
        make_usable(FILE, names)
    assert make_usable(FILE, ["é" * 10_000])[1] == ()

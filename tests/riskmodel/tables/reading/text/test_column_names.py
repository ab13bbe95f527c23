"""Replacement of unusable column names."""

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.text.column_names import make_usable

FILE = "customers.csv"


def test_usable_names_are_unchanged() -> None:
    assert make_usable(FILE, ["a", " a", "A"]) == (["a", " a", "A"], ())


def test_a_generated_name_never_equals_a_name_of_the_file() -> None:
    names, notes = make_usable(FILE, ["a", "a", "a (2)", "", "column 4", "a"])
    assert names == ["a", "a (3)", "a (2)", "column 4'", "column 4", "a (4)"]
    assert len(notes) == 3


def test_a_column_without_a_name_is_named_by_its_position() -> None:
    assert make_usable(FILE, [" "], ["column AB"]) == (
        ["column AB"],
        ("Column AB has no name: it is called 'column AB'.",),
    )


def test_many_generated_names_are_summarized() -> None:
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
def test_too_many_names_and_too_long_ones_are_errors(names: list[str], words: str) -> None:
    with pytest.raises(DataError, match=words):
        make_usable(FILE, names)
    assert make_usable(FILE, ["é" * 10_000])[1] == ()

"""Names of columns made usable."""

from riskmodel.tables.column_names import make_usable


def test_names_stay_as_they_are_where_they_can() -> None:
    assert make_usable(["a", " a", "A"]) == (["a", " a", "A"], ())


def test_a_made_name_is_never_one_of_the_file_s() -> None:
    names, notes = make_usable(["a", "a", "a (2)", "", "column 4", "a"])
    assert names == ["a", "a (3)", "a (2)", "column 4'", "column 4", "a (4)"]
    assert len(notes) == 3


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    assert make_usable([" "], ["column AB"]) == (["column AB"], ("Column AB has no name: it is called 'column AB'.",))


def test_many_made_names_are_counted_after_the_first() -> None:
    names, notes = make_usable(["x"] * 10_000)
    assert len(set(names)) == 10_000
    assert len(notes) == 21
    assert notes[-1] == "9,979 more columns are called differently in the same way."

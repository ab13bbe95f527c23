"""Joins by key, compared with tables computed by hand and with pandas."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.joining.joining import join, survey_join
from riskmodel.tables.joining.keys import KeyComparison


def table(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


LEFT = table(id=["003", "001", "", "004", "001"], income=["30", "10", "0", "40", "11"])
RIGHT = table(id=["001", "002", "003", ""], limit=["100", "200", "", "9"])


def test_every_left_row_stays_in_its_place_and_gets_its_own_row_of_the_right() -> None:
    joined = join(LEFT, RIGHT, "id")
    assert joined.table.to_pydict() == {
        "id": ["003", "001", "", "004", "001"],
        "income": ["30", "10", "0", "40", "11"],
        "limit": ["", "100", "", "", "100"],
    }
    assert joined.matched.tolist() == [True, True, False, False, True]
    assert all(column.null_count == 0 for column in joined.table.columns)
    survey = joined.survey
    assert (survey.num_left, survey.num_right, survey.num_matched) == (5, 4, 3)
    assert (survey.num_unmatched, survey.unmatched) == (1, ("004",))
    assert survey.num_without_key == 1
    assert (survey.num_unused, survey.unused) == (2, ("002",))
    assert (survey.num_repeated_left, survey.repeated_left) == (1, ("001",))
    assert survey.num_repeated_right == 0
    assert survey.describe() == [
        "Matched: 3 of 5 rows.",
        "Unmatched: 1 row, with empty added columns (first: '004').",
        "Without a key: 1 row, with empty added columns.",
        "Duplicate keys: 1 row gets the values of an earlier row (first: '001').",
        "Unused: 2 of 4 rows of the other file (first: '002').",
    ]
    assert survey_join(LEFT, RIGHT, "id") == survey


def test_duplicate_keys_on_the_right_are_an_error_until_one_is_chosen() -> None:
    right = table(id=["001", "003", "001", "001"], limit=["1", "3", "2", "4"])
    with pytest.raises(
        DataError,
        match=r"^The other file has 2 duplicate keys \(first: '001'\), so the match is "
        r"ambiguous\. Choose the first or the last row of each key, or a key that is unique\.$",
    ):
        join(LEFT, right, "id")
    assert survey_join(LEFT, right, "id").num_repeated_right == 2
    assert join(LEFT, right, "id", duplicates="first").table["limit"].to_pylist() == ["3", "1", "", "", "1"]
    assert join(LEFT, right, "id", duplicates="last").table["limit"].to_pylist() == ["3", "4", "", "", "4"]


def test_keys_must_match_exactly_and_looser_comparisons_are_only_suggested() -> None:
    left = table(id=["007", "8", " a1", "B2", "x"])
    right = table(id=["7", "8.0", "a1", "b2", "y"], limit=["1", "2", "3", "4", "5"])
    exact = join(left, right, "id")
    assert not exact.matched.any()
    assert dict(exact.survey.helpful) == {
        KeyComparison(trim_spaces=True): 1,
        KeyComparison(ignore_case=True): 1,
        KeyComparison(as_numbers=True): 2,
    }
    loose = join(left, right, "id", comparison=KeyComparison(True, True, True))
    assert loose.table["limit"].to_pylist() == ["1", "2", "3", "4", ""]
    assert loose.table["id"].to_pylist() == ["007", "8", " a1", "B2", "x"]
    assert loose.survey.helpful == ()


def test_options_that_help_only_together_are_proposed_together() -> None:
    survey = survey_join(table(id=[" K7 "]), table(id=["k7"], limit=["1"]), "id")
    assert survey.helpful == ((KeyComparison(trim_spaces=True, ignore_case=True), 1),)


def test_keys_that_become_equal_on_the_right_are_duplicates_then() -> None:
    right = table(id=["1", "01"], limit=["a", "b"])
    left = table(id=["01", "1"])
    assert join(left, right, "id").table["limit"].to_pylist() == ["b", "a"]
    with pytest.raises(DataError, match="The other file has 1 duplicate key"):
        join(left, right, "id", comparison=KeyComparison(as_numbers=True))


def test_only_whole_numbers_of_digits_lose_their_zeros() -> None:
    left = table(id=["000", "0x1", "00.5", "-01", "1e3", "010.00"])
    right = table(id=["0", "x1", "0.5", "-1", "1000", "10"], limit=list("abcdef"))
    loose = join(left, right, "id", comparison=KeyComparison(as_numbers=True))
    assert loose.table["limit"].to_pylist() == ["a", "", "", "", "", "f"]


def test_a_key_of_several_columns_matches_as_a_whole() -> None:
    left = table(branch=["1", "1", "11", "2", ""], number=["12", "2", "2", "2", "2"], x=list("abcde"))
    right = table(office=["11", "1", "2", ""], no=["2", "2", "9", "2"], limit=["p", "q", "r", "s"])
    joined = join(left, right, ["branch", "number"], ["office", "no"])
    assert joined.table["limit"].to_pylist() == ["", "q", "p", "", ""]
    assert joined.survey.unmatched == ("1 · 12", "2 · 2")
    assert joined.survey.num_without_key == 1
    assert joined.table.column_names == ["branch", "number", "x", "limit"]


def test_clashing_names_get_a_suffix_and_are_listed() -> None:
    left = table(id=["1"], income=["5"], income_right=["6"])
    right = table(id=["1"], income=["7"], age=["40"])
    joined = join(left, right, "id")
    assert joined.added == {"income": "income_right2", "age": "age"}
    assert joined.table["income"].to_pylist() == ["5"] and joined.table["income_right2"].to_pylist() == ["7"]
    assert join(left, right, "id", suffix="_bureau").added["income"] == "income_bureau"
    clash = join(table(key=["1"], id=["a"]), table(id=["1"], key=["b"]), "key", "id")
    assert clash.table.to_pydict() == {"key": ["1"], "id": ["a"], "key_right": ["b"]}


@pytest.mark.parametrize(
    ("on", "right_on", "message"),
    [
        ("idd", None, "There is no column 'idd'. Did you mean 'id'?"),
        ("id", "limt", "In the other file: There is no column 'limt'. Did you mean 'limit'?"),
        (["id", "income"], ["id"], "as many columns in one file as in the other, at least one; received 2 and 1"),
        ([], [], "received 0 and 0"),
    ],
)
def test_unusable_keys_are_errors(on: str | list[str], right_on: str | list[str] | None, message: str) -> None:
    with pytest.raises(DataError) as caught:
        join(LEFT, RIGHT, on, right_on)
    assert message in str(caught.value)


def test_long_texts_are_not_repeated_without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = (
        pa.table({"id": ["a"] * 1_000}),
        pa.table({"id": ["a", "b"], "x": ["1", "2"], "note": ["n" * 500, ""]}),
    )
    assert join(left, right, "id").table["note"].to_pylist() == ["n" * 500] * 1_000
    monkeypatch.setattr("riskmodel.tables.joining.joining._FREE_BYTES", 1 << 10)
    words = r"would take 0 MiB; .* Most of it is column 'note' \(0 MiB\), whose texts would be repeated: exclude it"
    with pytest.raises(DataError, match=words):
        join(left, right, "id")


def test_a_file_with_nothing_but_its_key_adds_nothing() -> None:
    with pytest.raises(DataError, match="no column besides its key: there is nothing to add"):
        join(LEFT, table(id=["001"]), "id")


def test_it_agrees_with_pandas_on_many_rows_in_chunks() -> None:
    rng = np.random.default_rng(3)
    left = table(a=rng.integers(0, 60, 5000).astype(str).tolist(), b=rng.integers(0, 60, 5000).astype(str).tolist())
    keys = pd.DataFrame({"a": rng.integers(0, 60, 3000).astype(str), "b": rng.integers(0, 60, 3000).astype(str)})
    keys["value"] = np.arange(3000).astype(str)
    right = table(**{name: keys[name].tolist() for name in keys})
    chunked = pa.concat_tables([right.slice(start, 700) for start in range(0, 3000, 700)])
    for how in ("first", "last"):
        once = keys.drop_duplicates(["a", "b"], keep=how)
        expected = left.to_pandas().merge(once, on=["a", "b"], how="left", validate="many_to_one")
        joined = join(left, chunked, ["a", "b"], duplicates=how)
        assert joined.table["value"].to_pylist() == expected["value"].fillna("").tolist()
        assert joined.survey.num_repeated_right == 3000 - len(once)
        assert joined.survey.num_repeated_left == int(left.to_pandas().duplicated(["a", "b"]).sum())
        in_left = set(zip(left["a"].to_pylist(), left["b"].to_pylist(), strict=True))
        asked = [pair in in_left for pair in zip(keys["a"], keys["b"], strict=True)]
        assert joined.survey.num_unused == asked.count(False)


def test_a_survey_is_plain_values() -> None:
    result = survey_join(table(id=["01"]), table(id=["1"], limit=["5"]), "id").to_dict()
    assert result["num_unmatched"] == 1
    assert result["helpful"] == [{"trim_spaces": False, "ignore_case": False, "as_numbers": True, "num_more": 1}]

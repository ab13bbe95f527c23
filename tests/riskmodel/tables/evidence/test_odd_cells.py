"""Unparsable cells of a number column: reported, and proposed as missing if the others are values."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataError, DataWarning
from riskmodel.tables.coercion.coercion import coerce_table, type_table
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.evidence import ColumnTexts
from riskmodel.tables.evidence.odd_cells import MAX_ODD_TEXTS, find_odd_cells, find_spreadsheet_errors
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.schema.schema import MISSING_MARKERS, Column

ODD_TEXTS = ["#DIV/0!", "#WERT!", "n.a.", "unknown", "inf", "1e999", "12,3,4", "k. A.", "x17", "9007199254740993", "€"]
WRITE: dict[str, Callable[[int], str]] = {
    "plain": lambda number: f"{number}.25",
    "integer": str,
    "thousands": lambda number: f"{number:,}.25",
    "decimal comma": lambda number: f"{number},25",
    "dollars": lambda number: f"${number:,}.00",
    "percent": lambda number: f"{number}.5 %",
}


def table_of(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def propose(cells: list[str], name: str = "x") -> Column:
    return propose_schema(table_of(**{name: cells})).column(name)


@pytest.mark.parametrize(
    "text",
    [
        *("#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#GETTING_DATA", "#####"),
        *("#WERT!", "#BEZUG!", "#ZAHL!", "#NV", "#VALEUR!", "#NOM?", "#¡VALOR!", "#¿NOMBRE?", "#N/D", "#ЗНАЧ!"),
        *("#Н/Д", "Err:502"),
    ],
)
def test_errors_of_spreadsheets_are_recognized_in_any_language(text: str) -> None:
    assert find_spreadsheet_errors(pa.array([text])).to_pylist() == [True]
    column = propose([str(row / 4) for row in range(300)] + [text])
    assert (column.kind, column.extra_markers) == ("numerical", () if text in MISSING_MARKERS else (text,))


def test_odd_cells_are_named_with_their_rows_and_counts() -> None:
    texts = ColumnTexts(pa.chunked_array([["1", "n/k", " n/k ", "#DIV/0!", "2", "a", "b", "n/k"]]))
    odd = find_odd_cells(texts, pa.array([False, True, True, True, False, True, True, True]).to_numpy(False))
    assert (odd.texts, odd.num_cells, odd.num_errors) == (("n/k", "#DIV/0!", "a", "b"), 6, 1)
    assert odd.describe() == "'n/k' (3 cells, first in row 2), '#DIV/0!' (row 4), 'a' (row 6) and 1 more text"


def test_one_odd_cell_does_not_drop_a_column() -> None:
    column = propose([str(20 + row % 60) for row in range(5000)] + ["#DIV/0!"], "income")
    assert column.kind == "numerical"
    assert column.missing_markers == (*MISSING_MARKERS, "#DIV/0!")
    assert column.reason == (
        "numbers from 20 to 79; 5,000 of 5,001 values are numbers, 1 is not: '#DIV/0!' (row 5,001): "
        "proposed as missing, please check"
    )


def test_errors_of_spreadsheets_do_not_count_as_values() -> None:
    column = propose([str(row / 4) for row in range(300)] + ["#DIV/0!"] * 700)
    assert (column.kind, column.extra_markers) == ("numerical", ("#DIV/0!",))
    levels = propose(["rent", "own"] * 100 + ["#REF!"])
    assert (levels.kind, levels.extra_markers) == ("categorical", ("#REF!",))
    assert levels.reason == "3 different texts; spreadsheet errors ('#REF!'): proposed as missing, please check"


def test_odd_cells_do_not_change_the_kind_of_a_column() -> None:
    assert propose([str(1 + row % 2) for row in range(500)] + ["X"]).kind == "categorical"
    assert propose([f"0{1000 + row}" for row in range(500)] + ["K1A 0B1"]).kind == "identifier"
    assert propose([str(10 * row) for row in range(500)] + ["K1A 0B1"], "postcode").kind == "ignored"


def test_too_many_different_texts_are_not_proposed_as_markers() -> None:
    column = propose([str(row / 4) for row in range(6000)] + [f"n{row}" for row in range(MAX_ODD_TEXTS + 1)])
    assert (column.kind, column.missing_markers) == ("numerical", None)
    assert column.reason.endswith("and 198 more texts: fix them, reject these rows, or mark the column as ignored")


def test_an_odd_cell_that_reads_as_a_number_of_another_format_hides_no_number() -> None:
    raw = table_of(x=[f"{row},50" for row in range(300)] + ["12.5"])
    schema = propose_schema(raw)
    assert schema.column("x").extra_markers == ("12.5",)
    assert type_table(raw, schema)["x"].to_pylist() == [*(row + 0.5 for row in range(300)), None]


def test_a_new_odd_cell_of_a_later_file_is_reported() -> None:
    schema = propose_schema(table_of(x=[str(row / 4) for row in range(300)] + ["n.a."]))
    typed, unparsable = coerce_table(table_of(x=["1.5", "n.a.", "#DIV/0!"]), schema, ["x"])
    assert typed["x"].to_pylist() == [1.5, None, None]
    assert (unparsable["x"].count, unparsable["x"].first_value, unparsable["x"].first_row) == (1, "#DIV/0!", 3)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(WRITE)),
    st.lists(st.tuples(st.sampled_from(ODD_TEXTS), st.integers(0, 399)), max_size=15),
)
def test_a_column_with_a_few_odd_cells_is_numerical_and_only_these_are_missing(
    writing: str, placed: list[tuple[str, int]]
) -> None:
    numbers = [1000 + 37 * row % 2500 for row in range(400)]
    cells = [WRITE[writing](number) for number in numbers]
    plain = type_table(raw := table_of(x=cells), propose_schema(raw))["x"].to_pylist()
    for text, row in placed:
        cells[row] = text
    raw = table_of(x=cells)
    schema = propose_schema(raw)
    odd = {row: text for text, row in placed}
    assert schema.column("x").kind == "numerical"
    assert set(schema.column("x").extra_markers) == set(odd.values())
    expected = [None if row in odd else plain[row] for row in range(400)]
    assert type_table(raw, schema)["x"].to_pylist() == expected


def test_reading_a_file_states_the_cells_proposed_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    rows = [f"{row * 7 % 991}.5,{int(row % 4 == 0)}" for row in range(300)]
    rows[16] = "#DIV/0!,0"
    path.write_text("\n".join(["income,defaulted", *rows]))
    with pytest.warns(DataWarning, match=r"Column 'income': .* 1 is not: '#DIV/0!' \(row 17\): proposed as missing"):
        dataset = Dataset.from_file(path, target="defaulted")
    assert dataset.table["income"].null_count == 1


def test_errors_name_the_column_and_the_cell() -> None:
    raw = table_of(x=["1.5", "many"])
    with pytest.raises(
        DataError, match=r"Column 'x' has 1 value that is not a number \(first: 'many' in row 2\)\."
    ) as e:
        type_table(raw, propose_schema(raw).with_kinds({"x": "numerical"}))
    assert (e.value.column, e.value.text) == ("x", "many")  # type: ignore[attr-defined]

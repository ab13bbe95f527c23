"""Conversion of strings to types: exact, or an error with the first unreadable cell."""

import datetime

import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.coercion.coercion import coerce_table, type_table
from riskmodel.tables.schema.schema import MISSING_MARKERS, Column, Schema
from riskmodel.tables.values.dates import find_date_formats, parse_dates
from riskmodel.tables.values.numbers import NumberFormat


def schema_of(**kinds: str) -> Schema:
    return Schema(columns=tuple(Column(name=name, kind=kind) for name, kind in kinds.items()))


def raw(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def test_each_kind_gets_its_type() -> None:
    table = raw(
        id=["007", "9007199254740993"],
        x=["1", " -2.5e3 "],
        city=["Oslo", "NA"],
        day=["2024-02-29", ""],
        note=["", "NA"],
    )
    schema = schema_of(id="identifier", x="numerical", city="categorical", day="date", note="ignored")
    assert type_table(table, schema).to_pydict() == {
        "id": ["007", "9007199254740993"],
        "x": [1.0, -2500.0],
        "city": ["Oslo", None],
        "day": [datetime.date(2024, 2, 29), None],
        "note": ["", "NA"],
    }


@pytest.mark.parametrize("marker", ["", "NA", "N/A", "nan", "NULL", " NA ", "-", "--", "?", ".", "无"])
def test_missing_markers_are_null_with_spaces_or_without(marker: str) -> None:
    assert type_table(raw(x=["1", marker]), schema_of(x="numerical"))["x"].to_pylist() == [1.0, None]


@pytest.mark.parametrize("cell", ["1,5", "$3", "12%", "0x10", "1_000", "one", "--1", "1e", "٣"])
def test_a_cell_that_is_not_a_plain_number_is_an_error_with_its_row(cell: str) -> None:
    with pytest.raises(DataError, match=r"Column 'x' has 1 value that is not a number \(first: .* in row 2\)"):
        type_table(raw(x=["1", cell]), schema_of(x="numerical"))


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999"])
def test_infinities_are_errors(cell: str) -> None:
    with pytest.raises(DataError, match=r"Column 'x' has 1 value that is infinite .* numbers must be finite"):
        type_table(raw(x=["1", cell]), schema_of(x="numerical"))


def test_a_wrong_date_is_an_error_with_the_format() -> None:
    with pytest.raises(DataError, match=r"is not a date written as YYYY-MM-DD \(first: '2024-02-30' in row 1\)"):
        type_table(raw(day=["2024-02-30"]), schema_of(day="date"))


def test_coercion_reports_instead_of_raising() -> None:
    typed, wrong = coerce_table(raw(x=["1", "#", "3", "!"], y=["a"] * 4), schema_of(x="numerical", y="ignored"), ["x"])
    assert typed.to_pydict() == {"x": [1.0, None, 3.0, None]}
    assert (wrong["x"].count, wrong["x"].first_value, wrong["x"].first_row) == (2, "#", 2)
    assert wrong["x"].mask.tolist() == [False, True, False, True]
    with pytest.raises(DataError, match="'z'"):
        coerce_table(raw(x=["1"]), schema_of(z="numerical"), ["z"])


DOLLARS = NumberFormat(thousands_mark=",", affix="$")


def one(**settings: object) -> Schema:
    return Schema(columns=(Column.model_validate({"name": "x", "kind": "numerical", **settings}),))


@pytest.mark.parametrize("repeated", [1, 50])
def test_numbers_are_read_in_the_format_of_the_column(repeated: int) -> None:
    cells = ["$60,000.00 ", "", " - ", "$0.50", "1234"] * repeated
    typed = type_table(raw(x=cells), one(number_format=DOLLARS))
    assert typed["x"].to_pylist() == [60000.0, None, None, 0.5, 1234.0] * repeated


def test_cells_in_another_format_are_errors_with_the_expected_format() -> None:
    message = (
        r"Column 'x' has 2 values that are not numbers written like \$1,234\.50 \(first: '\$12,34' in row 2\)\. Add "
        r"'\$12,34' to the missing-value markers, choose how its numbers are written, or mark the column as ignored\."
    )
    with pytest.raises(DataError, match=message):
        type_table(raw(x=["$1,234", "$12,34", "€3"]), one(number_format=DOLLARS))


def test_a_later_file_is_read_by_the_stored_schema_and_failures_are_counted() -> None:
    stored = Schema.from_json(one(number_format=DOLLARS).to_json())
    typed, wrong = coerce_table(raw(x=["$1,234", "1.234,5", "12.5"]), stored, ["x"])
    assert typed["x"].to_pylist() == [1234.0, None, 12.5]
    assert (wrong["x"].count, wrong["x"].first_value, wrong["x"].first_row) == (1, "1.234,5", 2)


@pytest.mark.parametrize(
    ("cell", "number_format"),
    [("9007199254740993", None), (" 9007199254740993 ", None), ("$9,007,199,254,740,993", DOLLARS)],
)
def test_an_inexact_integer_is_an_error(cell: str, number_format: NumberFormat | None) -> None:
    message = r"'x' has 1 value that is too long to be kept exactly as numbers .* Mark the column as identifier"
    with pytest.raises(DataError, match=message):
        type_table(raw(x=["1", cell]), one(number_format=number_format))


def test_large_numbers_that_do_not_change_are_numbers() -> None:
    cells = ["9007199254740992", "1e300", "12345678901234567.5"]
    assert type_table(raw(x=cells), one())["x"].to_pylist() == [9007199254740992.0, 1e300, 12345678901234567.5]


def test_a_column_may_have_missing_markers_of_its_own() -> None:
    columns = (
        Column(name="x", kind="numerical", missing_markers=("", "-9999", "98")),
        Column(name="city", kind="categorical", missing_markers=("?",)),
        Column(name="day", kind="date", missing_markers=("never",)),
        Column(name="y", kind="numerical"),
    )
    table = raw(x=["-9999.00", "98", " "], city=["-", "?", ""], day=["never", "2024-01-31", "never"], y=["98", "?", ""])
    assert type_table(table, Schema(columns=columns)).to_pydict() == {
        "x": [None, None, None],
        "city": ["-", None, ""],
        "day": [None, datetime.date(2024, 1, 31), None],
        "y": [98.0, None, None],
    }
    with pytest.raises(DataError, match=r"Column 'x' .* \(first: 'NA' in row 1\)"):
        type_table(raw(x=["NA"]), Schema(columns=columns[:1]))


def test_a_schema_from_before_number_formats_is_read_as_it_was() -> None:
    text = (
        '{"columns": [{"name": "x", "kind": "numerical", "date_format": null, "first_year": null, "reason": ""}], '
        + ('"bad_value": null, "missing_markers": ["", "NA"]}')
    )
    schema = Schema.from_json(text)
    assert schema.column("x") == Column(name="x", kind="numerical")
    assert schema.markers_of("x") == ("", "NA") != MISSING_MARKERS
    typed, wrong = coerce_table(raw(x=["1", "NA", "?"]), schema, ["x"])
    assert (typed["x"].to_pylist(), wrong["x"].first_value) == ([1.0, None, None], "?")
    with pytest.raises(DataError, match="cannot be both the decimal mark and the thousands mark"):
        Schema.from_json(text.replace('"reason"', '"number_format": {"thousands_mark": "."}, "reason"'))


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("2015-03-01 10:30:00.500", "%Y-%m-%d %H:%M:%S.%f"),
        ("2015-03-01 10:30:00.123456789+01:00", "%Y-%m-%d %H:%M:%S.%f%z"),
        ("2015-03-01 10:30:00-0500", "%Y-%m-%d %H:%M:%S%z"),
        ("2015-03-01T10:30:00Z", "%Y-%m-%dT%H:%M:%S%z"),
    ],
)
def test_exact_times_are_dates_by_the_day_they_name(text: str, date_format: str) -> None:
    texts = pa.array([text])
    assert find_date_formats(texts) == (date_format,)
    dates, wrong = parse_dates(texts, date_format)
    assert dates.to_pylist() == [datetime.date(2015, 3, 1)]
    assert not wrong.any()
    assert parse_dates(pa.array([text.replace("10:30", "25:30")]), date_format)[1].all()


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["true", "false", ""], [1.0, 0.0, None]),
        (["TRUE", "NA"], [1.0, None]),
        (["'-4,102.38", "'+1"], None),
        (["true", "5"], None),
        (["true", "yes"], None),
    ],
)
def test_a_column_of_only_booleans_is_read_as_1_and_0(cells: list[str], numbers: list[float | None] | None) -> None:
    schema = Schema(columns=(Column(name="x", kind="numerical"),))
    typed, wrong = coerce_table(pa.table({"x": cells}), schema, ["x"])
    assert typed["x"].to_pylist() == numbers if numbers else set(wrong) == {"x"}

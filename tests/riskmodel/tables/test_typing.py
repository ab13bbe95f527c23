"""Strings into types: exactly, or with the first cell that does not fit."""

import datetime

import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.dates import find_date_formats, parse_dates
from riskmodel.tables.schema import Column, Schema
from riskmodel.tables.typing import coerce_table, type_table


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


@pytest.mark.parametrize("marker", ["", "NA", "N/A", "nan", "NULL", " NA "])
def test_missing_markers_are_null_with_spaces_or_without(marker: str) -> None:
    assert type_table(raw(x=["1", marker]), schema_of(x="numerical"))["x"].to_pylist() == [1.0, None]


@pytest.mark.parametrize("cell", ["1,5", "$3", "12%", "0x10", "1_000", "one", "--1", "1e", "٣"])
def test_what_is_no_plain_number_is_refused_with_its_row(cell: str) -> None:
    with pytest.raises(DataError, match=r"Column 'x' has 1 value that is not numbers \(first: .* in row 2\)"):
        type_table(raw(x=["1", cell]), schema_of(x="numerical"))


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999"])
def test_infinities_are_refused(cell: str) -> None:
    with pytest.raises(DataError, match=r"Column 'x' has 1 value that is infinite .* numbers must be finite"):
        type_table(raw(x=["1", cell]), schema_of(x="numerical"))


def test_a_wrong_date_is_refused_with_the_format() -> None:
    with pytest.raises(DataError, match=r"not dates written as %Y-%m-%d \(first: '2024-02-30' in row 1\)"):
        type_table(raw(day=["2024-02-30"]), schema_of(day="date"))


def test_coercing_reports_instead_of_refusing() -> None:
    typed, wrong = coerce_table(raw(x=["1", "?", "3", "!"], y=["a"] * 4), schema_of(x="numerical", y="ignored"), ["x"])
    assert typed.to_pydict() == {"x": [1.0, None, 3.0, None]}
    assert (wrong["x"].count, wrong["x"].first_value, wrong["x"].first_row) == (2, "?", 2)
    assert wrong["x"].mask.tolist() == [False, True, False, True]
    with pytest.raises(DataError, match="'z'"):
        coerce_table(raw(x=["1"]), schema_of(z="numerical"), ["z"])


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

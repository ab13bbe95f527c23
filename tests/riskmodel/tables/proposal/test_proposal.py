"""The proposed kinds of a file's columns, and the target's bad value."""

from datetime import date

import pyarrow as pa
import pytest

from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.proposal.number_proposal import are_different
from riskmodel.tables.proposal.proposal import propose as propose_table
from riskmodel.tables.proposal.proposal import propose_schema, resolve_formats
from riskmodel.tables.reading.text.reading import read_strings
from riskmodel.tables.schema.schema import LEVEL_MARKERS, MISSING_MARKERS, Column, Schema
from riskmodel.tables.target.target import resolve_target
from riskmodel.tables.values.numbers import NumberFormat
from tests.real_data import real_data


def table_of(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def kinds(schema: Schema) -> dict[str, str]:
    return {column.name: column.kind for column in schema.columns}


def test_each_column_is_proposed_with_a_reason() -> None:
    num_rows = 200
    proposed = propose_schema(
        table_of(
            customer_id=[f"{i:06d}" for i in range(num_rows)],
            income=[f"{1000 + 7.5 * i}" for i in range(num_rows)],
            region=["north", "south"] * (num_rows // 2),
            opened=[f"2023-{1 + i % 12:02d}-{1 + i % 28:02d}" for i in range(num_rows)],
            nothing=[""] * num_rows,
            same=["x"] * num_rows,
            default=["0", "0", "0", "1"] * (num_rows // 4),
        )
    )
    assert kinds(proposed) == {
        "customer_id": "identifier",
        "income": "numerical",
        "region": "categorical",
        "opened": "date",
        "nothing": "ignored",
        "same": "ignored",
        "default": "target",
    }
    assert proposed.bad_values == ("1",)
    assert all(column.reason for column in proposed.columns)
    assert "has no value in any row" in proposed.column("nothing").reason


def test_taiwan_is_understood() -> None:
    proposed = propose_schema(read_strings(real_data("taiwan_default/customers.csv")))
    result = kinds(proposed)
    assert (proposed.target, proposed.bad_values) == ("default.payment.next.month", ("1",))
    assert result["ID"] == "identifier"
    assert {name for name, kind in result.items() if kind == "categorical"} == {"SEX", "EDUCATION", "MARRIAGE"}
    assert list(result.values()).count("numerical") == 20


def propose(cells: list[str], name: str = "x") -> Column:
    return propose_schema(table_of(**{name: cells})).column(name)


@pytest.mark.parametrize(
    ("cells", "example", "reason"),
    [
        (
            [f"${200 + 7 * i:,}.00 " for i in range(300)],
            "$1,234.50",
            "numbers from 200 to 2,293, written like '$1,005.00'",
        ),
        (
            ["1.234,50", *(f"{i},25" for i in range(300))],
            "1.234,50",
            "numbers from 0.25 to 1,234, written like '1.234,50' (read as 1234.5)",
        ),
        (
            ["1\u202f234,50\u00a0€", *(f"{i},25\u00a0€" for i in range(300))],
            "1 234,50 €",
            "numbers from 0.25 to 1,234, written like '1 234,50 €' (read as 1234.5)",
        ),
        (
            [f"{i / 10:.1f} %" for i in range(1, 300)],
            "12.5 %",
            "numbers from 0.001 to 0.299, written like '0.1 %' (read as 0.001)",
        ),
        (
            ["(5.50)", *(f"{i}.25" for i in range(300))],
            "(1234.50)",
            "numbers from -5.5 to 299.2, written like '(5.50)', negative ones like '(1234.50)'",
        ),
        (
            [f"{i},{100 + i}" for i in range(1, 300)],
            "1,234.50",
            "numbers from 1,101 to 299,399; '1,101' is read as 1101 and could also mean 1.101: please check",
        ),
        (
            [*(f"${i}.50" for i in range(300)), "about $9"],
            "$1234.50",
            "numbers from 0.5 to 299.5, written like '$0.50'; 300 of 301 values are numbers, 1 is not: "
            "'about $9' (row 301): proposed as missing, please check",
        ),
    ],
)
def test_numbers_are_proposed_with_the_way_they_are_written(cells: list[str], example: str, reason: str) -> None:
    column = propose(cells)
    assert column.number_format is not None
    assert (column.kind, column.number_format.example, column.reason) == ("numerical", example, reason)


def test_plain_numbers_have_no_format_and_doubts_are_reported() -> None:
    plain = propose([f"{i}.5" for i in range(300)])
    assert (plain.kind, plain.number_format, plain.reason) == ("numerical", None, "numbers from 0.5 to 299.5")
    doubtful = propose([f"{i}.{100 + i}" for i in range(1, 300)])
    assert doubtful.number_format is None
    assert "'1.101' is read as 1.101 and could also mean 1101: please check" in doubtful.reason


def test_amounts_of_several_currencies_are_not_mixed() -> None:
    column = propose([f"{'$' if i % 2 else '€'}{i}.50" for i in range(300)])
    assert column.kind == "ignored"
    assert column.reason == (
        "amounts of more than one unit (€ in 150 values, $ in 150 values): convert them to one currency"
    )
    again = propose([f"{'$' if i % 2 else '€'}{i}.50" for i in range(300)] + ["about 5"])
    assert again.kind == "ignored"
    assert propose([f"Q{1 + i % 4}" for i in range(300)]).kind == "categorical"


def test_unique_numbers_with_spaces_are_identifiers() -> None:
    assert propose([f"{556 + i % 9} {100 + i} {999 - i}" for i in range(300)]).kind == "identifier"


def test_numbers_beyond_float64_precision_are_identifiers_or_reported() -> None:
    assert propose([str(9007199254740993 + 2 * (i // 2)) for i in range(300)]).kind == "identifier"
    few = propose([*(f"{i}.5" for i in range(300)), "9007199254740993"])
    assert few.kind == "numerical"
    assert "1 is too long to be kept exactly as numbers: '9007199254740993' (row 301)" in few.reason


def test_special_codes_are_reported_but_not_applied() -> None:
    column = propose([str(i % 14) for i in range(990)] + ["98"] * 10)
    assert column.missing_markers is None
    assert column.reason.endswith("; 98 in 1.0% of the rows looks like a special code")


def test_none_as_a_word_is_a_level_of_categories_and_missing_among_numbers() -> None:
    raw = table_of(house=["有", "无"] * 50, income=["无", *map(str, range(99))], default=["无", "有", "有", "有"] * 25)
    schema = propose_schema(raw, "default")
    assert (schema.column("house").missing_markers, schema.column("income").missing_markers) == (LEVEL_MARKERS, None)
    assert "'无' is kept as a value of its own" in schema.column("house").reason
    typed = type_table(raw, resolve_target(raw, schema))
    assert [typed[name].null_count for name in raw.column_names] == [0, 1, 0]


def test_a_format_is_found_for_what_the_analyst_marks_as_numerical() -> None:
    raw = table_of(x=["$1,000.50", "n/k", "$7"], y=["1", "2", "x"], z=["1.5", "", "2"])
    marked = Schema(columns=tuple(Column(name=name, kind="numerical", reason="mine") for name in "xyz"))
    resolved = resolve_formats(raw, marked)
    assert resolved.column("x").number_format == NumberFormat(thousands_mark=",", affix="$")
    assert resolved.column("x").reason.startswith("mine; numbers from 7 to 1,000, written like '$1,000.50'; 2 of 3")
    assert (resolved.column("y"), resolved.column("z")) == (marked.column("y"), marked.column("z"))


def test_columns_converted_by_the_proposal_equal_a_conversion_by_its_schema() -> None:
    money = [f"${row:,}.50" if row % 7 else "NA" for row in range(1000, 1100)]
    plain = [str(row) if row % 5 else "" for row in range(100)]
    odd = [str(row * 3) if row != 50 else "many" for row in range(100)]
    codes = ["-9999" if row < 3 else str(row * 11) for row in range(100)]
    raw = table_of(money=money, plain=plain, odd=odd, codes=codes)
    proposal = propose_table(raw)
    assert proposal.schema == propose_schema(raw)
    schema = proposal.schema
    assert schema.column("odd").missing_markers == (*MISSING_MARKERS, "many")
    typed = proposal.typed_for(schema)
    assert set(typed) == {"money", "plain", "codes", "odd"}
    assert type_table(raw, schema, typed).equals(type_table(raw, schema))


def test_columns_read_in_another_format_are_read_again() -> None:
    cells = ["-9999" if row < 3 else str(row * 11) for row in range(100)]
    raw = table_of(a=cells, b=cells)
    proposal = propose_table(raw)
    own = proposal.schema.column("a").model_copy(update={"missing_markers": ("-9999",)})
    assert set(proposal.typed_for(proposal.schema.with_columns([own]))) == {"b"}
    assert not proposal.typed_for(proposal.schema.with_marker("0"))
    assert set(proposal.typed_for(proposal.schema.with_kinds({"b": "categorical"}))) == {"a"}


def test_days_levels_and_the_target_are_typed_with_the_proposal() -> None:
    days = [f"{1 + row % 28:02d}-Feb-{97 + row % 3}" if row else "NA" for row in range(100)]
    levels = ["rent" if row % 3 else "无" if row % 2 else " NA " for row in range(100)]
    raw = table_of(day=days, level=levels, note=[f"text {row} of many" for row in range(100)], bad=["yes", "no"] * 50)
    proposal = propose_table(raw, "bad")
    assert set(proposal.typed) == {"day", "level", "bad"}
    assert proposal.typed["day"].to_pylist()[:3] == [None, date(1998, 2, 2), date(1999, 2, 3)]
    assert proposal.typed["level"].to_pylist()[:4] == [None, "rent", "rent", "无"]
    assert proposal.typed["bad"].to_pylist() == ["yes", "no"] * 50
    schema = resolve_target(raw, proposal.schema)
    assert type_table(raw, schema, proposal.typed_for(schema)).equals(type_table(raw, schema))


def test_days_read_by_another_century_are_read_again() -> None:
    raw = table_of(day=["28-Feb-97", "01-Mar-98"] * 20)
    proposal = propose_table(raw)
    column = proposal.schema.column("day")
    for changed in ({"first_year": 1890}, {"date_format": "%d-%B-%y"}):
        assert not proposal.typed_for(proposal.schema.with_columns([column.model_copy(update=changed)]))
    assert set(proposal.typed_for(proposal.schema)) == {"day"}


@pytest.mark.parametrize(
    ("numbers", "different"),
    [
        ([1.0, 2.0, 3.0], True),
        ([3.0, 1.0, 2.0], True),
        ([3.0, 1.0, 3.0], False),
        ([0.0, 1.0, -0.0], False),
        ([1.0, None, 2.0], False),
        # After the first rows, in which a repeated number is result early.
        ([*map(float, range(30_000)), 7.0], False),
        ([*map(float, range(30_000)), -1.0], True),
    ],
)
def test_distinct_numbers_are_recognized_in_any_order(numbers: list[float | None], different: bool) -> None:
    assert are_different(pa.chunked_array([numbers], pa.float64())) is different


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("delinquencies", (0, 1, 2, 3, 4, 5), "numerical"),
        ("open_loans", (0, 1, 2), "numerical"),
        ("loans", (1, 2, 3, 4), "numerical"),
        ("owner", (1, 2), "categorical"),
        ("group", (1, 2, 3), "categorical"),
        ("purpose", (0, 1, 2, 3), "categorical"),
        ("product_code", (0, 1, 2, 3), "categorical"),
        ("product", (0, 1, 3, 9), "categorical"),
    ],
)
def test_few_whole_numbers_are_counts_unless_name_or_distribution_indicates_codes(
    name: str, values: tuple[int, ...], kind: str
) -> None:
    column = propose([str(values[row % len(values)]) for row in range(400)], name=name)
    assert column.kind == kind, column.reason


def test_a_rare_largest_count_after_a_gap_is_still_a_count() -> None:
    cells = [str(row % 4) for row in range(400)] + ["7"] * 3
    assert propose(cells, name="delinquencies").kind == "numerical"

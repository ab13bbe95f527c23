"""What the columns of a file are taken for, and the target's bad value."""

import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.proposal import propose_schema
from riskmodel.tables.reading import read_strings
from riskmodel.tables.schema import Schema
from riskmodel.tables.target import guess_bad_value, resolve_bad_value, target_values
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
    assert proposed.bad_value == "1"
    assert all(column.reason for column in proposed.columns)
    assert "has no value in any row" in proposed.column("nothing").reason


def test_taiwan_is_understood() -> None:
    proposed = propose_schema(read_strings(real_data("taiwan_default/customers.csv")))
    found = kinds(proposed)
    assert (proposed.target, proposed.bad_value) == ("default.payment.next.month", "1")
    assert found["ID"] == "identifier"
    assert {name for name, kind in found.items() if kind == "categorical"} == {"SEX", "EDUCATION", "MARRIAGE"}
    assert list(found.values()).count("numerical") == 20


@pytest.mark.parametrize(
    ("name", "values", "bad"),
    [
        ("status", {"P I F": 900, "CHGOFF": 100}, "CHGOFF"),
        ("default", {"0": 10, "1": 90}, "1"),
        ("churn", {"No": 10, "Yes": 90}, "Yes"),
        ("outcome", {"a": 90, "b": 10}, "b"),
    ],
)
def test_the_bad_value_is_guessed_by_word_name_or_rarity(name: str, values: dict[str, int], bad: str) -> None:
    guess = guess_bad_value(name, values)
    assert guess is not None
    assert guess[0] == bad
    assert repr(bad) in guess[1]


def resolve(cells: list[str], bad: str | None = None) -> Schema:
    raw = table_of(x=[str(i) for i in range(len(cells))], outcome=cells)
    schema = propose_schema(raw, "outcome").with_bad_value(bad)
    return resolve_bad_value(raw, schema)


def test_a_target_that_cannot_be_is_said() -> None:
    with pytest.raises(DataError, match=r"'outcome' has only one value, 'ok', in all 3 labelled rows"):
        resolve(["ok"] * 3)
    with pytest.raises(DataError, match=r"has 3 values \('a', 'b', 'c'\)\. Choose which one means a bad customer"):
        resolve(["a", "b", "c"])
    with pytest.raises(DataError, match="Bad value 'z' is not among the values of target 'outcome'"):
        resolve(["a", "b", "c"], "z")
    with pytest.raises(DataError, match="missing in every row"):
        resolve(["", "NA"])


def test_a_choice_among_many_values_is_taken_and_found_as_a_number() -> None:
    assert resolve(["a", "b", "c"], "c").bad_value == "c"
    assert resolve(["1.0", "0.0", "0.0"], "1").bad_value == "1.0"


def test_values_are_counted_without_missing_ones() -> None:
    assert target_values(table_of(y=["1", "", "0", "0", "NA"]), "y") == {"0": 2, "1": 1}

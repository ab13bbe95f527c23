"""The target's bad and good values in a schema, and schemas of earlier versions."""

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.schema.schema import Column, Schema, describe_unknown_column

SCHEMA = Schema(columns=(Column(name="x", kind="numerical"), Column(name="y", kind="target")), bad_values=("1",))


@pytest.mark.parametrize(("stored", "bad"), [('"CHGOFF"', ("CHGOFF",)), ("null", ())])
def test_a_stored_schema_with_a_single_bad_value_is_read(stored: str, bad: tuple[str, ...]) -> None:
    schema = Schema.from_json(f'{{"columns": [{{"name": "y", "kind": "target"}}], "bad_value": {stored}}}')
    assert (schema.bad_values, schema.good_values) == (bad, None)
    assert Schema.from_json(schema.to_json()) == schema


def test_several_bad_and_good_values_are_stored() -> None:
    schema = SCHEMA.with_outcomes(["Default", "Charged Off"], ["Fully Paid"])
    again = Schema.from_json(schema.to_json())
    assert (again.bad_values, again.good_values) == (("Default", "Charged Off"), ("Fully Paid",))


def test_a_value_cannot_be_bad_and_good_in_any_spelling() -> None:
    with pytest.raises(DataError, match="'PAID ' is named as bad and as good"):
        SCHEMA.with_outcomes(["Paid"], ["PAID "])


def test_another_target_has_no_outcomes_yet() -> None:
    assert SCHEMA.with_kinds({"x": "categorical"}).has_outcome
    assert not SCHEMA.with_target("x").has_outcome
    assert SCHEMA.with_target("x", "5", ["6"]).good_values == ("6",)


def test_a_table_of_one_column_asks_for_the_delimiter() -> None:
    assert describe_unknown_column("bad", ["id~age~bad"]) == (
        "The table has one column, 'id~age~bad', and none called 'bad'. Choose the delimiter."
    )
    assert describe_unknown_column("bad", ["id", "age"]) == "There is no column 'bad'. The columns are 'id', 'age'."

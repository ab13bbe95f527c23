"""The schema of the next version."""

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.comparing.comparison import compare
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.versions import next_schema
from tests.riskmodel.tables.comparing.test_comparison import OLD, SCHEMA, make_raw


def test_columns_keep_their_kind_and_new_ones_are_ignored() -> None:
    raw = make_raw().rename_columns(["id", "wage", "region", "since", "note", "bad"])
    schema = next_schema(SCHEMA, raw, Dialect(delimiter=";"))
    assert schema.names == ("id", "wage", "region", "since", "note", "bad")
    assert (schema.kind_of("wage"), schema.column("wage").reason) == ("ignored", "not in the previous version")
    assert schema.column("region") == SCHEMA.column("region")
    assert (schema.target, schema.bad_values, schema.layout) == ("bad", ("1",), Dialect(delimiter=";"))
    assert Dataset.from_strings(raw, schema, "new").num_rows == 400


def test_unreadable_cells_become_markers_only_on_request() -> None:
    raw = make_raw(income=["n/k", " unknown", "7"] + ["900"] * 397)
    with pytest.raises(DataError, match="Column 'income' has 2 values that are not numbers"):
        Dataset.from_strings(raw, next_schema(SCHEMA, raw), "new")
    schema = next_schema(SCHEMA, raw, as_missing=compare(OLD, raw).unreadable)
    assert schema.markers_of("income") == (*SCHEMA.missing_markers, "n/k", "unknown")
    assert schema.markers_of("region") == SCHEMA.missing_markers
    assert Dataset.from_strings(raw, schema, "new").table["income"].slice(0, 3).to_pylist() == [None, None, 7.0]


def test_a_column_of_texts_has_no_markers() -> None:
    raw = make_raw(income=[f"about {row}" for row in range(400)])
    with pytest.raises(DataError, match=r"'income' has 400 different cells .* \(first: 'about 0' in row 1\): too many"):
        next_schema(SCHEMA, raw, as_missing=compare(OLD, raw).unreadable)


def test_a_version_needs_its_target() -> None:
    with pytest.raises(DataError, match=r"has no column 'bad', which holds the outcome\. A version needs its target"):
        next_schema(SCHEMA, make_raw().drop_columns(["bad"]))

"""Categories that the analyst should check: texts within quotes, and the code NA that is read as missing."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.tables.evidence.evidence import ColumnTexts
from riskmodel.tables.proposal.doubtful_categories import describe_doubts
from riskmodel.tables.proposal.doubtful_columns import describe_doubtful_columns
from riskmodel.tables.proposal.proposal import propose_schema


def doubts(*cells: str) -> str:
    return describe_doubts(ColumnTexts(pa.chunked_array([pa.array(cells, pa.string())])))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            ["Anna", "Bert", "'Anna'"],
            "1 cell is in quotes that are read as part of the value (first: \"'Anna'\" in row 3)",
        ),
        (["'Anna'", "'Bert'"], "6 cells are in quotes that are read as part of the value (first: \"'Anna'\" in row 1)"),
        (["DE", "FR", "NA"], "'NA' (1 cell, first in row 3) is read as missing, but the other values are codes of two"),
    ],
)
def test_doubtful_cells_are_named_with_row_and_count(cells: list[str], words: str) -> None:
    assert doubts(*cells, *cells[:2] * 2).startswith(words)


@pytest.mark.parametrize(
    "cells",
    [
        ["Anna", "Bert", "'Carl'"],  # Carl has no other spelling
        ["'t Hooft", "d'Arc'", "Arc", "'", "''"],
        ["rent", "own", "NA"],
        ["DE", "FR", "IT"],
        ["yes", "no", "NA"],
    ],
)
def test_ordinary_texts_are_not_doubtful(cells: list[str]) -> None:
    assert doubts(*cells, *cells) == ""


@given(
    st.lists(st.sampled_from(["Rome", "Oslo", "Bonn"]), min_size=8, max_size=30),
    st.sets(st.integers(0, 7), min_size=1, max_size=4),
    st.sampled_from("'\"`"),
)
def test_every_cell_in_quotes_is_counted(cells: list[str], rows: set[int], quote: str) -> None:
    plain = ["Rome", "Oslo", "Bonn"]
    mixed = [f"{quote}{cell}{quote}" if row in rows else cell for row, cell in enumerate(cells)]
    count = "1 cell is" if len(rows) == 1 else f"{len(rows)} cells are"
    result = doubts(*mixed, *plain, *plain)
    assert result.startswith(f"{count} in quotes")
    assert f"in row {min(rows) + 1})" in result


def test_the_column_is_reported() -> None:
    table = pa.table({"name": ["Anna", "'Anna'", "Bert"] * 10, "bad": ["0", "0", "1"] * 10})
    (sentence,) = describe_doubtful_columns(propose_schema(table))
    assert sentence.startswith("Column 'name': 3 different texts; 10 cells are in quotes")
    assert sentence.endswith("please check.")

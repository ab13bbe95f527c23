"""What is read as missing in one column alone, beside what is missing in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from riskmodel.tables.schema.schema import Column, Schema

USUAL_CODES = ("-1", "-9", "-99", "-999", "-9999", "96", "97", "98", "99", "999", "9999", "999999")
"""Codes that files often write for "unknown"; offered, and missing only where an analyst chooses them."""


def own_markers(column: Column, everywhere: Sequence[str]) -> list[str]:
    """The markers of a column that are not missing in every column anyway."""
    return [marker for marker in column.missing_markers or () if marker not in everywhere]


def with_own_markers(column: Column, own: Iterable[str], everywhere: Sequence[str]) -> Column:
    """The column with these markers beside those of every column; one that keeps a word as a value goes on to."""
    markers = list(dict.fromkeys(str(marker).strip() for marker in own if str(marker).strip()))
    kept = column.missing_markers
    base = tuple(everywhere) if kept is None or own_markers(column, everywhere) else kept
    if markers == own_markers(column, everywhere) and (not markers or kept == (*base, *markers)):
        return column
    together = (*(marker for marker in base if marker in everywhere), *markers)
    # How its cells are compared is found again without the cells that are missing now.
    return column.model_copy(update={"missing_markers": together if markers else None, "values": None})


def missing_column(known: Schema, everywhere: Sequence[str]) -> ColumnConfig:
    """How the table of roles shows and edits them."""
    found = [marker for column in known.columns for marker in own_markers(column, everywhere)]
    return st.column_config.MultiselectColumn(
        "Missing",
        options=list(dict.fromkeys([*found, *USUAL_CODES])),
        accept_new_options=True,
        width=86,
        help="Further missing values: special codes such as -9999 that mean missing in this column alone. A number "
        "stands for itself however it is written. Type your own.",
    )

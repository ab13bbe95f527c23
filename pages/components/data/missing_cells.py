"""Missing-value markers of single columns, in addition to those of all columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from riskmodel.tables.schema.schema import Column, Schema

USUAL_CODES = ("-1", "-9", "-99", "-999", "-9999", "96", "97", "98", "99", "999", "9999", "999999")
"""Common codes for "unknown", offered in the list; missing only if the analyst chooses them."""


def own_markers(column: Column, everywhere: Sequence[str]) -> list[str]:
    """Markers of a column that do not apply to all columns."""
    return [marker for marker in column.missing_markers or () if marker not in everywhere]


def with_own_markers(column: Column, own: Iterable[str], everywhere: Sequence[str]) -> Column:
    """The column with these markers in addition to the common ones; excluded common markers stay excluded."""
    markers = list(dict.fromkeys(str(marker).strip() for marker in own if str(marker).strip()))
    kept = column.missing_markers
    base = tuple(everywhere) if kept is None or own_markers(column, everywhere) else kept
    if markers == own_markers(column, everywhere) and (not markers or kept == (*base, *markers)):
        return column
    together = (*(marker for marker in base if marker in everywhere), *markers)
    # Category values are detected again without the cells that are missing now.
    return column.model_copy(update={"missing_markers": together if markers else None, "values": None})


def missing_column(known: Schema, everywhere: Sequence[str]) -> ColumnConfig:
    """Configuration of the Missing column in the table of roles."""
    markers = [marker for column in known.columns for marker in own_markers(column, everywhere)]
    return st.column_config.MultiselectColumn(
        "Missing",
        options=list(dict.fromkeys([*markers, *USUAL_CODES])),
        accept_new_options=True,
        width=86,
        help="Additional missing-value markers of this column, such as -9999. Numbers match in any notation. Type your "
        "own.",
    )

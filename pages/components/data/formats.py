"""Formats of the columns of an uploaded file: dates, numbers, own missing-value markers, unreadable cells."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.components.data.missing_cells import missing_column, own_markers
from pages.components.shared.tables import table_height
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.tables.values.date_notation import from_notation, to_notation
from riskmodel.tables.values.dates import DIGIT_FORMATS, TEXT_FORMATS
from riskmodel.tables.values.numbers import NumberFormat

REJECT, CODE = "reject row", "special code"
FIELDS = ("date_format", "number_format", "missing", "unreadable")
NUMBER_FORMATS = (
    NumberFormat(thousands_mark=","),
    NumberFormat(decimal_mark=","),
    NumberFormat(decimal_mark=",", thousands_mark="."),
    NumberFormat(decimal_mark=",", thousands_mark=" "),
    NumberFormat(thousands_mark="'"),
    NumberFormat(thousands_mark=",", affix="$"),
    NumberFormat(decimal_mark=",", thousands_mark=".", affix="€"),
    NumberFormat(thousands_mark=",", affix="¥"),
    NumberFormat(affix="%"),
    NumberFormat(decimal_mark=",", affix="%"),
    NumberFormat(affix="‰"),
    NumberFormat(multipliers=("", "k")),
    NumberFormat(multipliers=("M:1000",)),
    NumberFormat(multipliers=("M:1000000",)),
    NumberFormat(affix="$", multipliers=("M:1000",)),
    NumberFormat(affix="$", multipliers=("M:1000000",)),
    NumberFormat(affix="€", multipliers=("M:1000",)),
    NumberFormat(affix="€", multipliers=("M:1000000",)),
    NumberFormat(affix="crore"),
    NumberFormat(affix="Cr/Dr"),
    NumberFormat(thousands_mark=",", affix="Cr/Dr"),
    NumberFormat(thousands_mark=",", parentheses=True),
)
"""Number formats offered by example, in addition to those found in the file."""


def formats_frame(schema: Schema, markers: tuple[str, ...]) -> pd.DataFrame:
    """One row per column, in the order of the file."""
    return pd.DataFrame(
        {
            "column": [column.name for column in schema.columns],
            "date_format": [to_notation(column.date_format or "") for column in schema.columns],
            "number_format": [example_of(column) for column in schema.columns],
            "missing": [own_markers(column, markers) for column in schema.columns],
            "unreadable": [_unreadable_of(column) for column in schema.columns],
        }
    )


def edit_formats(base: pd.DataFrame, key: str, known: Schema, markers: tuple[str, ...]) -> pd.DataFrame:
    """Draw the table of formats and return it as edited."""
    st.caption("Detected from the content. Change a format that was detected wrongly.")
    with st.container(key="formats_table"):
        return st.data_editor(
            base,
            key=key,
            hide_index=True,
            disabled=["column"],
            column_config={**_column_config(known), "missing": missing_column(known, markers)},
            height=table_height(len(base), max_height=420),
            placeholder="",
        )


def date_format_of(notation: object) -> str | None:
    """The format in `strptime` codes of a cell of the table; None if it is empty."""
    return from_notation(str(notation)) if notation else None


def example_of(column: Column) -> str:
    """Example of the number format; empty for plain numbers."""
    return column.number_format.example if column.number_format else ""


def offered_numbers(known: Schema) -> dict[str, NumberFormat]:
    """All number formats by example, those found in the file first."""
    detected = [column.number_format for column in known.columns if column.number_format]
    return {form.example: form for form in (*detected, *NUMBER_FORMATS)}


def _column_config(known: Schema) -> dict[str, ColumnConfig]:
    detected = [column.date_format for column in known.columns if column.date_format]
    dates = [to_notation(form) for form in dict.fromkeys([*detected, *TEXT_FORMATS, *DIGIT_FORMATS])]
    return {
        "column": st.column_config.TextColumn("Column", width=200),
        "date_format": st.column_config.SelectboxColumn(
            "Dates",
            options=["", *dates],
            width=130,
            help="Date format: DD day, MM month, MMM month as Jan, YYYY year, YY year as 99.",
        ),
        "number_format": st.column_config.SelectboxColumn(
            "Numbers",
            options=["", *offered_numbers(known)],
            width=130,
            help="Number format. Empty: 1234.5. Percentages are read as shares: 12.5% is 0.125. M:1000: M means "
            "thousand; M:1000000: million.",
        ),
        "unreadable": st.column_config.SelectboxColumn(
            "Unreadable",
            options=["", CODE, REJECT],
            width=130,
            help="Cells of a number or date column that are neither values nor missing. Empty: markers under 'Missing' "
            f"are missing, any other text is an error. '{CODE}': each marker under 'Missing' becomes a category of "
            f"its own, distinct from missing. '{REJECT}': rows with such cells are rejected.",
        ),
    }


def _unreadable_of(column: Column) -> str:
    return REJECT if column.unreadable == "reject" else CODE if column.special_texts else ""

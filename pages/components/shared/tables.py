"""Height and CSV download of the tables on all pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st
from pandas.io.formats.style import Styler

from riskmodel.scoring.streaming.csv_text import write_header, write_rows
from riskmodel.tables.arrow import Array
from riskmodel.wording import with_minus_sign

MAX_ROWS_IN_FULL = 14


def table_height(num_rows: int, max_height: int = 480) -> int | Literal["content"]:
    """Height of a table: in full up to `MAX_ROWS_IN_FULL` rows, else ``max_height`` pixels with a scroll bar."""
    return "content" if num_rows <= MAX_ROWS_IN_FULL else max_height


def with_minus_signs(frame: pd.DataFrame, forms: Mapping[str, str]) -> Styler:
    """A table whose numbers are displayed with the minus sign; the values and the sorting are unchanged.

    Args:
        frame: With unique column names.
        forms: By column, the format of its numbers, such as ``"{:+.4f}"``.
    """
    return frame.style.format({name: partial(_in_form, form) for name, form in forms.items()})


def _in_form(form: str, number: float | None) -> str:
    return "" if pd.isna(number) else with_minus_sign(form.format(number))


def offer_csv(frame: pd.DataFrame, name: str) -> None:
    """Draw the CSV download below a table.

    Streamlit's own export is disabled (`client.disableDataExport`): it does not protect against formula injection.

    Args:
        frame: The content of the table.
        name: File name without extension; unique on the page.
    """
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            "CSV",
            lambda: as_csv(frame),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"csv_{name}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
            help="Download this table. Texts that a spreadsheet would run as a formula start with an apostrophe.",
        )


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8, safe to open in a spreadsheet: see `riskmodel.tables.values.formulas`.

    Example:
        >>> as_csv(pd.DataFrame({"name": ["=1+1", None], "score": [1.5, -2.0]}))
        b"name,score\\n'=1+1,1.5\\n,-2\\n"
    """
    names = [str(name) for name in frame.columns]
    if frame.empty:
        return write_header(names)
    columns = [_cells(frame.iloc[:, place]) for place in range(len(names))]
    # The writer addresses columns by name, and names in a table may repeat.
    batch = pa.record_batch(columns, names=[str(place) for place in range(len(names))])
    return write_header(names) + write_rows(batch).to_pybytes()


def _cells(series: pd.Series[Any]) -> Array:
    """Numerical columns unchanged, all others as text."""
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        return pa.Array.from_pandas(series)
    return pa.array([_text(cell) for cell in series], pa.string())


def _text(cell: object) -> str | None:
    if isinstance(cell, list):
        return ", ".join(str(value) for value in cell)
    return None if pd.isna(cell) else str(cell)  # type: ignore[call-overload]

"""Selection of sheet and header row of an uploaded workbook."""

from __future__ import annotations

import streamlit as st

from riskmodel.tables.reading.child.reader_process import list_sheets
from riskmodel.tables.reading.open_table import Layout
from riskmodel.tables.schema.sheet_layout import SheetLayout
from riskmodel.wording import count
from riskmodel.workspace.data.sources import Source


def sheet_fields(source: Source, before: Layout | None) -> SheetLayout | None:
    """Draw the selection. None for automatic detection.

    Raises:
        DataError: The workbook cannot be read.
    """
    chosen = before if isinstance(before, SheetLayout) else SheetLayout()
    likely, rows_of = sheet_rows(source.id, str(source.path))
    sizes = {name: rows for name, rows in rows_of.items() if rows}
    columns = st.columns([2, 1, 2])
    place, sheet = columns[0], chosen.sheet
    if len(sizes) > 1:
        place = columns[1]
        sheet = columns[0].selectbox(
            "Sheet",
            list(sizes),
            key=f"sheet_of_{source.id}",
            index=list(sizes).index(chosen.sheet if chosen.sheet in sizes else likely),
            format_func=lambda name: f"{name} · {count(sizes[name], 'row')}",
        )
    header_row = place.number_input(
        "Header row",
        key=f"header_row_of_{source.id}_{sheet}",  # each sheet has its own header row
        min_value=1,
        step=1,
        value=chosen.header_row if sheet == chosen.sheet else None,
        placeholder="automatic",
    )
    if before is None and header_row is None and sheet in (None, likely):
        return None
    return SheetLayout(sheet=sheet, header_row=header_row)


@st.cache_data(max_entries=16, show_spinner="Reading sheets")
def sheet_rows(source_id: str, _path: str) -> tuple[str, dict[str, int]]:
    """The default sheet, and the number of rows of each sheet."""
    sheets = list_sheets(_path)
    return sheets.likely, sheets.num_rows

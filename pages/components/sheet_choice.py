"""Which sheet of an uploaded workbook is the table, and in which row its header stands; kept for the tab."""

from __future__ import annotations

import streamlit as st

from pages.components.words import count
from riskmodel.tables.formats import detect_format
from riskmodel.tables.sheet_layout import SheetLayout
from riskmodel.workspace.sources import Source


def sheet_fields(source: Source) -> None:
    """Draw the choice for a workbook; nothing for any other file.

    Raises:
        DataError: The workbook cannot be read.
    """
    if detect_format(source.path) != "workbook":
        return
    chosen = chosen_layout(source.id) or SheetLayout()
    sizes = {name: rows for name, rows in sheet_rows(source.id, str(source.path)) if rows}
    left, right, _ = st.columns([2, 1, 2])
    if len(sizes) > 1:
        left.selectbox(
            "Sheet",
            list(sizes),
            key=_key("sheet", source.id),
            index=list(sizes).index(chosen.sheet) if chosen.sheet in sizes else 0,
            format_func=lambda name: f"{name} · {count(sizes[name], 'row')}",
            on_change=_choose_sheet,
            args=(source.id,),
        )
    right.number_input(
        "Header in row",
        key=_key("header_row", source.id),
        min_value=1,
        step=1,
        value=chosen.header_row,
        placeholder="found by itself",
        on_change=_choose,
        args=(source.id,),
    )


def chosen_layout(source_id: str) -> SheetLayout | None:
    """What was chosen for a file in this tab; None while nothing was."""
    chosen: SheetLayout | None = st.session_state.get(_key("layout", source_id))
    return chosen


@st.cache_data(max_entries=16, show_spinner="Looking at the sheets")
def sheet_rows(source_id: str, _path: str) -> list[tuple[str, int]]:
    """Name of each sheet and how many rows it has."""
    from riskmodel.tables.workbooks import sheets

    return [(sheet.name, sheet.num_rows) for sheet in sheets(_path)]


def _choose_sheet(source_id: str) -> None:
    st.session_state[_key("header_row", source_id)] = None  # another sheet's header stands elsewhere
    _choose(source_id)


def _choose(source_id: str) -> None:
    """Another sheet or header has other columns: what was said of the former ones goes."""
    state = st.session_state
    state[_key("layout", source_id)] = SheetLayout(
        sheet=state.get(_key("sheet", source_id)), header_row=state.get(_key("header_row", source_id))
    )
    stale = [key for key in state if str(key).startswith((f"roles_{source_id}_", f"roles_of_{source_id}"))]
    for key in ("target", "bad_value", *stale):
        state.pop(key, None)


def _key(what: str, source_id: str) -> str:
    return f"{what}_of_{source_id}"

"""Layout of an uploaded file: detected, changed by the analyst, stored in the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components.file_layout.dialect_choice import detected_dialect, dialect_fields, find_doubts
from pages.components.file_layout.sheet_choice import sheet_fields
from pages.components.file_layout.target_view import forget_outcomes
from pages.components.shared.words import escape
from riskmodel.tables.reading.open_table import Layout, detect_format
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.workspace.data.sources import Source


def layout_fields(source: Source, forget: Callable[[str], None] | None = None) -> None:
    """Draw the sheet selection of a workbook or the format settings of a text file; nothing for other formats.

    Args:
        forget: Called with the file id when the layout changes; by default, clears the column settings of the file.

    Raises:
        DataError: The file cannot be read.
    """
    kind = detect_format(source.path)
    if kind not in ("workbook", "text"):
        return
    key = f"layout_of_{source.id}"
    before: Layout | None = st.session_state.get(key)
    chosen = sheet_fields(source, before) if kind == "workbook" else dialect_fields(source, before)
    if chosen != before:
        choose_layout(source.id, chosen)
        (forget or _forget_columns)(source.id)
        st.rerun()


def chosen_layout(source_id: str) -> Layout | None:
    """Layout chosen in this tab; None for the detected layout."""
    chosen: Layout | None = st.session_state.get(f"layout_of_{source_id}")
    return chosen


def layout_of_source(source: Source) -> Layout | None:
    """Layout of a file in this tab: the chosen one, else the detected one (cached)."""
    chosen = chosen_layout(source.id)
    if chosen is None and detect_format(source.path) == "text":
        return detected_dialect(source.id, str(source.path))
    return chosen


def show_notes(source: Source, layout: Layout | None, notes: Sequence[str], masked: bool) -> None:
    """Show the messages of the reader, and a warning if the encoding is uncertain.

    Args:
        source: The file.
        layout: Layout in use.
        notes: Messages of the reader.
        masked: Whether texts of the file are hidden.
    """
    doubts, known = find_doubts(source, layout, masked) if isinstance(layout, Dialect) else ([], ())
    if doubts:
        st.warning(f"**Please check.** {escape(' '.join(doubts))}", icon=":material/translate:")
    if others := [note for note in notes if note not in known]:
        st.info(escape(" ".join(others)), icon=":material/info:")


def choose_layout(source_id: str, layout: Layout | None) -> None:
    """Use this layout from now on."""
    st.session_state[f"layout_of_{source_id}"] = layout


def _forget_columns(source_id: str) -> None:
    """Clear the column settings: with another layout the file has other columns."""
    state = st.session_state
    stale = [key for key in state if str(key).startswith((f"roles_{source_id}_", f"roles_of_{source_id}"))]
    forget_outcomes()
    for key in ("target", "accept_rejects", *stale):
        state.pop(key, None)

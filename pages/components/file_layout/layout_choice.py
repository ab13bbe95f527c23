"""How an uploaded file is read: found from its content, changed by hand, kept for the tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components.file_layout.dialect_choice import dialect_fields, find_doubts, found_dialect
from pages.components.file_layout.sheet_choice import sheet_fields
from pages.components.file_layout.target_view import forget_outcomes
from pages.components.shared.words import escape
from riskmodel.tables.reading.open_table import Layout, detect_format
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.workspace.data.sources import Source


def layout_fields(source: Source, forget: Callable[[str], None] | None = None) -> None:
    """Draw the choices that the file leaves: the sheet of a workbook, how a text is written; nothing for other files.

    Args:
        forget: Called with the file's id before it is read otherwise; by default what was said of the columns of the
            file that is being shaped is forgotten.

    Raises:
        DataError: The file cannot be read at all.
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
    """What was chosen for a file in this tab; None while all is as it was found."""
    chosen: Layout | None = st.session_state.get(f"layout_of_{source_id}")
    return chosen


def layout_of_source(source: Source) -> Layout | None:
    """How a file is read in this tab: as chosen, else as it was found, which is looked for once."""
    chosen = chosen_layout(source.id)
    if chosen is None and detect_format(source.path) == "text":
        return found_dialect(source.id, str(source.path))
    return chosen


def show_notes(source: Source, layout: Layout | None, notes: Sequence[str], masked: bool) -> None:
    """Show what the analyst should know of the reading, and check where the encoding is uncertain.

    Args:
        layout: How the file is read.
        notes: As its reader made them.
        masked: Whether texts of the file are hidden.
    """
    doubts, known = find_doubts(source, layout, masked) if isinstance(layout, Dialect) else ([], ())
    if doubts:
        st.warning(f"**Please check.** {escape(' '.join(doubts))}", icon=":material/translate:")
    if others := [note for note in notes if note not in known]:
        st.info(escape(" ".join(others)), icon=":material/info:")


def choose_layout(source_id: str, layout: Layout | None) -> None:
    """Read the file so from now on."""
    st.session_state[f"layout_of_{source_id}"] = layout


def _forget_columns(source_id: str) -> None:
    """Read otherwise, a file has other columns: what was said of the former ones goes."""
    state = st.session_state
    stale = [key for key in state if str(key).startswith((f"roles_{source_id}_", f"roles_of_{source_id}"))]
    forget_outcomes()
    for key in ("target", "accept_rejects", *stale):
        state.pop(key, None)

"""Columns of a file that are read as missing columns of the model; stored with the run, so the next file has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pages.components.scoring.writing_form import chosen_writing
from pages.components.shared.messages import toast_errors
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.layouts import restore_names
from riskmodel.scoring.streaming.writing import Writing
from riskmodel.tables.schema.matching import ColumnMatch

MAX_OFFERED = 12
"""Maximum number of missing columns with a selection; more are missing in another file."""


def writing_of(source_id: str, run_id: str) -> Writing:
    """The formats chosen in this tab, with the sources stored with the run."""
    return replace(chosen_writing(source_id), sources=stored_sources(run_id))


def stored_sources(run_id: str) -> dict[str, str]:
    """By column of the model, the column of the file that is read as it."""
    return {column: str(name) for column, name in (workspace().column_sources.get(run_id) or {}).items()}


def show_sources(run_id: str, model: RiskModel, names: Sequence[str]) -> None:
    """Draw the stored sources that apply to this file, each with a button that removes it.

    Args:
        run_id: Of the model.
        model: The model.
        names: Of the file's columns.
    """
    stored = stored_sources(run_id)
    restored = restore_names(names, model.columns, model.schema.names)
    renamed = Writing(sources=stored).rename(restored, model.columns)
    used = [new for name, new in zip(restored, renamed, strict=True) if name != new]
    for column in used:
        text, button = st.columns([7, 1], vertical_alignment="center")
        text.markdown(
            f":material/link: **{escape(column)}** is read from **{escape(stored[column])}**, as chosen for this model."
        )
        button.button(
            "",
            key=f"source_remove_{model.columns.index(column)}",
            icon=":material/close:",
            type="tertiary",
            help="Remove: the model's column is then missing in this file",
            on_click=_store,
            args=(run_id, column, None),
        )


def offer_sources(run_id: str, model: RiskModel, match: ColumnMatch, names: Sequence[str]) -> None:
    """Draw a selection of unused columns of the file for each missing column.

    Args:
        run_id: Of the model.
        model: The model.
        match: Of the file's columns with the model's.
        names: Of the file's columns.
    """
    taken = {*match.found, *stored_sources(run_id).values(), model.schema.target}
    unused = [name for name in names if name not in taken]
    if not unused or not match.missing or len(match.missing) > MAX_OFFERED:
        return
    st.markdown("Or choose the column of this file that is read instead. It is stored with the model.")
    cells = st.columns(min(len(match.missing), 3))
    for place, missing in enumerate(match.missing):
        key = f"source_of_{model.columns.index(missing.name)}"
        options = [*missing.close, *(name for name in unused if name not in missing.close)]
        cells[place % len(cells)].selectbox(
            missing.name,
            options,
            index=None,
            key=key,
            placeholder="Column of the file",
            on_change=_choose,
            args=(run_id, missing.name, key),
        )


def _choose(run_id: str, column: str, key: str) -> None:
    _store(run_id, column, st.session_state[key])


def _store(run_id: str, column: str, source: str | None) -> None:
    """Store the source of a column with the run; None removes it."""
    with toast_errors():
        sources = {name: value for name, value in stored_sources(run_id).items() if name != column}
        workspace().column_sources.put(run_id, sources | ({column: source} if source else {}))

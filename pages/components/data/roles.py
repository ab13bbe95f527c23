"""Editable table of column roles, with the proposal as default."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.data.bulk_roles import offer_roles
from pages.components.data.formats import (
    CODE,
    FIELDS,
    REJECT,
    date_format_of,
    edit_formats,
    example_of,
    formats_frame,
    offered_numbers,
)
from pages.components.data.missing_cells import with_own_markers
from pages.components.shared.privacy import ask_to_exclude_protected, refuse
from pages.components.shared.tables import table_height
from pages.components.state.cached import proposed_schema, read_source
from riskmodel.tables.arrow import Cells, pc
from riskmodel.tables.coercion.category_values import to_canonical
from riskmodel.tables.evidence.special_texts import markers_as_codes
from riskmodel.tables.privacy.protected import is_learned_though_protected, leave_protected_out
from riskmodel.tables.profiling.masking import mask_cells
from riskmodel.tables.proposal.proposal import resolve_formats
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.tables.unreadable_rows import reject_unreadable
from riskmodel.wording import shorten

ROLES = ["numerical", "categorical", "date", "identifier", "ignored"]
_NUM_EXAMPLE_ROWS = 1000


def roles_editor(
    source_id: str, target: str | None, masked: bool, markers: tuple[str, ...], drawer: DeltaGenerator
) -> Schema:
    """Draw the tables of roles and formats and return the edited schema; the row of the target cannot be edited.

    Edits are stored by column and survive a change of target or page. Roles set by the switch for protected attributes
    are not stored, so that turning it off restores all roles.

    Args:
        source_id: The file.
        target: The column with the outcome.
        masked: Whether personal data are masked.
        markers: Missing-value markers of all columns.
        drawer: Container of the table of formats.
    """
    kept: dict[str, Column] = st.session_state.setdefault(kept_key(source_id), {})
    proposal = proposed_schema(source_id)
    known = proposal.with_columns(_marked(proposal, kept))
    left_out = ask_to_exclude_protected(source_id, proposal, target)
    shown = leave_protected_out(known) if left_out else known
    _set_several(source_id, shown, target, left_out, kept)
    # A new key whenever the base cells change, because edits refer to the base cells.
    editor_key = f"roles_{source_id}_{target}{'' if left_out else '_all'}{'_masked' if masked else ''}"
    editor_key += "_again" * st.session_state.get(_redrawn_key(source_id), 0)
    if editor_key not in st.session_state:  # first drawn, or drawn again after another page
        st.session_state["roles_base"] = _as_frame(source_id, shown, target, masked)
        st.session_state["formats_base"] = formats_frame(shown, markers)
    base: pd.DataFrame = st.session_state["roles_base"]
    with st.container(key="roles_table"):
        edited = st.data_editor(
            base,
            key=editor_key,
            hide_index=True,
            disabled=["column", "examples", "why"],
            column_config=COLUMN_CONFIG,
            height=table_height(len(proposal.columns), max_height=560),
            placeholder="",
        )
    with drawer:
        formats = edit_formats(st.session_state["formats_base"], f"{editor_key}_formats", known, markers)
    rows = edited.assign(**{field: formats[field] for field in FIELDS}).to_dict("records")
    columns = [_read_row(proposal, shown, row, markers) for row in rows if row["column"] != target]
    refused = [column.name for column in columns if left_out and is_learned_though_protected(column)]
    unchanged = {column.name for column in columns if column == shown.column(column.name)} | set(refused)
    kept.clear()
    kept.update({column.name: known.column(column.name) if column.name in unchanged else column for column in columns})
    if refused:
        _draw_again(source_id)
        refuse(source_id, refused)
    schema = proposal.with_columns(columns)
    schema = resolve_formats(read_source(source_id).table, schema)
    return schema if target is None else schema.with_target(target)


def _set_several(source_id: str, shown: Schema, target: str | None, left_out: bool, kept: dict[str, Column]) -> None:
    """Draw the button for one role of several columns, and store the roles when it is pressed."""
    columns = [
        column
        for column in shown.columns
        if column.name != target and not (left_out and column.protected and column.kind == "ignored")
    ]
    chosen = offer_roles(columns, ROLES)
    if chosen is None:
        return
    names, role = chosen
    proposal = proposed_schema(source_id)
    for name in names:
        proposed, column = proposal.column(name), shown.column(name)
        changes = {"kind": role, "date_format": None, "first_year": None, "number_format": None}
        changes["reason"] = "chosen by the analyst"
        kept[name] = proposed if proposed.kind == role else column.model_copy(update=changes)
    _draw_again(source_id)
    st.rerun()


def _draw_again(source_id: str) -> None:
    """Draw the tables from the stored columns, without the edits so far."""
    st.session_state[_redrawn_key(source_id)] = 1 + st.session_state.get(_redrawn_key(source_id), 0)


def kept_key(source_id: str) -> str:
    """Session-state key of the edited columns of a file."""
    return f"roles_of_{source_id}"


def _redrawn_key(source_id: str) -> str:
    return f"roles_of_{source_id}_redrawn"


def _marked(proposal: Schema, kept: dict[str, Column]) -> list[Column]:
    """The stored columns with the privacy marks of the proposal, which older datasets lack."""
    return [
        column.model_copy(
            update={"personal": proposal.column(name).personal, "protected": proposal.column(name).protected}
        )
        for name, column in kept.items()
        if name in proposal.names
    ]


def _as_frame(source_id: str, schema: Schema, target: str | None, masked: bool) -> pd.DataFrame:
    head = read_source(source_id).table.slice(0, _NUM_EXAMPLE_ROWS)
    hidden = {column.name for column in schema.columns if masked and column.personal}
    return pd.DataFrame(
        {
            "column": [column.name for column in schema.columns],
            "role": ["target" if column.name == target else _role(column) for column in schema.columns],
            "examples": [
                _examples(mask_cells(head[column.name]) if column.name in hidden else head[column.name], column)
                for column in schema.columns
            ],
            "why": ["chosen as target" if column.name == target else column.reason for column in schema.columns],
        }
    )


COLUMN_CONFIG = {
    "column": st.column_config.TextColumn("Column", width=190),
    "role": st.column_config.SelectboxColumn("Role", options=ROLES, required=True, width=110),
    "examples": st.column_config.TextColumn("First values", width=260),
    "why": st.column_config.TextColumn("Why this role", width=420),
}


def _role(column: Column) -> str:
    return "ignored" if column.kind == "target" else column.kind


def _examples(cells: Cells, column: Column) -> str:
    """First distinct values; for categories the canonical texts."""
    values = column.values if column.kind == "categorical" else None
    shown = pc.unique(to_canonical(pc.unique(cells), values))
    distinct = [value for value in shown.to_pylist()[:5] if value and value.strip()]
    return " · ".join(shorten(value, 24) for value in distinct[:4])


def _read_row(proposal: Schema, known: Schema, row: Mapping[Hashable, Any], markers: tuple[str, ...]) -> Column:
    """Read a row of the table into a column."""
    missing = row["missing"]
    column = with_own_markers(_read_role(proposal, known, row), [] if missing is None else list(missing), markers)
    if row["unreadable"] != REJECT and column.unreadable == "reject":
        column = column.model_copy(update={"unreadable": "refuse"})
    if row["unreadable"] == CODE and column.kind in ("numerical", "date"):
        return markers_as_codes(column)
    if column.special_texts:
        column = column.model_copy(update={"special_texts": ()})
    return reject_unreadable(column) if row["unreadable"] == REJECT else column


def _read_role(proposal: Schema, known: Schema, row: Mapping[Hashable, Any]) -> Column:
    """The column with role and formats of the row; the stored or proposed column if they are equal."""
    name, kind = str(row["column"]), str(row["role"])
    date_format, number_format = date_format_of(row["date_format"]), row["number_format"] or ""
    before = known.column(name)
    for same in (before, proposal.column(name)):
        if (kind, date_format, number_format) == (same.kind, same.date_format, example_of(same)):
            return same
    changes = {
        "kind": kind if kind in ROLES else "ignored",
        "date_format": date_format if kind == "date" else None,
        "first_year": before.first_year if date_format == before.date_format else None,
        "number_format": offered_numbers(known).get(number_format) if kind == "numerical" else None,
        "reason": "chosen by the analyst",
    }
    return before.model_copy(update=changes)

"""Editable table of column roles, with the proposal as default."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.components.data.missing_cells import missing_column, own_markers, with_own_markers
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
from riskmodel.tables.values.dates import DIGIT_FORMATS, TEXT_FORMATS
from riskmodel.tables.values.numbers import NumberFormat
from riskmodel.wording import shorten

ROLES = ["numerical", "categorical", "date", "identifier", "ignored"]
REJECT, CODE = "reject row", "special code"
_NUM_EXAMPLE_ROWS = 1000
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


def roles_editor(source_id: str, target: str | None, masked: bool, markers: tuple[str, ...]) -> Schema:
    """Draw the table and return the edited schema; the row of the target cannot be edited.

    Edits are stored by column and survive a change of target or page. Roles set by the switch for protected attributes
    are not stored, so that turning it off restores all roles.

    Args:
        markers: Missing-value markers of all columns.
    """
    kept: dict[str, Column] = st.session_state.setdefault(kept_key(source_id), {})
    proposal = proposed_schema(source_id)
    known = proposal.with_columns(_marked(proposal, kept))
    left_out = ask_to_exclude_protected(source_id, proposal, target)
    shown = leave_protected_out(known) if left_out else known
    # A new key whenever the base cells change, because edits refer to the base cells.
    editor_key = f"roles_{source_id}_{target}{'' if left_out else '_all'}{'_masked' if masked else ''}"
    editor_key += "_again" * st.session_state.get(_refusals_key(source_id), 0)
    if editor_key not in st.session_state:  # first drawn, or drawn again after another page
        st.session_state["roles_base"] = _as_frame(source_id, shown, target, masked, markers)
    base: pd.DataFrame = st.session_state["roles_base"]
    with st.container(key="roles_table"):
        edited = st.data_editor(
            base,
            key=editor_key,
            hide_index=True,
            disabled=["column", "examples", "why"],
            column_config={**_column_config(known), "missing": missing_column(known, markers)},
            height=table_height(len(proposal.columns), max_height=560),
            placeholder="",
        )
    columns = [_read_row(proposal, shown, row, markers) for row in edited.to_dict("records") if row["column"] != target]
    refused = [column.name for column in columns if left_out and is_learned_though_protected(column)]
    unchanged = {column.name for column in columns if column == shown.column(column.name)} | set(refused)
    kept.clear()
    kept.update({column.name: known.column(column.name) if column.name in unchanged else column for column in columns})
    if refused:
        st.session_state[_refusals_key(source_id)] = 1 + st.session_state.get(_refusals_key(source_id), 0)
        refuse(source_id, refused)
    schema = proposal.with_columns(columns)
    schema = resolve_formats(read_source(source_id).table, schema)
    return schema if target is None else schema.with_target(target)


def kept_key(source_id: str) -> str:
    """Session-state key of the edited columns of a file."""
    return f"roles_of_{source_id}"


def _refusals_key(source_id: str) -> str:
    return f"roles_of_{source_id}_refused"


def _marked(proposal: Schema, kept: dict[str, Column]) -> list[Column]:
    """The stored columns with the privacy marks of the proposal, which older datasets lack."""
    return [
        column.model_copy(
            update={"personal": proposal.column(name).personal, "protected": proposal.column(name).protected}
        )
        for name, column in kept.items()
        if name in proposal.names
    ]


def _as_frame(
    source_id: str, schema: Schema, target: str | None, masked: bool, markers: tuple[str, ...]
) -> pd.DataFrame:
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
            "date_format": [column.date_format or "" for column in schema.columns],
            "number_format": [_example_of(column) for column in schema.columns],
            "missing": [own_markers(column, markers) for column in schema.columns],
            "unreadable": [_unreadable_of(column) for column in schema.columns],
            "why": ["chosen as target" if column.name == target else column.reason for column in schema.columns],
        }
    )


def _column_config(known: Schema) -> dict[str, ColumnConfig]:
    detected = [column.date_format for column in known.columns if column.date_format]
    formats = ["", *dict.fromkeys([*detected, *TEXT_FORMATS, *DIGIT_FORMATS])]
    return {
        "column": st.column_config.TextColumn("Column", width=125),
        "role": st.column_config.SelectboxColumn("Role", options=ROLES, required=True, width=92),
        "examples": st.column_config.TextColumn("First values", width=118),
        "date_format": st.column_config.SelectboxColumn(
            "Dates", options=formats, width=80, help="Date format: %d day, %m month, %b month as Jan, %Y year, %y 99"
        ),
        "number_format": st.column_config.SelectboxColumn(
            "Numbers",
            options=["", *_offered(known)],
            width=90,
            help="Number format. Empty: 1234.5. Percentages are read as shares: 12.5% is 0.125. M:1000: M means "
            "thousand; M:1000000: million.",
        ),
        "unreadable": st.column_config.SelectboxColumn(
            "Unreadable",
            options=["", CODE, REJECT],
            width=104,
            help="Cells of a number or date column that are neither values nor missing. Empty: markers under 'Missing' "
            f"are missing, any other text is an error. '{CODE}': each marker under 'Missing' becomes a category of "
            f"its own, distinct from missing. '{REJECT}': rows with such cells are rejected.",
        ),
        "why": st.column_config.TextColumn("Why this role", width=135),
    }


def _unreadable_of(column: Column) -> str:
    return REJECT if column.unreadable == "reject" else CODE if column.special_texts else ""


def _role(column: Column) -> str:
    return "ignored" if column.kind == "target" else column.kind


def _example_of(column: Column) -> str:
    return column.number_format.example if column.number_format else ""


def _offered(known: Schema) -> dict[str, NumberFormat]:
    """All formats by example, those found in the file first."""
    detected = [column.number_format for column in known.columns if column.number_format]
    return {form.example: form for form in (*detected, *NUMBER_FORMATS)}


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
    date_format, number_format = row["date_format"] or None, row["number_format"] or ""
    before = known.column(name)
    for same in (before, proposal.column(name)):
        if (kind, date_format, number_format) == (same.kind, same.date_format, _example_of(same)):
            return same
    changes = {
        "kind": kind if kind in ROLES else "ignored",
        "date_format": date_format if kind == "date" else None,
        "first_year": before.first_year if date_format == before.date_format else None,
        "number_format": _offered(known).get(number_format) if kind == "numerical" else None,
        "reason": "chosen by the analyst",
    }
    return before.model_copy(update=changes)

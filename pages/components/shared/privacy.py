"""Switches to show personal data and to exclude protected attributes."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.words import escape
from riskmodel.tables.privacy.protected import find_protected, is_learned_though_protected
from riskmodel.tables.schema.schema import INPUT_KINDS, Column, Schema
from riskmodel.wording import listed

SWITCH = "leave_protected_out"


def ask_to_mask(names: list[str]) -> bool:
    """Draw the toggle if there are personal columns. Returns True if their values are to be masked."""
    if not names:
        return False
    shown = st.toggle(
        "Show personal data",
        key="show_personal",
        help="Masking affects this page only. Stored datasets and scored files are unchanged.",
    )
    if not shown:
        st.caption(f"Masked: {escape(listed(names))}")
    return not shown


def personal_columns(schema: Schema) -> list[str]:
    """Names of the columns with personal data."""
    return [column.name for column in schema.columns if column.personal]


def ask_to_exclude_protected(source_id: str, proposal: Schema, target: str | None) -> bool:
    """Draw the switch if inputs of the file are protected attributes. Returns True if they are excluded.

    The state is stored per file, because Streamlit discards widget values when another page is opened.
    """
    protected = [column for column in proposal.columns if is_learned_though_protected(column) and column.name != target]
    if not protected:
        return True
    st.session_state.setdefault(SWITCH, st.session_state.get(_kept(source_id), True))
    attributes = listed(list(dict.fromkeys(str(column.protected) for column in protected)))
    left_out = st.toggle(
        f"Exclude protected attributes ({attributes})",
        key=SWITCH,
        help="Recognized by column name. Using them in decisions is unlawful in many jurisdictions.",
    )
    st.session_state[_kept(source_id)] = left_out
    names = listed([column.name for column in protected])
    st.caption(f"{'Ignored' if left_out else 'Roles as chosen below'}: {escape(names)}")
    refused = st.session_state.pop(f"protected_refused_{source_id}", None)
    if refused and left_out:
        st.info(
            f"{escape(listed(refused))} stays ignored while protected attributes are excluded. Turn the switch off to "
            "choose a role.",
            icon=":material/shield_person:",
        )
    return left_out


def refuse(source_id: str, names: list[str]) -> None:
    """Record that a role was rejected while the switch is on, and rerun the page."""
    st.session_state[f"protected_refused_{source_id}"] = names
    st.rerun()


def keep_as_saved(source_id: str, schema: Schema) -> list[Column]:
    """Restore the switch of a saved schema. Returns the columns whose role does not follow from the switch."""
    # By name, because earlier versions did not mark protected columns.
    protected = {column.name: column.kind in INPUT_KINDS for column in schema.columns if find_protected(column.name)}
    left_out = not any(protected.values())
    st.session_state[_kept(source_id)] = left_out
    st.session_state.pop(SWITCH, None)
    return [
        column
        for column in schema.columns
        if not (left_out and column.name in protected and column.kind == "ignored") and column.kind != "target"
    ]


def _kept(source_id: str) -> str:
    return f"protected_out_of_{source_id}"

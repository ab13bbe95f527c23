"""What the screen keeps to itself: personal data unless asked for, and protected attributes unless wanted."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.words import escape, listed
from riskmodel.tables.privacy.protected import find_protected, is_learned_though_protected
from riskmodel.tables.schema.schema import INPUT_KINDS, Column, Schema

SWITCH = "leave_protected_out"


def ask_to_mask(names: list[str]) -> bool:
    """Draw the toggle where there are personal columns; whether their texts are to be masked."""
    if not names:
        return False
    shown = st.toggle(
        "Show personal data",
        key="show_personal",
        help="Only what this page shows is masked. Stored datasets and scored files keep every text as it is.",
    )
    if not shown:
        st.caption(f"Masked: {escape(listed(names))}")
    return not shown


def personal_columns(schema: Schema) -> list[str]:
    """Names of the columns that hold personal data."""
    return [column.name for column in schema.columns if column.personal]


def ask_to_leave_out(source_id: str, proposal: Schema, target: str | None) -> bool:
    """Draw the switch where the file has protected attributes to learn from; whether they are left out.

    Its state is kept by file, since what a widget holds is gone after a look at another page.
    """
    found = [column for column in proposal.columns if is_learned_though_protected(column) and column.name != target]
    if not found:
        return True
    st.session_state.setdefault(SWITCH, st.session_state.get(_kept(source_id), True))
    attributes = listed(list(dict.fromkeys(str(column.protected) for column in found)))
    left_out = st.toggle(
        f"Leave protected attributes out ({attributes})",
        key=SWITCH,
        help="Found by the names of the columns. The law forbids to treat customers by them in many places and cases.",
    )
    st.session_state[_kept(source_id)] = left_out
    names = listed([column.name for column in found])
    st.caption(f"{'Ignored' if left_out else 'As chosen below'}: {escape(names)}")
    refused = st.session_state.pop(f"protected_refused_{source_id}", None)
    if refused and left_out:
        st.info(
            f"{escape(listed(refused))} stays ignored while protected attributes are left out. Turn the switch off to "
            "choose its role.",
            icon=":material/shield_person:",
        )
    return left_out


def refuse(source_id: str, names: list[str]) -> None:
    """Remember that a role chosen by hand is not taken while the switch is on, and draw the page again."""
    st.session_state[f"protected_refused_{source_id}"] = names
    st.rerun()


def keep_as_saved(source_id: str, schema: Schema) -> list[Column]:
    """Turn the switch as it was for a saved schema; the columns that are not as they are by the switch alone."""
    # By name, since what was saved by earlier versions is not marked.
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

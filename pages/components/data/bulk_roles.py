"""One role for several columns of an uploaded file, chosen by a part of their names and their present role."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.shared.words import escape
from riskmodel.tables.schema.schema import Column
from riskmodel.wording import count, listed

ANY = "any role"


def offer_roles(columns: Sequence[Column], roles: Sequence[str]) -> tuple[tuple[str, ...], str] | None:
    """Draw the button with its fields. Returns names and role when it is pressed.

    Args:
        columns: The columns whose role can be changed, with their present roles.
        roles: The roles on offer.
    """
    with st.popover("Set several roles", icon=":material/checklist:", key="bulk_roles"):
        part = st.text_input("Names containing", key="bulk_part", placeholder="Part of a name").strip().lower()
        before = st.selectbox("Present role", [ANY, *roles], key="bulk_before")
        role = st.selectbox("New role", roles, index=len(roles) - 1, key="bulk_role")
        is_filtered = bool(part) or before != ANY
        names = tuple(
            column.name
            for column in columns
            if is_filtered and part in column.name.lower() and before in (ANY, column.kind) and column.kind != role
        )
        nothing = "No column matches." if is_filtered else "Enter a part of the names or choose a present role."
        st.caption(escape(listed(names, 6)) if names else nothing)
        pressed = st.button(
            f"Make {count(len(names), 'column')} {role}", key="bulk_set", type="primary", disabled=not names
        )
    return (names, role) if pressed else None

"""Tabs that reopen where the analyst left them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer


def kept_tabs(names: Sequence[str], key: str) -> Sequence[TabContainer]:
    """Draw tabs that rerun the page when another tab is opened, because only the open tab has content.

    Args:
        names: Tab titles.
        key: Widget key; Streamlit discards its value when another page is opened.
    """
    kept = f"kept_{key}"
    st.session_state[key] = st.session_state.get(key, st.session_state.get(kept, names[0]))

    def keep() -> None:
        # In the callback, because a change of page can interrupt the rerun before it reaches this function.
        st.session_state[kept] = st.session_state[key]

    return st.tabs(list(names), key=key, on_change=keep)

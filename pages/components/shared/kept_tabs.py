"""Tabs of which the open one is remembered when the analyst returns to the page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer


def kept_tabs(names: Sequence[str], key: str) -> Sequence[TabContainer]:
    """Draw tabs that run the page again when another one is opened, as only the open one has content.

    Args:
        names: Their titles.
        key: Of the tabs, under which Streamlit forgets the open one on another page.
    """
    kept = f"kept_{key}"
    st.session_state[key] = st.session_state.get(key, st.session_state.get(kept, names[0]))
    tabs = st.tabs(list(names), key=key, on_change="rerun")
    st.session_state[kept] = st.session_state[key]
    return tabs

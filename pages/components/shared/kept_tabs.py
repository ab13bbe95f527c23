"""Tabs that reopen where the analyst left them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

_PARAMETER = "tab"


def kept_tabs(names: Sequence[str], key: str) -> Sequence[TabContainer]:
    """Draw tabs that rerun the page when another tab is opened, because only the open tab has content.

    The URL has the open tab, so that a link and the browser's Back open it.

    Args:
        names: Tab titles.
        key: Widget key; Streamlit discards its value when another page is opened.
    """
    kept, followed = f"kept_{key}", f"followed_{key}"
    in_url = st.query_params.get(_PARAMETER)
    if in_url in names and in_url != st.session_state.get(followed):
        st.session_state[key] = in_url
    st.session_state[followed] = in_url
    st.session_state[key] = st.session_state.get(key, st.session_state.get(kept, names[0]))

    def keep() -> None:
        # In the callback, because a change of page can interrupt the rerun before it reaches this function.
        st.session_state[kept] = st.session_state[followed] = st.session_state[key]
        st.query_params[_PARAMETER] = st.session_state[key]

    return st.tabs(list(names), key=key, on_change=keep)

"""Scroll position of a page."""

from __future__ import annotations

import streamlit as st

_SHOWN = "shown_from_top"

_SCROLL = """<script>document.querySelector('[data-testid="stMain"]').scrollTo(0, 0);</script>"""


def start_at_top(*shown: str | None) -> None:
    """Scroll to the title when the page shows something else; browsers keep the old position.

    Call at the end of a page.

    Args:
        shown: Ids of what the page shows.
    """
    if st.session_state.get(_SHOWN, shown) != shown:
        st.html(_SCROLL, unsafe_allow_javascript=True)
    st.session_state[_SHOWN] = shown

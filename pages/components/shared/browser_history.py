"""The browser's history: one press of Back undoes one action."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = f"<script>{Path(__file__).with_suffix('.js').read_text(encoding='utf-8')}</script>"


def keep_history_short() -> None:
    """Let what a page chooses by itself replace the page's entry; call once per run of the script, before the page."""
    st.html(_SCRIPT, unsafe_allow_javascript=True)

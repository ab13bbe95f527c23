"""Browser history: one entry per user action, so that Back undoes one action."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = f"<script>{Path(__file__).with_suffix('.js').read_text(encoding='utf-8')}</script>"


def shorten_history() -> None:
    """Replace history entries for automatic selections. Call once per script run, before the page."""
    st.html(_SCRIPT, unsafe_allow_javascript=True)

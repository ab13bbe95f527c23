"""Scripts of the studio that the browser runs on every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FILES = ("browser_history.js", "page_links.js", "help_icons.js")
_SCRIPTS = "".join(f"<script>{Path(__file__).with_name(name).read_text(encoding='utf-8')}</script>" for name in _FILES)


def run_browser_scripts() -> None:
    """Start the scripts; each runs once per browser tab. Call once per script run, before the page."""
    st.html(_SCRIPTS, unsafe_allow_javascript=True)

"""The run or search in training, shown in the navigation of all pages with Stop."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.components.run.live_routes import NOW_PATH, STOP_PATH
from pages.components.shared.csrf import CSRF_TOKEN, served_path
from pages.components.shared.custom_component import declare_component

_pill = declare_component(Path(__file__).with_name("status_pill.js"))


def show_status_pill() -> None:
    """Draw the pill; it is hidden while nothing is trained. The browser polls a route instead of rerunning the page."""
    data = {"address": served_path(NOW_PATH), "stop": served_path(STOP_PATH), "csrf_token": CSRF_TOKEN}
    with st.container(key="status_pill"):
        opened = _pill(key="status_pill_now", data=data, on_open_change=lambda: None)
    if opened.open:
        kind, job_id = opened.open["kind"], opened.open["id"]
        page = "train" if kind == "run" else "search"
        st.switch_page(f"pages/{page}.py", query_params={kind: job_id})

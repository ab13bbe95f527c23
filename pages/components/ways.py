"""Ways from one page to another."""

from __future__ import annotations

import streamlit as st


def way_to(label: str, page: str, key: str, *, primary: bool = False, **selection: str | None) -> None:
    """A button that opens ``pages/<page>.py`` with the given selection in its URL."""
    if st.button(label, key=key, type="primary" if primary else "secondary"):
        chosen = {name: value for name, value in selection.items() if value}
        st.switch_page(f"pages/{page}.py", query_params=chosen)


def empty_state(title: str, text: str, way: tuple[str, str, str]) -> None:
    """What is missing, and the button that leads to it.

    Args:
        way: Label, page and key of the button.
    """
    with st.container(border=True, width=640):
        st.markdown(f"#### {title}")
        st.markdown(text)
        label, page, key = way
        way_to(label, page, key, primary=True)

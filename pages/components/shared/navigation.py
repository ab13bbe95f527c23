"""Ways from one page to another."""

from __future__ import annotations

from typing import Literal

import streamlit as st


def way_to(
    label: str, page: str, key: str, *, primary: bool = False, closed: str | None = None, **selection: str | None
) -> None:
    """A button that opens ``pages/<page>.py`` with the given selection in its URL.

    Args:
        closed: Why it cannot be gone now; None where it can.
    """
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button(label, key=key, type=kind, disabled=closed is not None, help=closed):
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

"""Links between pages, and empty states."""

from __future__ import annotations

from typing import Literal

import streamlit as st


def link_button(
    label: str,
    page: str,
    key: str,
    *,
    primary: bool = False,
    disabled_reason: str | None = None,
    **selection: str | None,
) -> None:
    """A button that opens ``pages/<page>.py`` with the given selection in its URL.

    Args:
        disabled_reason: Why the button is disabled; None if it is enabled.
    """
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button(label, key=key, type=kind, disabled=disabled_reason is not None, help=disabled_reason):
        parameters = {name: value for name, value in selection.items() if value}
        st.switch_page(f"pages/{page}.py", query_params=parameters)


def empty_state(title: str, text: str, link: tuple[str, str, str]) -> None:
    """Draw what is missing, with a button that opens the page for it.

    Args:
        link: Label, page and key of the button.
    """
    with st.container(border=True, width=640):
        st.markdown(f"#### {title}")
        st.markdown(text)
        label, page, key = link
        link_button(label, page, key, primary=True)

"""The selected dataset, run, …, stored in the URL so that it survives a reload, a second tab or a restart."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

import streamlit as st

Thing = Literal["source", "dataset", "run", "with", "search", "customers", "scoring"]


def selected(thing: Thing) -> str | None:
    """The id in the URL, else the last selection in this tab (another page clears the URL)."""
    in_url = st.query_params.get(thing)
    if in_url:
        st.session_state[_key(thing)] = in_url
        return in_url
    remembered = st.session_state.get(_key(thing))
    return remembered if isinstance(remembered, str) else None


def select(thing: Thing, value: str | None) -> None:
    """Select an id; None clears the selection."""
    if value is None:
        st.session_state.pop(_key(thing), None)
        st.query_params.pop(thing, None)
        return
    st.session_state[_key(thing)] = value
    show_in_url(thing, value)


def forget(ids: Collection[str]) -> None:
    """Clear selections of deleted objects."""
    for thing in get_args(Thing):
        if selected(thing) in ids:
            select(thing, None)


def show_in_url(thing: Thing, value: str | None) -> None:
    """Write the id that a page shows into its URL."""
    if value and st.query_params.get(thing) != value:
        st.query_params[thing] = value


def _key(thing: Thing) -> str:
    return f"selected_{thing}"

"""What the analyst is looking at: kept in the URL, so that a refresh, a second tab or a restart finds it again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

import streamlit as st

Thing = Literal["source", "dataset", "run", "with", "search", "customers", "scoring"]


def selected(thing: Thing) -> str | None:
    """The id in the URL, else the last one chosen in this tab (changing the page clears the URL)."""
    in_url = st.query_params.get(thing)
    if in_url:
        st.session_state[_key(thing)] = in_url
        return in_url
    remembered = st.session_state.get(_key(thing))
    return remembered if isinstance(remembered, str) else None


def select(thing: Thing, value: str | None) -> None:
    """Choose; None forgets."""
    if value is None:
        st.session_state.pop(_key(thing), None)
        st.query_params.pop(thing, None)
        return
    st.session_state[_key(thing)] = value
    show_in_url(thing, value)


def forget(ids: Collection[str]) -> None:
    """Forget the choice of things that no longer exist."""
    for thing in get_args(Thing):
        if selected(thing) in ids:
            select(thing, None)


def show_in_url(thing: Thing, value: str | None) -> None:
    """Put what a page shows into its URL."""
    if value and st.query_params.get(thing) != value:
        st.query_params[thing] = value


def _key(thing: Thing) -> str:
    return f"selected_{thing}"

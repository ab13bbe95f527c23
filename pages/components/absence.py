"""A warning where an address names a thing that does not exist, and another one is shown."""

from __future__ import annotations

import streamlit as st

from pages.components.selection import Thing
from pages.components.words import escape

_LONGEST = 60
_NOUNS: dict[Thing, str] = {"run": "run", "dataset": "dataset", "search": "search", "with": "run"}


def note_absence(thing: Thing, wanted: str | None, shown: str) -> None:
    """Remember that ``shown`` is shown because ``wanted`` does not exist; None if nothing is missing."""
    st.session_state[_key(thing)] = (wanted, shown) if wanted else None


def explain_absence(thing: Thing, shown: str, name: str) -> None:
    """Draw the warning while ``shown`` stays chosen."""
    missing = st.session_state.get(_key(thing))
    if not missing:
        return
    if missing[1] != shown:
        st.session_state[_key(thing)] = None
        return
    wanted = missing[0] if len(missing[0]) <= _LONGEST else missing[0][:_LONGEST] + "…"
    words = f"There is no {_NOUNS[thing]} '{escape(wanted)}' in this workspace. **{escape(name)}** is shown."
    st.warning(words, icon=":material/warning:")


def _key(thing: Thing) -> str:
    return f"absent_{thing}"

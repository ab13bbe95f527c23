"""Warning that the id in the URL does not exist and what is shown instead."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.words import escape
from pages.components.state.selection import Thing
from riskmodel.wording import shorten

_LONGEST = 60
_NOUNS: dict[Thing, str] = {"run": "run", "dataset": "dataset", "search": "search", "with": "run"}


def note_absence(thing: Thing, wanted: str | None, shown: str) -> None:
    """Record that ``shown`` replaces ``wanted``, which does not exist; None if nothing is missing."""
    st.session_state[_key(thing)] = (wanted, shown) if wanted else None


def explain_absence(thing: Thing, shown: str, name: str) -> None:
    """Draw the warning while ``shown`` remains selected."""
    missing = st.session_state.get(_key(thing))
    if not missing:
        return
    if missing[1] != shown:
        st.session_state[_key(thing)] = None
        return
    show_absence(thing, missing[0], f" **{escape(name)}** is shown.")


def show_absence(thing: Thing, wanted: str, rest: str = "") -> None:
    """Draw the warning, followed by ``rest``."""
    shown = shorten(wanted, _LONGEST)
    st.warning(f"There is no {_NOUNS[thing]} '{escape(shown)}' in this workspace.{rest}", icon=":material/warning:")


def _key(thing: Thing) -> str:
    return f"absent_{thing}"

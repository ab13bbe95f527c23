"""Deletion of an uploaded file, a dataset or a scored file: button and dialog with all dependents."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.components.shared.messages import show_errors, toast_errors
from pages.components.shared.tables import table_height
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from pages.components.state.selection import forget
from riskmodel.wording import count
from riskmodel.workspace.deletion.deletions import Deletable
from riskmodel.workspace.deletion.dependents import NOUNS, Dependent, describe_counts
from riskmodel.workspace.queue.job_record import STATE_NAMES

_ASKED = "deletion_asked"
_DELETED = "deletion_done"


@dataclass(frozen=True)
class _Asked:
    """The object to delete and the dependents shown for it."""

    kind: Deletable
    id: str
    name: str
    dependents: tuple[Dependent, ...]


def offer_deletion(kind: Deletable, thing_id: str, name: str) -> None:
    """Draw the button that opens the dialog."""
    key = f"delete_{kind}"
    st.button("Delete", key=key, icon=":material/delete:", on_click=_ask, args=(kind, thing_id, name))


def show_deletion() -> None:
    """Draw the dialog of a requested deletion, and the message after it."""
    if words := st.session_state.pop(_DELETED, None):
        st.success(words, icon=":material/delete:")
    asked = st.session_state.get(_ASKED)
    if asked is not None:
        _confirm(asked)


def _ask(kind: Deletable, thing_id: str, name: str) -> None:
    with toast_errors():
        dependents = workspace().deletions.dependents(kind, thing_id)
        st.session_state[_ASKED] = _Asked(kind, thing_id, name, dependents)


def _keep() -> None:
    st.session_state.pop(_ASKED, None)


@st.dialog("Delete permanently", on_dismiss=_keep)
def _confirm(asked: _Asked) -> None:
    live = [dependent for dependent in asked.dependents if dependent.is_live]
    st.markdown(_question(asked))
    if asked.dependents:
        st.dataframe(
            pd.DataFrame(
                [
                    {"Type": NOUNS[entry.kind], "Name": entry.name, "State": STATE_NAMES.get(entry.state, entry.state)}
                    for entry in asked.dependents
                ]
            ),
            key="deletion_dependents",
            hide_index=True,
            height=table_height(len(asked.dependents), max_height=300),
        )
    if live:
        st.warning(
            f"{escape(live[0].describe())} is {live[0].state}. Stop or discard the {live[0].kind} first.",
            icon=":material/warning:",
        )
    with st.container(horizontal=True, horizontal_alignment="right"):
        kept = st.button("Cancel", key="deletion_keep")
        label = "Delete all" if asked.dependents else "Delete permanently"
        confirmed = st.button(label, key="deletion_confirm", type="primary", disabled=bool(live))
    if confirmed:
        with show_errors() as attempt:
            _delete(asked)
        if attempt.failed:
            return
    if kept or confirmed:
        st.rerun()


def _question(asked: _Asked) -> str:
    what = f"The {NOUNS[asked.kind]} **{escape(asked.name)}**"
    if not asked.dependents:
        return f"{what} will be deleted with its files. This cannot be undone."
    return (
        f"{what} will be deleted with its files, and with everything that depends on it: "
        f"**{describe_counts(asked.dependents)}**. This cannot be undone."
    )


def _delete(asked: _Asked) -> None:
    """Delete what was shown; if the dependents have changed meanwhile, show them instead."""
    dependents = workspace().deletions.dependents(asked.kind, asked.id)
    if set(map(_identity, dependents)) != set(map(_identity, asked.dependents)):
        st.session_state[_ASKED] = _Asked(asked.kind, asked.id, asked.name, dependents)
        return
    _keep()
    deleted = workspace().deletions.delete(asked.kind, asked.id, with_dependents=True)
    forget({asked.id, *(dependent.id for dependent in deleted)})
    with_it = f" with {count(len(deleted), 'dependent')}" if deleted else ""
    st.session_state[_DELETED] = f"The {NOUNS[asked.kind]} **{escape(asked.name)}** was deleted{with_it}."


def _identity(dependent: Dependent) -> tuple[str, str]:
    return dependent.kind, dependent.id

"""Dialog to rename, tag and annotate runs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.shared.messages import show_errors
from pages.components.state.cached import workspace
from riskmodel.wording import count
from riskmodel.workspace.runs.run_catalog import MAX_NOTES_CHARACTERS
from riskmodel.workspace.runs.run_record import RunRecord

_EDITED = "runs_edited"
_MAX_RUNS = 500


def open_editor(chosen: Sequence[RunRecord]) -> None:
    """Open the dialog for these runs until it is saved or dismissed."""
    st.session_state[_EDITED] = tuple(run.id for run in chosen)


def _close() -> None:
    st.session_state.pop(_EDITED, None)


def show_editor() -> None:
    """Draw the dialog if it is open."""
    ids = st.session_state.get(_EDITED)
    if ids:
        _edit_one(ids[0]) if len(ids) == 1 else _edit_several(ids)


@st.dialog("Edit run", on_dismiss=_close)
def _edit_one(run_id: str) -> None:
    with show_errors():
        run = workspace().runs.get(run_id)
        name = st.text_input("Name", run.name, key=f"name of {run_id}", max_chars=200)
        tags = _ask_tags("Tags", run.tags, f"tags of {run_id}")
        notes = st.text_area("Notes", run.remarks, key=f"notes of {run_id}", max_chars=MAX_NOTES_CHARACTERS, height=140)
        if _saved():
            runs = workspace().runs
            runs.rename(run_id, name)
            runs.set_tags(run_id, tags)
            runs.set_notes(run_id, notes)
            _close()
            st.rerun()


@st.dialog("Edit runs", on_dismiss=_close)
def _edit_several(ids: Sequence[str]) -> None:
    with show_errors():
        st.markdown(f"Tags of {count(len(ids), 'run')}. To edit name or notes, choose one run.")
        tags = {tag for run_id in ids for tag in workspace().runs.get(run_id).tags}
        add = _ask_tags("Add tags", (), "tags to add")
        remove = st.multiselect("Remove tags", sorted(tags), key="tags to remove", placeholder="None")
        if _saved():
            workspace().runs.change_tags(*ids, add=add, remove=remove)
            _close()
            st.rerun()


def _ask_tags(label: str, present: Sequence[str], key: str) -> list[str]:
    known = {tag for run in workspace().runs.list(_MAX_RUNS, archived=None) for tag in run.tags}
    return st.multiselect(
        label,
        sorted(known | set(present), key=str.casefold),
        default=list(present),
        key=key,
        accept_new_options=True,
        placeholder="Choose or type a new tag",
    )


def _saved() -> bool:
    with st.container(horizontal=True, horizontal_alignment="right"):
        return st.button("Save", key="runs_save", type="primary")

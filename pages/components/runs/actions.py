"""What can be done with the chosen runs, and how it is undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import streamlit as st

from pages.components.runs.edit import open_editor
from pages.components.runs.filters import Shelf
from pages.components.shared.messages import in_words
from pages.components.shared.navigation import way_to
from pages.components.shared.words import count, escape
from pages.components.state.cached import workspace
from riskmodel.plots.comparison import MOST_MODELS
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.run_shelf import DAYS_IN_BIN

_DONE = "runs_done"
_LEAVING = "runs_leaving"
_Against = TypedDict("_Against", {"with": str})  # a word of Python's own, so no call can name it as an argument


@dataclass(frozen=True)
class Done:
    """What was done last.

    Attributes:
        words: what it was, to be shown as Markdown.
        ids: of the runs it was done to.
        undo: the workspace's way back; None where there is none.
    """

    words: str
    ids: tuple[str, ...]
    undo: str | None = None


def show_done() -> bool:
    """Show what was done last with its Undo, in the line of the buttons; false where there is nothing to show."""
    done: Done | None = st.session_state.get(_DONE)
    if done is None:
        return False
    st.markdown(done.words, width="content")
    if done.undo:
        st.button("Undo", key="runs_undo", icon=":material/undo:", type="tertiary", on_click=_undo, args=(done,))
    st.button("", key="runs_dismiss", icon=":material/close:", type="tertiary", help="Dismiss", on_click=_dismiss)
    return True


def show_actions(shelf: Shelf, chosen: Sequence[RunRecord], num_shown: int) -> None:
    """Draw the buttons for the chosen runs, disabled with the reason where one cannot be used."""
    with st.container(horizontal=True, key="runs_actions", vertical_alignment="center"):
        if chosen:
            st.markdown(f"**{count(len(chosen), 'run')} chosen**", width="content")
        elif not show_done():
            st.markdown(f":gray[{count(num_shown, 'run')}]", width="content")
        if shelf == "deleted":
            _act("Restore", "runs_restore", ":material/restore_from_trash:", chosen, _restore)
            _act("Delete permanently", "runs_remove", ":material/delete_forever:", chosen, _ask_to_remove)
            return
        _ways(shelf, chosen)
        _act("Edit", "runs_edit", ":material/edit:", chosen, open_editor)
        live = _live(chosen)
        if shelf == "runs":
            _act("Archive", "runs_archive", ":material/archive:", chosen, _archive, live)
        else:
            _act("Unarchive", "runs_unarchive", ":material/unarchive:", chosen, _unarchive)
        _act("Delete", "runs_delete", ":material/delete:", chosen, _delete, live)


def _ways(shelf: Shelf, chosen: Sequence[RunRecord]) -> None:
    one = chosen[0] if len(chosen) == 1 else None
    closed = None if one else "Choose one run"
    no_model = closed or (None if one and one.model_folder else "It has no model")
    run_id = one.id if one else None
    way_to("Open in Train", "train", "open_train", closed=closed, run=run_id, dataset=one.dataset_id if one else None)
    way_to("Evaluate", "evaluate", "open_evaluate", closed=no_model, run=run_id)
    way_to("Score customers", "score", "open_score", closed=no_model, run=run_id)
    if shelf == "runs":  # Compare offers no archived ones
        ids = [run.id for run in reversed(chosen)]  # the older one is the champion
        champion = ids[0] if ids else None
        against: _Against = {"with": ",".join(ids[1:])}
        way_to("Compare", "compare", "open_compare", closed=not_comparable(chosen), run=champion, **against)


def not_comparable(chosen: Sequence[RunRecord]) -> str | None:
    """Why these runs cannot be compared; None where they can."""
    if not 2 <= len(chosen) <= MOST_MODELS:
        return f"Choose 2 to {MOST_MODELS} runs"
    without = [run.name for run in chosen if run.model_folder is None]
    return f"{without[0]} has no model" if without else None


def _act(
    label: str,
    key: str,
    icon: str,
    chosen: Sequence[RunRecord],
    act: Callable[[Sequence[RunRecord]], None],
    closed: str | None = None,
) -> None:
    closed = closed or (None if chosen else "Choose runs by the boxes at the left of the table")
    st.button(label, key=key, icon=icon, disabled=closed is not None, help=closed, on_click=act, args=(chosen,))


def _live(chosen: Sequence[RunRecord]) -> str | None:
    live = [run for run in chosen if run.is_live]
    return f"{live[0].name} is {live[0].state}; stop it on the Train page first" if live else None


def _archive(chosen: Sequence[RunRecord]) -> None:
    _do("archived", chosen, workspace().runs.archive, "unarchive")


def _unarchive(chosen: Sequence[RunRecord]) -> None:
    _do("back among the runs", chosen, workspace().runs.unarchive, "archive")


def _delete(chosen: Sequence[RunRecord]) -> None:
    _do("deleted", chosen, workspace().runs.delete, "restore", f" Can be restored for {DAYS_IN_BIN:.0f} days.")


def _restore(chosen: Sequence[RunRecord]) -> None:
    _do("restored", chosen, workspace().runs.restore, "delete")


def _do(what: str, chosen: Sequence[RunRecord], act: Callable[..., None], undo: str | None, more: str = "") -> None:
    ids = tuple(run.id for run in chosen)
    with in_words():
        act(*ids)
        named = f"**{escape(chosen[0].name)}**" if len(chosen) == 1 else count(len(chosen), "run")
        st.session_state[_DONE] = Done(f"{named} {what}.{more}", ids, undo)


def _undo(done: Done) -> None:
    with in_words():
        getattr(workspace().runs, str(done.undo))(*done.ids)
    _dismiss()


def _dismiss() -> None:
    st.session_state.pop(_DONE, None)


def _ask_to_remove(chosen: Sequence[RunRecord]) -> None:
    st.session_state[_LEAVING] = tuple(chosen)


def _stay() -> None:
    st.session_state.pop(_LEAVING, None)


def show_removal() -> None:
    """Ask once more before runs are permanently deleted."""
    if st.session_state.get(_LEAVING):
        _removal(st.session_state[_LEAVING])


@st.dialog("Delete permanently", on_dismiss=_stay)
def _removal(leaving: Sequence[RunRecord]) -> None:
    what = f"**{escape(leaving[0].name)}**" if len(leaving) == 1 else f"**{count(len(leaving), 'run')}**"
    st.markdown(
        f"{what} with model and curves will be deleted permanently. This cannot be undone. Files scored with it stay."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        kept = st.button("Keep", key="runs_keep")
        removed = st.button("Delete permanently", key="runs_remove_yes", type="primary")
    if removed:
        _do("permanently deleted", leaving, workspace().runs.remove, None)
    if kept or removed:
        _stay()
        st.rerun()

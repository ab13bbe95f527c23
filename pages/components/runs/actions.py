"""Actions on the chosen runs, with undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import streamlit as st

from pages.components.runs.edit import open_editor
from pages.components.runs.filters import Scope
from pages.components.shared.messages import toast_errors
from pages.components.shared.navigation import link_button
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from riskmodel.plots.comparison import MAX_MODELS
from riskmodel.wording import count
from riskmodel.workspace.runs.run_bin import DAYS_IN_BIN
from riskmodel.workspace.runs.run_record import RunRecord

_DONE = "runs_done"
_TO_REMOVE = "runs_to_remove"
_Against = TypedDict("_Against", {"with": str})  # a Python keyword, so it cannot be a keyword argument


@dataclass(frozen=True)
class Done:
    """The last action.

    Attributes:
        text: Message, as Markdown.
        ids: Ids of the affected runs.
        undo: Method of the workspace that reverts it; None if it cannot be undone.
    """

    text: str
    ids: tuple[str, ...]
    undo: str | None = None


def show_done() -> bool:
    """Show the last action with Undo; False if there is none."""
    done: Done | None = st.session_state.get(_DONE)
    if done is None:
        return False
    st.markdown(done.text, width="content")
    if done.undo:
        st.button("Undo", key="runs_undo", icon=":material/undo:", type="tertiary", on_click=_undo, args=(done,))
    st.button("", key="runs_dismiss", icon=":material/close:", type="tertiary", help="Dismiss", on_click=_dismiss)
    return True


def show_actions(scope: Scope, chosen: Sequence[RunRecord], num_shown: int) -> None:
    """Draw the buttons for the chosen runs; disabled buttons show the reason."""
    with st.container(horizontal=True, key="runs_actions", vertical_alignment="center"):
        if chosen:
            st.markdown(f"**{count(len(chosen), 'run')} chosen**", width="content")
        elif not show_done():
            st.markdown(f":gray[{count(num_shown, 'run')}]", width="content")
        if scope == "deleted":
            _act("Restore", "runs_restore", ":material/restore_from_trash:", chosen, _restore)
            _act("Delete permanently", "runs_remove", ":material/delete_forever:", chosen, _request_removal)
            return
        _page_links(scope, chosen)
        _act("Edit", "runs_edit", ":material/edit:", chosen, open_editor)
        live = _live(chosen)
        if scope == "runs":
            _act("Archive", "runs_archive", ":material/archive:", chosen, _archive, live)
        else:
            _act("Unarchive", "runs_unarchive", ":material/unarchive:", chosen, _unarchive)
        _act("Delete", "runs_delete", ":material/delete:", chosen, _delete, live)


def _page_links(scope: Scope, chosen: Sequence[RunRecord]) -> None:
    one = chosen[0] if len(chosen) == 1 else None
    reason = None if one else "Choose one run"
    no_model = reason or (None if one and one.model_folder else "The run has no model")
    run_id = one.id if one else None
    link_button(
        "Open in Train",
        "train",
        "open_train",
        disabled_reason=reason,
        run=run_id,
        dataset=one.dataset_id if one else None,
    )
    link_button("Evaluate", "evaluate", "open_evaluate", disabled_reason=no_model, run=run_id)
    link_button("Score customers", "score", "open_score", disabled_reason=no_model, run=run_id)
    if scope == "runs":  # Compare does not offer archived runs
        ids = [run.id for run in reversed(chosen)]  # the older one is the champion
        champion = ids[0] if ids else None
        against: _Against = {"with": ",".join(ids[1:])}
        link_button(
            "Compare", "compare", "open_compare", disabled_reason=not_comparable(chosen), run=champion, **against
        )


def not_comparable(chosen: Sequence[RunRecord]) -> str | None:
    """Reason why these runs cannot be compared; None if they can."""
    if not 2 <= len(chosen) <= MAX_MODELS:
        return f"Choose 2 to {MAX_MODELS} runs"
    without = [run.name for run in chosen if run.model_folder is None]
    return f"{without[0]} has no model" if without else None


def _act(
    label: str,
    key: str,
    icon: str,
    chosen: Sequence[RunRecord],
    act: Callable[[Sequence[RunRecord]], None],
    reason: str | None = None,
) -> None:
    reason = reason or (None if chosen else "Choose runs with the check boxes of the table")
    st.button(label, key=key, icon=icon, disabled=reason is not None, help=reason, on_click=act, args=(chosen,))


def _live(chosen: Sequence[RunRecord]) -> str | None:
    live = [run for run in chosen if run.is_live]
    return f"{live[0].name} is {live[0].state}; stop it on the Train page first" if live else None


def _archive(chosen: Sequence[RunRecord]) -> None:
    _do("archived", chosen, workspace().runs.archive, "unarchive")


def _unarchive(chosen: Sequence[RunRecord]) -> None:
    _do("unarchived", chosen, workspace().runs.unarchive, "archive")


def _delete(chosen: Sequence[RunRecord]) -> None:
    _do("deleted", chosen, workspace().runs.delete, "restore", f" Can be restored for {DAYS_IN_BIN:.0f} days.")


def _restore(chosen: Sequence[RunRecord]) -> None:
    _do("restored", chosen, workspace().runs.restore, "delete")


def _do(action: str, chosen: Sequence[RunRecord], act: Callable[..., None], undo: str | None, more: str = "") -> None:
    ids = tuple(run.id for run in chosen)
    with toast_errors():
        act(*ids)
        named = f"**{escape(chosen[0].name)}**" if len(chosen) == 1 else count(len(chosen), "run")
        st.session_state[_DONE] = Done(f"{named} {action}.{more}", ids, undo)


def _undo(done: Done) -> None:
    with toast_errors():
        getattr(workspace().runs, str(done.undo))(*done.ids)
    _dismiss()


def _dismiss() -> None:
    st.session_state.pop(_DONE, None)


def _request_removal(chosen: Sequence[RunRecord]) -> None:
    st.session_state[_TO_REMOVE] = tuple(chosen)


def _cancel_removal() -> None:
    st.session_state.pop(_TO_REMOVE, None)


def show_removal() -> None:
    """Draw the confirmation dialog of a permanent deletion."""
    if st.session_state.get(_TO_REMOVE):
        _removal(st.session_state[_TO_REMOVE])


@st.dialog("Delete permanently", on_dismiss=_cancel_removal)
def _removal(runs: Sequence[RunRecord]) -> None:
    what = f"**{escape(runs[0].name)}**" if len(runs) == 1 else f"**{count(len(runs), 'run')}**"
    st.markdown(
        f"{what} with model and curves will be permanently deleted. This cannot be undone. Scored files are kept."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        kept = st.button("Cancel", key="runs_keep")
        removed = st.button("Delete permanently", key="runs_remove_yes", type="primary")
    if removed:
        _do("permanently deleted", runs, workspace().runs.remove, None)
    if kept or removed:
        _cancel_removal()
        st.rerun()

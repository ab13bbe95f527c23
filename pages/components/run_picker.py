"""The run a page is about: chosen from a list, kept in the URL."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.selection import select, selected
from pages.components.state import workspace
from pages.components.words import moment
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs import RunRecord

MOST_RUNS = 200
MOST_BEHIND = 4


def pick_run(
    label: str, keep: Callable[[RunRecord], bool] = lambda run: True, on_change: Callable[[], None] | None = None
) -> RunRecord | None:
    """Draw the list; the run of the URL first, else the newest. None where there is no run to choose.

    Args:
        keep: Which runs may be chosen, such as those with a model.
        on_change: Called when another one is chosen.
    """
    runs = {run.id: run for run in workspace().runs.list(limit=MOST_RUNS) if keep(run)}
    wanted = selected("run")
    if wanted and wanted not in runs:
        older = _find(wanted)
        if older is not None and older.deleted_at is None and keep(older):
            runs[older.id] = older
    if not runs:
        return None
    if st.session_state.get("run") not in runs or wanted != st.session_state.get("run_shown"):
        st.session_state["run"] = wanted if wanted in runs else next(iter(runs))
    chosen = st.selectbox(
        label, list(runs), key="run", format_func=lambda run_id: describe(runs[run_id]), on_change=on_change
    )
    select("run", chosen)
    st.session_state["run_shown"] = chosen
    return runs[chosen]


def pick_behind(run: RunRecord, on_change: Callable[[], None]) -> list[str]:
    """Draw the choice of other runs that lie faintly behind ``run``; kept in the URL, so that a link shows them too."""
    runs = {each.id: each for each in workspace().runs.list(limit=MOST_RUNS) if each.id != run.id}
    if st.session_state.get("behind_shown") != run.id:
        before = st.session_state.get("behind") or (selected("with") or "").split(",")
        st.session_state["behind"] = [run_id for run_id in before if run_id in runs]
        st.session_state["behind_shown"] = run.id
    chosen = st.multiselect(
        "Compared with",
        list(runs),
        key="behind",
        max_selections=MOST_BEHIND,
        on_change=on_change,
        format_func=lambda run_id: f"{runs[run_id].name} · {moment(runs[run_id].created_at)}",
        placeholder="No other run" if not runs else "Choose runs to draw behind",
        disabled=not runs,
        help=f"Up to {MOST_BEHIND} runs are drawn faintly behind this one; the choices are compared with the first.",
    )
    select("with", ",".join(chosen) or None)
    return chosen


def describe(run: RunRecord) -> str:
    """One line for a list; the same words from the run's end on."""
    auc = f" · AUC {run.metrics['test']['auc']:.3f}" if "test" in run.metrics else ""
    return f"{run.name}{auc} · {moment(run.created_at)}"


def _find(run_id: str) -> RunRecord | None:
    try:
        return workspace().runs.get(run_id)
    except WorkspaceError:
        return None

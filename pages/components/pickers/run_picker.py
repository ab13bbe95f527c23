"""Selection of the run of a page, stored in the URL."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.shared.words import escape, moment
from pages.components.state.absence import explain_absence, note_absence, show_absence
from pages.components.state.cached import workspace
from pages.components.state.selection import select, selected
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs.run_record import RunRecord

MAX_RUNS = 200
_REPLACED = "run_replaced"
"""The requested run that is not offered, and the run shown instead."""


def pick_run(
    label: str,
    keep: Callable[[RunRecord], bool] = lambda run: True,
    on_change: Callable[[], None] | None = None,
    dataset_id: str | None = None,
    *,
    shows_label: bool = True,
) -> RunRecord | None:
    """Draw the list; the run of the URL is selected, else the newest. None without runs.

    If the run of the URL is not offered or does not exist, a line below the list reports it.

    Args:
        keep: Filter of the runs offered, such as those with a model.
        on_change: Called when another run is chosen.
        dataset_id: Only runs of this dataset are offered; None for all datasets.
        shows_label: Whether the label is shown, or only read by screen readers.
    """
    runs = {run.id: run for run in workspace().runs.list(limit=MAX_RUNS, dataset_id=dataset_id) if keep(run)}
    wanted = selected("run")
    other = find_run(wanted) if wanted and wanted not in runs else None
    if other is not None and _is_offered(other, keep, dataset_id):
        runs[other.id] = other
    if not runs:
        if wanted and other is None:
            show_absence("run", wanted)
        return None
    if st.session_state.get("run") not in runs or wanted != st.session_state.get("run_shown"):
        st.session_state["run"] = wanted if wanted in runs else _newest(runs)
        replaced = other is not None and other.id not in runs and dataset_id is None
        st.session_state[_REPLACED] = (other.id, st.session_state["run"]) if other and replaced else None
        note_absence("run", wanted if other is None and wanted not in runs else None, st.session_state["run"])
    # Streamlit discards the value of a list on another page with this key unless it is set again.
    st.session_state["run"] = st.session_state["run"]
    chosen = st.selectbox(
        label,
        list(runs),
        key="run",
        format_func=lambda run_id: describe(runs[run_id]),
        on_change=on_change,
        label_visibility="visible" if shows_label else "collapsed",
    )
    _explain_replaced(runs[chosen])
    explain_absence("run", chosen, runs[chosen].name)
    select("run", chosen)
    st.session_state["run_shown"] = chosen
    return runs[chosen]


def _explain_replaced(shown: RunRecord) -> None:
    """Explain why the run chosen on another page is not shown."""
    replaced = st.session_state.get(_REPLACED)
    other = find_run(replaced[0]) if replaced and replaced[1] == shown.id else None
    if other is not None:
        state = "deleted" if other.deleted_at else other.state_name
        st.caption(f"**{escape(other.name)}** is {state} and has no model, so **{escape(shown.name)}** is shown.")


def _is_offered(run: RunRecord, keep: Callable[[RunRecord], bool], dataset_id: str | None) -> bool:
    return run.deleted_at is None and keep(run) and run.dataset_id == (dataset_id or run.dataset_id)


def _newest(runs: dict[str, RunRecord]) -> str:
    """The newest run that was not discarded, else the newest."""
    return next((run.id for run in runs.values() if run.state != "cancelled"), next(iter(runs)))


def describe(run: RunRecord) -> str:
    """Label of a run in a list; constant after the end of the run."""
    auc = f" · validation AUC {run.metrics['validation']['auc']:.3f}" if "validation" in run.metrics else ""
    return f"{run.name}{auc} · {moment(run.created_at)}"


def find_run(run_id: str) -> RunRecord | None:
    """The run, or None if it does not exist."""
    try:
        return workspace().runs.get(run_id)
    except WorkspaceError:
        return None

"""The run a page is about: chosen from a list, kept in the URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.components.shared.words import STATE_NAMES, escape, moment
from pages.components.state.absence import explain_absence, note_absence, show_absence
from pages.components.state.cached import workspace
from pages.components.state.selection import select, selected
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs.runs import RunRecord

MOST_RUNS = 200
MOST_BEHIND = 4
_REPLACED = "run_replaced"
"""The run that was wanted but not offered, and the one shown in its place."""


def pick_run(
    label: str,
    keep: Callable[[RunRecord], bool] = lambda run: True,
    on_change: Callable[[], None] | None = None,
    dataset_id: str | None = None,
) -> RunRecord | None:
    """Draw the list; the run of the URL first, else the newest. None where there is no run to choose.

    Where the run of the URL is not offered or does not exist, a line below the list says so.

    Args:
        keep: Which runs may be chosen, such as those with a model.
        on_change: Called when another one is chosen.
        dataset_id: Only runs of this dataset are offered; None offers those of all.
    """
    runs = {run.id: run for run in workspace().runs.list(limit=MOST_RUNS, dataset_id=dataset_id) if keep(run)}
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
    # A list of this key on another page leaves its value behind, which this one has only if it is given it.
    st.session_state["run"] = st.session_state["run"]
    chosen = st.selectbox(
        label, list(runs), key="run", format_func=lambda run_id: describe(runs[run_id]), on_change=on_change
    )
    _explain_replaced(runs[chosen])
    explain_absence("run", chosen, runs[chosen].name)
    select("run", chosen)
    st.session_state["run_shown"] = chosen
    return runs[chosen]


def _explain_replaced(shown: RunRecord) -> None:
    """Say why the run that was chosen on another page is not the one shown."""
    replaced = st.session_state.get(_REPLACED)
    other = find_run(replaced[0]) if replaced and replaced[1] == shown.id else None
    if other is not None:
        state = "deleted" if other.deleted_at else STATE_NAMES[other.state]
        st.caption(f"**{escape(other.name)}** is {state} and has no model, so **{escape(shown.name)}** is shown.")


def _is_offered(run: RunRecord, keep: Callable[[RunRecord], bool], dataset_id: str | None) -> bool:
    return run.deleted_at is None and keep(run) and run.dataset_id == (dataset_id or run.dataset_id)


def _newest(runs: dict[str, RunRecord]) -> str:
    """The newest run that was not discarded, else the newest."""
    return next((run.id for run in runs.values() if run.state != "cancelled"), next(iter(runs)))


def pick_behind(run: RunRecord, on_change: Callable[[], None]) -> list[str]:
    """Draw the choice of other runs that lie faintly behind ``run``; kept in the URL, so that a link shows them too."""
    runs = {each.id: each for each in workspace().runs.list(limit=MOST_RUNS) if each.id != run.id}
    datasets = {record.id: record.title for record in workspace().datasets.list()}
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
        format_func=lambda run_id: _describe_overlay(runs[run_id], run.dataset_id, datasets),
        placeholder="No other run" if not runs else "Choose runs to draw behind",
        disabled=not runs,
        help=f"Up to {MOST_BEHIND} runs are drawn faintly behind this one; the choices are compared with the first.",
    )
    select("with", ",".join(chosen) or None)
    return chosen


def describe(run: RunRecord) -> str:
    """One line for a list; the same text from the run's end on."""
    auc = f" · AUC {run.metrics['validation']['auc']:.3f} (validation)" if "validation" in run.metrics else ""
    return f"{run.name}{auc} · {moment(run.created_at)}"


def _describe_overlay(run: RunRecord, dataset_id: str, datasets: Mapping[str, str]) -> str:
    """Name and time; of a run of another dataset, that dataset too."""
    other = "" if run.dataset_id == dataset_id else f" · on {datasets.get(run.dataset_id, run.dataset_id)}"
    return f"{run.name}{other} · {moment(run.created_at)}"


def find_run(run_id: str) -> RunRecord | None:
    """None where there is no such run."""
    try:
        return workspace().runs.get(run_id)
    except WorkspaceError:
        return None

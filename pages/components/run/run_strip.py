"""The runs of a dataset below the curves: validation AUC, changes, and a click that overlays one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.run.live_status import headline_figures
from pages.components.shared.custom_component import declare_component
from pages.components.state.cached import workspace
from pages.components.state.history import Snapshot, history_of, snapshot_of
from pages.components.state.selection import select, selected
from riskmodel.config.differences import describe_changes
from riskmodel.wording import listed, with_minus_sign
from riskmodel.workspace.runs.run_record import RunRecord

MAX_RUNS = 30
MAX_OVERLAYS = 4
MAX_POINTS = 60
"""Of a sparkline."""
NONE = "none"
"""In the URL: no run is drawn as an overlay, not even the previous one."""

_strip = declare_component(Path(__file__).with_name("run_strip.js"))


def choose_overlays(run: RunRecord, runs: Sequence[RunRecord]) -> list[str]:
    """Ids of those of ``runs`` that are overlaid on ``run``: those clicked, else the previous one."""
    clicked = selected("with")
    if clicked is None:
        previous = find_previous(run, runs)
        return [previous.id] if previous else []
    known = {other.id for other in runs} - {run.id}
    return [run_id for run_id in clicked.split(",") if run_id in known][:MAX_OVERLAYS]


def list_runs(dataset_id: str) -> list[RunRecord]:
    """The newest runs of a dataset, newest first."""
    return workspace().runs.list(limit=MAX_RUNS, dataset_id=dataset_id)


def find_previous(run: RunRecord, runs: Sequence[RunRecord]) -> RunRecord | None:
    """The newest of ``runs`` before ``run`` that has a model; None for the first one."""
    return next(
        (other for other in runs if other.created_at < run.created_at and other.state in ("finished", "stopped")),
        None,
    )


def show_strip(run: RunRecord, overlays: Sequence[str], runs: Sequence[RunRecord]) -> None:
    """Draw ``runs``, newest first; a click on one overlays it, or removes the overlay."""
    if len(runs) < 2:
        return
    shown = _auc(snapshot_of(run))
    rows = [_row(other, find_previous(other, runs), run.id, shown, overlays) for other in runs]
    with st.container(key="strip"):
        _strip(
            key="run_strip",
            data={"rows": rows},
            on_overlay_change=lambda: _toggle(overlays),
            on_open_change=_open,
        )


def _row(
    run: RunRecord, previous: RunRecord | None, shown_id: str, shown_auc: float | None, overlays: Sequence[str]
) -> dict[str, Any]:
    snapshot = snapshot_of(run)
    auc = _auc(snapshot)
    difference = "" if auc is None or shown_auc is None or run.id == shown_id else f"{auc - shown_auc:+.4f}"
    changes = describe_changes(previous.config, run.config) if previous else []
    return {
        "id": run.id,
        "name": run.name,
        "color": history_of(run.id).color(),
        "is_shown": run.id == shown_id,
        "is_overlaid": run.id in overlays,
        "state": "" if run.state == "finished" else run.state_name,
        "auc": "–" if auc is None else f"{auc:.4f}",
        "difference": with_minus_sign(difference),
        "changes": listed(changes, 4) if changes else ("" if previous is None else "same configuration"),
        "points": _points(snapshot),
    }


def _auc(snapshot: Snapshot) -> float | None:
    """Validation AUC as in the figures of the run."""
    figures = headline_figures(snapshot)
    return figures[1] if figures else None


def _points(snapshot: Snapshot) -> list[float]:
    """Validation AUC by epoch, of an ensemble that of its first network."""
    epochs = snapshot.networks[0].epochs if snapshot.networks else snapshot.epochs
    step = max(len(epochs) // MAX_POINTS, 1)
    return [round(epoch.validation_auc, 4) for epoch in epochs[::step]]


def _toggle(overlays: Sequence[str]) -> None:
    clicked = st.session_state["run_strip"].overlay
    chosen = [run_id for run_id in overlays if run_id != clicked]
    if clicked not in overlays:
        chosen = [*chosen, clicked][-MAX_OVERLAYS:]
    select("with", ",".join(chosen) or NONE)


def _open() -> None:
    """Show the run; both sides depend on it."""
    select("run", st.session_state["run_strip"].open)
    st.rerun(["watch", "configuration"])

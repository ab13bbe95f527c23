"""The right side of Train: a run as it goes, and as it ended."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.draft import replace_draft
from pages.components.history import history_of, keep_supervisor
from pages.components.live_curves import show_curves
from pages.components.messages import in_words
from pages.components.run_control import continue_button, gpu_words, live_buttons, show_log
from pages.components.state import workspace
from pages.components.ways import way_to
from pages.components.words import duration, escape
from riskmodel.config.backend import BACKENDS
from riskmodel.config.run import RunConfig
from riskmodel.training.progress import EpochResult
from riskmodel.training.verdict import judge_fit
from riskmodel.workspace.runs import RunRecord

SECONDS_BETWEEN_LOOKS = 0.5
_SIGNS = {
    "early": "hourglass_empty",
    "learning": "trending_down",
    "level": "trending_flat",
    "overfitting": "call_split",
}
COLORS = {
    "queued": "gray",
    "running": "blue",
    "finished": "green",
    "stopped": "orange",
    "cancelled": "gray",
    "failed": "red",
}


def show_run(run_id: str, behind: Sequence[str] = ()) -> None:
    """Draw the run, with others faintly behind; while it is live, again every half second, and never after."""
    live = workspace().runs.get(run_id).is_live
    with st.container(key="live"):
        look = st.fragment(_look, run_every=SECONDS_BETWEEN_LOOKS if live else None)
        look(run_id, live, tuple(behind))


def _look(run_id: str, live: bool, behind: tuple[str, ...]) -> None:
    with in_words():
        run = workspace().runs.get(run_id)
        if live and not run.is_live:
            st.rerun(scope="app")  # ends the timer
        if run.is_live:
            keep_supervisor()
        epochs = history_of(run_id).look()
        _headline(run)
        _progress(run)
        _figures(run, epochs)
        show_curves(run, epochs, behind)
        _ending(run)


def _headline(run: RunRecord) -> None:
    words, button = st.columns([3, 2], vertical_alignment="center")
    place = f" · place {run.queue_position} in the queue" if run.state == "queued" and run.queue_position else ""
    device = f" · {BACKENDS[run.config.backend]} on {run.device_used.upper()}" if run.device_used else ""
    asked = " · stopping, keeping the best weights" if run.is_live and run.stop_requested else ""
    with words.container(key="run_state"):
        st.markdown(f"**{escape(run.name)}** :{COLORS[run.state]}-badge[{run.state}]{device}{place}{asked}")
    with button:
        live_buttons(run)
    if run.state == "running" and run.device_used == "gpu" and (gpu := gpu_words()):
        st.caption(escape(gpu))


def _progress(run: RunRecord) -> None:
    """A bar while the run is live; its room stays when it is not, so that nothing below moves."""
    now = run.progress
    if not run.is_live:
        st.progress(0.0 if run.state in ("failed", "cancelled") else 1.0, text=_ended_words(run))
    elif now is None:
        waiting = "Waiting for a trainer" if run.state == "queued" else run.phase or "Starting"
        st.progress(0.0, text=f"{waiting} …")
    else:
        done = min(now.rows_done / max(now.rows_total, 1), 1.0)
        st.progress(
            done,
            text=f"{run.phase} · epoch {now.epoch} of {now.num_epochs} · {now.rows_per_second:,.0f} rows/s · "
            f"{duration(now.eta_seconds)} left",
        )


def _ended_words(run: RunRecord) -> str:
    if run.started_at and run.finished_at:
        return f"{run.state.capitalize()} after {duration((run.finished_at - run.started_at).total_seconds())}"
    return run.state.capitalize()


def _figures(run: RunRecord, epochs: Sequence[EpochResult]) -> None:
    """At the best epoch, the last one's beside it; and what the curves say."""
    cells = st.columns(4)
    best = next((epoch for epoch in reversed(epochs) if epoch.is_best), None)
    last = epochs[-1] if epochs else None
    cells[0].metric("Epoch", f"{last.epoch} of {last.num_epochs}" if last else "–")
    cells[1].metric("Best epoch", best.epoch if best else "–", help="By the figure chosen under Training.")
    for cell, label, field in (
        (cells[2], "Validation loss", "validation_loss"),
        (cells[3], "Validation AUC", "validation_auc"),
    ):
        cell.metric(
            label,
            f"{getattr(best, field):.4f}" if best else "–",
            f"last {getattr(last, field):.4f}" if last else "last –",
            delta_color="off",
            delta_arrow="off",
            help="At the best epoch, and at the last one.",
        )
    with st.container(key="verdict"):
        verdict = judge_fit(epochs)
        st.caption(f":material/{_SIGNS[verdict.fit]}: {escape(verdict.words)}" if verdict.words else "\u00a0")


def _ending(run: RunRecord) -> None:
    if run.device_note:
        st.caption(escape(run.device_note))
    if run.error:
        st.error(escape(run.error), icon=":material/error:")
    if run.notes:
        with st.expander(f"Notes ({len(run.notes)})", key="notes"):
            st.markdown("\n".join(f"- {escape(note)}" for note in run.notes))
    show_log(run)
    if run.is_live:
        return
    with st.container(horizontal=True):
        if run.model_folder:
            way_to("Evaluate", "evaluate", "to_evaluate", primary=True, run=run.id)
            way_to("Score customers", "score", "to_score", run=run.id)
        st.button(
            "Take over its choices",
            key="take_config",
            icon=":material/arrow_back:",
            on_click=take_choices,
            args=(run.config,),
            help="Sets every knob on the left as it was for this run.",
        )
        continue_button(run)


def take_choices(config: RunConfig) -> None:
    """Set the knobs beside; they are another fragment, so it is asked to draw itself again."""
    replace_draft(config)
    st.rerun("recipe")

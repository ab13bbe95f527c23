"""Controls of a run: stop, discard, continue, queue position, training log."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.messages import show_errors, toast_errors
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from pages.components.state.selection import select
from riskmodel.jobs.gpu_status import GpuStatus, read_gpu_status
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.wording import size
from riskmodel.workspace.runs.run_record import RunRecord

MORE_EPOCHS = 10
SECONDS_BETWEEN_LINES = 2.0


def stop_button(run: RunRecord | None) -> None:
    """Draw Stop, disabled without a live run."""
    can_stop = run is not None and run.is_live and not run.stop_requested
    best = run.config.training.best_means if run else ""
    st.button(
        "Stop",
        key="stop",
        icon=":material/stop:",
        disabled=not can_stop,
        on_click=_stop,
        args=(run.id if run else "",),
        help=f"Ends training within seconds and keeps the weights with the {best}." if can_stop else None,
    )


def live_buttons(run: RunRecord) -> None:
    """Draw Discard, and for a queued run its position controls."""
    best = run.config.training.best_means
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", width="content"):
        if run.is_live:
            with st.popover("Discard", icon=":material/delete:", help="Ends the run and keeps no model of it."):
                st.markdown(f"Ends the run and keeps no model of it. **Stop** would keep the weights with the {best}.")
                st.button("Discard this run", key="cancel", type="primary", on_click=_discard, args=(run.id,))
        # Last, so that the other buttons do not move when the run starts.
        if run.state == "queued":
            place, last = run.queue_position, len(workspace().waiting())
            for key, words, step, end in (("up", "Move up in the queue", -1, 1), ("down", "Move down", 1, last)):
                icon = f":material/arrow_{key}ward:"
                at_end = place == end
                st.button(icon, key=f"queue_{key}", help=words, disabled=at_end, on_click=_move, args=(run.id, step))


def continue_button(run: RunRecord) -> None:
    """Draw Continue: more epochs for a single network, the remaining networks for an ensemble."""
    why_not = run.why_not_continue
    with st.popover(
        "Continue",
        icon=":material/resume:",
        key="continue_box",
        disabled=bool(why_not),
        help=(why_not and escape(why_not)) or "Resumes from the last epoch as a new run. This run stays unchanged.",
    ):
        if why_not:
            return
        epochs = None
        if run.config.ensemble.is_single:
            # A failed run is completed first; it may have no epochs left.
            more = None if run.state == "failed" else MORE_EPOCHS
            epochs = st.number_input(
                "More epochs", 1, 10_000, more, key="more_epochs", placeholder="The remaining ones"
            )
        else:
            st.markdown("Trained networks are reused; the remaining ones are trained.")
        if st.button("Continue training", key="continue", type="primary"):
            _continue(run.id, epochs)


def show_log(run: RunRecord) -> None:
    """Draw the training log, collapsed; it is read only while expanded."""
    box = st.expander("Training log", key="run_log", icon=":material/receipt_long:", on_change="rerun")
    if box.open:
        with box:
            st.fragment(_log_lines, run_every=SECONDS_BETWEEN_LINES if run.is_live else None)(run.id)


def _log_lines(run_id: str) -> None:
    with show_errors():
        lines = workspace().runs.log(run_id)
        if not lines:
            st.caption("No entries yet.")
        st.markdown("  \n".join(f":gray[{line.at.astimezone():%H:%M:%S}] {escape(line.text)}" for line in lines))


def describe_gpu() -> str:
    """``NVIDIA H100 · 12.0 of 85.0 GB · load 87% · 61 °C``; empty without a GPU."""
    status = _gpu_status()
    if status is None:
        return ""
    parts = [status.name]
    if status.memory_used is not None and status.memory_total is not None:
        parts.append(f"{size(status.memory_used)} of {size(status.memory_total)}")
    parts += [f"load {status.load:.0%}"] if status.load is not None else []
    parts += [f"{status.temperature} °C"] if status.temperature is not None else []
    return " · ".join(parts)


@st.cache_data(ttl=1, max_entries=1, show_spinner=False)
def _gpu_status() -> GpuStatus | None:
    return read_gpu_status()


def _stop(run_id: str) -> None:
    with toast_errors():
        workspace().runs.request_stop(run_id)


def _discard(run_id: str) -> None:
    with toast_errors():
        workspace().runs.request_cancel(run_id)
        st.toast(f"Run {escape(workspace().runs.get(run_id).name)} was discarded.", icon=":material/delete:")
        select("run", None)  # then the newest run that was not discarded


def _move(run_id: str, step: int) -> None:
    with toast_errors():
        runs = workspace().runs
        runs.move_up(run_id) if step < 0 else runs.move_down(run_id)


def _continue(run_id: str, epochs: int | None) -> None:
    with show_errors():
        run = workspace().runs.continue_run(run_id, epochs)
        ensure_supervisor(workspace())
        select("run", run.id)
        st.rerun(scope="app")

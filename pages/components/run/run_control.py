"""What can be done with a run: stop, discard, continue, another place in the queue; what its trainer did."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.messages import in_words
from pages.components.shared.words import escape, memory
from pages.components.state.cached import workspace
from pages.components.state.selection import select
from riskmodel.jobs.gpu_status import GpuStatus, read_gpu_status
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.workspace.runs.runs import RunRecord

MORE_EPOCHS = 10
SECONDS_BETWEEN_LINES = 2.0


def live_buttons(run: RunRecord) -> None:
    """Stop and Discard; where the run waits, its place in the queue."""
    best = run.config.training.best_means
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button(
            "Stop",
            key="stop",
            icon=":material/stop:",
            disabled=not run.is_live or run.stop_requested,
            on_click=_stop,
            args=(run.id,),
            help=f"Ends the training within seconds and keeps the weights with the {best}.",
        )
        if run.is_live:
            with st.popover("Discard", icon=":material/delete:", help="Ends the run and keeps no model of it."):
                st.markdown(f"Ends the run and keeps no model of it. **Stop** would keep the weights with the {best}.")
                st.button("Discard this run", key="cancel", type="primary", on_click=_discard, args=(run.id,))
        # Last, so that the others keep their places when the run begins.
        if run.state == "queued":
            place, last = run.queue_position, len(workspace().waiting())
            for key, words, step, end in (("up", "Move up in the queue", -1, 1), ("down", "Move down", 1, last)):
                icon = f":material/arrow_{key}ward:"
                at_end = place == end
                st.button(icon, key=f"queue_{key}", help=words, disabled=at_end, on_click=_move, args=(run.id, step))


def continue_button(run: RunRecord) -> None:
    """Train a run that has ended for some epochs more; one of several networks that failed, to its end."""
    why_not = run.why_not_continue
    with st.popover(
        "Continue",
        icon=":material/resume:",
        key="continue_box",
        disabled=bool(why_not),
        help=(why_not and escape(why_not)) or "Trains on from where it ended. This run and its model stay as they are.",
    ):
        if why_not:
            return
        epochs = None
        if run.config.ensemble.is_single:
            epochs = int(st.number_input("More epochs", 1, 10_000, MORE_EPOCHS, key="more_epochs"))
        else:
            st.markdown("Networks that are trained are taken over; the others are trained to their end.")
        if st.button("Continue training", key="continue", type="primary"):
            _continue(run.id, epochs)


def show_log(run: RunRecord) -> None:
    """What the trainer did and when, folded away; read only while it is unfolded."""
    box = st.expander("What the trainer did", key="run_log", icon=":material/receipt_long:", on_change="rerun")
    if box.open:
        with box:
            st.fragment(_log_lines, run_every=SECONDS_BETWEEN_LINES if run.is_live else None)(run.id)


def _log_lines(run_id: str) -> None:
    with in_words():
        lines = workspace().runs.log(run_id)
        if not lines:
            st.caption("Nothing yet.")
        st.markdown("  \n".join(f":gray[{line.at.astimezone():%H:%M:%S}] {escape(line.text)}" for line in lines))


def gpu_words() -> str:
    """What the GPU is doing, such as ``NVIDIA H100 · 12.0 of 85.0 GB · load 87 %``; empty where there is none."""
    status = _gpu_status()
    if status is None:
        return ""
    parts = [status.name]
    if status.memory_used is not None and status.memory_total is not None:
        parts.append(f"{memory(status.memory_used)} of {memory(status.memory_total)}")
    parts += [f"load {status.load:.0%}"] if status.load is not None else []
    parts += [f"{status.temperature} °C"] if status.temperature is not None else []
    return " · ".join(parts)


@st.cache_data(ttl=1, max_entries=1, show_spinner=False)
def _gpu_status() -> GpuStatus | None:
    return read_gpu_status()


def _stop(run_id: str) -> None:
    with in_words():
        workspace().runs.request_stop(run_id)


def _discard(run_id: str) -> None:
    with in_words():
        workspace().runs.request_cancel(run_id)
        select("run", None)  # the newest run with something to show


def _move(run_id: str, step: int) -> None:
    with in_words():
        runs = workspace().runs
        runs.move_up(run_id) if step < 0 else runs.move_down(run_id)


def _continue(run_id: str, epochs: int | None) -> None:
    with in_words():
        run = workspace().runs.continue_run(run_id, epochs)
        ensure_supervisor(workspace())
        select("run", run.id)
        st.rerun(scope="app")

"""The curves of a run, with others behind them, and the scores after any of its epochs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.chart import draw_chart
from pages.components.history import history_of
from pages.components.live_drawings import Behind, curve_drawing, distribution_drawing
from pages.components.state import workspace
from riskmodel.plots.training import CURVES
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.runs import RunRecord

OTHERS = [name for name in CURVES if name != "loss"]


def show_curves(run: RunRecord, epochs: Sequence[EpochResult], behind: Sequence[str]) -> None:
    """Loss and one more figure side by side, the scores below."""
    if not epochs and not run.is_live:
        return
    best = next((epoch for epoch in reversed(epochs) if epoch.is_best), None)
    best_epoch = best.epoch if best else None
    others = [Behind(run_id, workspace().runs.get(run_id).name, history_of(run_id).look()) for run_id in behind]
    loss, other = st.columns(2, vertical_alignment="bottom")
    with loss:
        draw_chart(curve_drawing("loss", run.id, epochs, best_epoch, others), "loss_chart")
    with other:
        chosen = st.session_state.get("curve") or OTHERS[0]
        draw_chart(curve_drawing(chosen, run.id, epochs, best_epoch, others), "auc_chart")
    st.segmented_control(
        "Beside the loss",
        OTHERS,
        key="curve",
        default=OTHERS[0],
        required=True,
        format_func=lambda name: CURVES[name].title,
        label_visibility="collapsed",
    )
    if epochs:
        live = best if best and keeps_best(run) else epochs[-1]
        shown = replay(run, epochs, live)
        first = next((other for other in others if other.epochs), None)
        beside = first and same_epoch(shown, first.epochs)
        draw_chart(distribution_drawing(run.id, shown, first, beside), "distribution_chart")


def replay(run: RunRecord, epochs: Sequence[EpochResult], live: EpochResult) -> EpochResult:
    """A slider over the epochs; untouched it shows the last one, or the best once the run has ended."""
    if len(epochs) < 2:
        return live
    key = f"replay_{run.id}"
    by_number = {epoch.epoch: epoch for epoch in epochs}
    words, slider = st.columns([1, 3], vertical_alignment="center")
    follow = words.toggle(
        "Follow" if run.is_live else "Best epoch" if keeps_best(run) else "Last epoch",
        key=f"follow_{run.id}",
        value=True,
        help="Off: the scores after the epoch that the slider chooses, to play the training again.",
    )
    if follow:
        st.session_state.pop(key, None)
        slider.caption(f"Scores of the validation customers after epoch {live.epoch} of {epochs[-1].epoch}.")
        return live
    st.session_state.setdefault(key, live.epoch)
    last = epochs[-1].num_epochs if run.is_live else epochs[-1].epoch
    chosen = slider.slider("Epoch", epochs[0].epoch, max(last, 2), key=key)
    return by_number.get(chosen, epochs[-1])


def same_epoch(shown: EpochResult, others: Sequence[EpochResult]) -> EpochResult:
    """The epoch of the same number, or the other run's last one."""
    return next((epoch for epoch in others if epoch.epoch == shown.epoch), others[-1])


def keeps_best(run: RunRecord) -> bool:
    """Whether the run has ended with the weights of its best epoch, whose scores are then the ones to see."""
    training = run.config.training
    return not run.is_live and (run.state == "stopped" or training.restore_best or training.early_stopping)

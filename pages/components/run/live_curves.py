"""Learning curves of a run with overlays of other runs, and the score distribution after any epoch."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.run.live_view import RunView, ViewRequest
from pages.components.shared.chart import draw_chart
from pages.components.state.history import Snapshot
from riskmodel.plots.training import CURVES, SMOOTHING, CurveStyle

OTHERS = [name for name in CURVES if name != "loss"]


LOG, SMOOTH = "Log scale", "Smoothing"


def view_request(run_id: str, overlays: Sequence[str]) -> ViewRequest:
    """View request from the widgets at the charts."""
    curve = st.session_state.get("curve") or OTHERS[0]
    chosen = st.session_state.get("curve_style") or []
    style = CurveStyle(log=LOG in chosen, smoothing=SMOOTHING if SMOOTH in chosen else 0.0)
    follows = st.session_state.get(f"follow_{run_id}", True)
    epoch = None if follows else st.session_state.get(f"replay_{run_id}")
    return ViewRequest(run_id, tuple(overlays), curve, epoch, st.session_state.get(f"network_{run_id}") or "", style)


def show_curves(view: RunView) -> None:
    """Draw loss and a second chart side by side, each below its settings."""
    if not view.snapshot.epochs and not view.snapshot.run.is_live:
        return
    style, metric = st.columns(2, vertical_alignment="bottom")
    style.pills(
        "Curves",
        [LOG, SMOOTH],
        key="curve_style",
        selection_mode="multi",
        label_visibility="collapsed",
        persist_state="session",
    )
    metric.selectbox(
        "Metric",
        OTHERS,
        key="curve",
        format_func=lambda name: CURVES[name].title,
        label_visibility="collapsed",
        persist_state="session",
        width=200,
    )
    loss, other = st.columns(2)
    with loss:
        draw_chart(view.charts["loss"], "loss_chart", part="loss")
    with other:
        draw_chart(view.charts["curve"], "auc_chart", part="curve")


def show_distribution(view: RunView) -> None:
    """Draw the distribution of scores below the selection of an epoch, or of a network of an ensemble."""
    if not view.snapshot.epochs and not view.snapshot.run.is_live:
        return
    if view.snapshot.networks:
        choose_network(view.snapshot)
    else:
        replay(view.snapshot)
    draw_chart(view.charts["distribution"], "distribution_chart", part="distribution")


def replay(snapshot: Snapshot) -> None:
    """Draw the slider over the epochs; by default the newest epoch, or the kept epoch of an ended run."""
    run, epochs = snapshot.run, snapshot.epochs
    first, last = epochs[0].epoch if epochs else 1, snapshot.num_epochs
    if last <= first:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    followed = "newest" if run.is_live else "kept" if snapshot.kept else "last"
    follow, key = f"follow_{run.id}", f"replay_{run.id}"
    follows = row.toggle(
        f"{followed.capitalize()} epoch",
        width="content",
        key=follow,
        value=True,
        help="The scores after this epoch. The slider chooses another one, to replay the training.",
    )
    shown = snapshot.kept or snapshot.last
    if follows and run.is_live:  # the newest epoch changes without a rerun
        st.session_state.pop(key, None)
    else:
        chosen = None if follows else st.session_state.get(key)
        chosen = chosen or (shown.epoch if shown else first)
        st.session_state[key] = min(max(chosen, first), last)  # fewer epochs may be done than planned
        row.slider("Epoch", first, last, key=key, on_change=_unfollow, args=(follow,), label_visibility="collapsed")
    if joined := _joined(snapshot):
        st.caption(joined)


def _unfollow(follow: str) -> None:
    st.session_state[follow] = False


def choose_network(snapshot: Snapshot) -> None:
    """Draw the selection of the network of an ensemble whose scores are shown."""
    st.selectbox(
        "Network",
        [network.title for network in snapshot.networks],
        index=None,
        key=f"network_{snapshot.run.id}",
        placeholder="Newest",
        help="Scores of this network on its validation set, after its kept epoch.",
    )
    trainings = [member.training for member in snapshot.run.config.learners]
    why = " or ".join(dict.fromkeys(kind.best_means if kind.keeps_best else "last epoch" for kind in trainings))
    why = snapshot.run.config.training.best_means if snapshot.run.state == "stopped" else why
    st.caption(
        "One line per network, each on its own validation set; rings mark kept epochs "
        f"({why}). Dashed networks are not part of the model. Evaluate shows the whole ensemble."
    )


def _joined(snapshot: Snapshot) -> str:
    if snapshot.run.config.ensemble.is_single:
        return ""
    return "This ensemble was trained by an earlier version, which recorded only means over its networks."

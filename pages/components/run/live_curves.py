"""The curves of a run, with others behind them, and the scores after any of its epochs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.run.live_view import View, Wanted
from pages.components.shared.chart import draw_chart
from pages.components.state.history import Look
from riskmodel.plots.training import CURVES

OTHERS = [name for name in CURVES if name != "loss"]


def wanted_view(run_id: str, behind: Sequence[str]) -> Wanted:
    """What the choices below ask for; they are drawn after the charts that depend on them."""
    curve = st.session_state.get("curve") or OTHERS[0]
    follows = st.session_state.get(f"follow_{run_id}", True)
    epoch = None if follows else st.session_state.get(f"replay_{run_id}")
    return Wanted(run_id, tuple(behind), curve, epoch, st.session_state.get(f"network_{run_id}") or "")


def show_curves(view: View) -> None:
    """Loss and one more figure side by side, the scores below."""
    if not view.look.epochs and not view.look.run.is_live:
        return
    loss, other = st.columns(2, vertical_alignment="bottom")
    with loss:
        draw_chart(view.charts["loss"], "loss_chart", part="loss")
    with other:
        draw_chart(view.charts["curve"], "auc_chart", part="curve")
    st.segmented_control(
        "Beside the loss",
        OTHERS,
        key="curve",
        default=OTHERS[0],
        required=True,
        format_func=lambda name: CURVES[name].title,
        label_visibility="collapsed",
    )
    if view.look.networks:
        choose_network(view.look)
    else:
        replay(view.look)
    draw_chart(view.charts["distribution"], "distribution_chart", part="distribution")


def replay(look: Look) -> None:
    """A slider over the epochs; untouched the scores are those of the newest, or of the best once the run has ended."""
    run, epochs = look.run, look.epochs
    first, last = epochs[0].epoch if epochs else 1, look.num_epochs
    if last <= first:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    followed = "newest" if run.is_live else "kept" if look.kept else "last"
    follow = row.toggle(
        f"{followed.capitalize()} epoch",
        width="content",
        key=f"follow_{run.id}",
        value=True,
        help="Off: the scores after the epoch that the slider chooses, to play the training again.",
    )
    key = f"replay_{run.id}"
    if follow:
        st.session_state.pop(key, None)
        row.caption(f"Scores of the validation customers after the {followed} epoch.{_joined(look)}")
        return
    shown = look.kept or look.last
    chosen = st.session_state.get(key, shown.epoch if shown else first)
    st.session_state[key] = min(max(chosen, first), last)  # fewer epochs may have come than were planned
    row.slider("Epoch", first, last, key=key)


def choose_network(look: Look) -> None:
    """The network of an ensemble whose scores are shown."""
    st.selectbox(
        "Network",
        [network.title for network in look.networks],
        index=None,
        key=f"network_{look.run.id}",
        placeholder="Newest",
        help="Its scores of its own validation customers, after the epoch whose weights it keeps.",
    )
    trainings = [recipe.training for recipe in look.run.config.recipes]
    why = " or ".join(dict.fromkeys(each.best_means if each.keeps_best else "last epoch" for each in trainings))
    why = look.run.config.training.best_means if look.run.state == "stopped" else why
    st.caption(
        "One line per network, on its own validation customers; a ring marks the epoch whose weights it keeps "
        f"({why}). Dashed networks are not part of the model. Evaluate shows all networks together."
    )


def _joined(look: Look) -> str:
    if look.run.config.ensemble.is_single:
        return ""
    return " An earlier version trained this ensemble and recorded means over its networks, one recipe after the other."

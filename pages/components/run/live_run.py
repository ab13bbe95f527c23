"""The right side of Train: a run as it goes, and as it ended."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.run.live_curves import show_curves, wanted_view
from pages.components.run.live_feed import show_status
from pages.components.run.live_view import view_run
from pages.components.run.run_control import continue_button, live_buttons, show_log
from pages.components.shared.messages import in_words
from pages.components.shared.navigation import way_to
from pages.components.shared.words import STATE_NAMES, escape
from pages.components.state.cached import workspace
from pages.components.state.draft import replace_draft
from riskmodel.config.run import RunConfig
from riskmodel.workspace.runs.runs import RunRecord

COLORS = {
    "queued": "gray",
    "running": "blue",
    "finished": "green",
    "stopped": "orange",
    "cancelled": "gray",
    "failed": "red",
}


def show_run(run_id: str, behind: Sequence[str] = ()) -> None:
    """Draw the run, with others faintly behind. While it is live its curves and figures follow it by themselves."""
    live = workspace().runs.get(run_id).is_live
    with st.container(key="live"):
        _watch(run_id, live, tuple(behind))


@st.fragment
def _watch(run_id: str, was_live: bool, behind: tuple[str, ...]) -> None:
    with in_words():
        wanted = wanted_view(run_id, behind)
        view = view_run(wanted)
        run = view.look.run
        if was_live and not run.is_live:
            st.rerun(scope="app")  # the choices beside speak of it too
        _headline(run)
        show_status(wanted, view)
        show_curves(view)
        _ending(run)


def _headline(run: RunRecord) -> None:
    words, button = st.columns([5, 4], vertical_alignment="center")
    place = f" · place {run.queue_position} in the queue" if run.state == "queued" and run.queue_position else ""
    best = run.config.training.best_means
    asked = f" · stopping, keeping the weights with the {best}" if run.is_live and run.stop_requested else ""
    with words.container(key="run_state"):
        st.markdown(f"**{escape(run.name)}** :{COLORS[run.state]}-badge[{STATE_NAMES[run.state]}]{place}{asked}")
    with button:
        live_buttons(run)


def _ending(run: RunRecord) -> None:
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

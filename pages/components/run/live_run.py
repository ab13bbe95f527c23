"""The right side of the Train page: one run, live or ended."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.run.live_curves import show_curves, show_distribution, view_request
from pages.components.run.live_feed import show_figures, show_progress
from pages.components.run.live_view import view_run
from pages.components.run.run_control import continue_button, live_buttons, show_log, stop_button
from pages.components.run.run_strip import show_strip
from pages.components.shared.messages import show_errors, toast_errors
from pages.components.shared.navigation import link_button
from pages.components.shared.train_bar import TrainBar
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from pages.components.state.draft import load_configuration
from riskmodel.config.run import RunConfig
from riskmodel.workspace.runs.run_record import RunRecord

COLORS = {
    "queued": "gray",
    "running": "blue",
    "finished": "green",
    "stopped": "orange",
    "cancelled": "gray",
    "failed": "red",
}


def show_run(run_id: str, overlays: Sequence[str], bar: TrainBar, headline: DeltaGenerator) -> None:
    """Draw the run with overlays. While it is live, curves and figures update without a rerun."""
    live = workspace().runs.get(run_id).is_live
    with st.container(key="live"):
        _watch(run_id, live, tuple(overlays), bar, headline)


@st.fragment
def _watch(
    run_id: str, was_live: bool, overlays: tuple[str, ...], bar: TrainBar, headline: DeltaGenerator
) -> None:
    with show_errors():
        request = view_request(run_id, overlays)
        view = view_run(request)
        run = view.snapshot.run
        with bar.run:
            stop_button(run)
        with bar.progress:
            show_progress(view)
        with headline:
            _headline(run)  # first: the rerun of the page takes longer
        if was_live and not run.is_live:
            st.rerun(scope="app")  # the other widgets depend on the state too
        show_figures(request, view)
        show_curves(view)
        show_strip(run, overlays)
        _ending(run)
        show_distribution(view)


def _headline(run: RunRecord) -> None:
    place = f" · place {run.queue_position} in the queue" if run.state == "queued" and run.queue_position else ""
    best = run.config.training.best_means
    asked = f" · stopping, keeping the weights with the {best}" if run.is_live and run.stop_requested else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="run_state", width="stretch"):
            st.markdown(f":{COLORS[run.state]}-badge[{run.state_name}]{place}{asked}")
        live_buttons(run)


def _ending(run: RunRecord) -> None:
    if run.error:
        st.error(escape(run.error), icon=":material/error:")
    if run.notes:
        with st.expander(f"Messages ({len(run.notes)})", key="notes"):
            st.markdown("\n".join(f"- {escape(note)}" for note in run.notes))
    show_log(run)
    if run.is_live:
        return
    with st.container(horizontal=True):
        if run.model_folder:
            link_button("Evaluate", "evaluate", "to_evaluate", primary=True, run=run.id)
            link_button("Score customers", "score", "to_score", run=run.id)
        st.button(
            "Use this configuration",
            key="take_config",
            icon=":material/arrow_back:",
            on_click=use_configuration,
            args=(run.dataset_id, run.config),
            help="Loads the configuration of this run on the left.",
        )
        continue_button(run)


@toast_errors()
def use_configuration(dataset_id: str, config: RunConfig) -> None:
    """Load the configuration on the left and rerun that fragment."""
    load_configuration(dataset_id, config)
    st.rerun("configuration")

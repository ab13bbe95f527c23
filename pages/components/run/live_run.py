"""The right side of the Train page: one run, live or ended."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.run.live_curves import show_curves, show_distribution, view_request
from pages.components.run.live_feed import show_figures, show_progress
from pages.components.run.live_view import view_run
from pages.components.run.run_control import continue_button, live_buttons, show_log, stop_button
from pages.components.run.run_strip import choose_overlays, show_strip
from pages.components.shared.badges import state_badge
from pages.components.shared.messages import toast_errors
from pages.components.shared.navigation import link_button
from pages.components.shared.train_bar import TrainBar
from pages.components.shared.words import escape
from pages.components.state.draft import load_configuration
from riskmodel.config.run import RunConfig
from riskmodel.workspace.runs.run_record import RunRecord

_LIVE = "live_run_shown"
"""The run that was live when it was drawn last."""


def show_run(run: RunRecord, runs: Sequence[RunRecord], bar: TrainBar, headline: DeltaGenerator) -> None:
    """Draw a run with overlays; call in a fragment. While it is live, curves and figures update without a rerun.

    Args:
        run: The run.
        runs: The newest runs of its dataset, newest first.
        bar: Of the page.
        headline: Place of the state and the controls of the run.
    """
    overlays = choose_overlays(run, runs)
    with st.container(key="live"):
        request = view_request(run.id, overlays)
        view = view_run(request)
        run = view.snapshot.run
        with bar.run:
            stop_button(run)
        with bar.progress:
            show_progress(view)
        with headline:
            _headline(run)  # first: the rerun of the page takes longer
        was_live = st.session_state.get(_LIVE) == run.id
        st.session_state[_LIVE] = run.id if run.is_live else None
        if was_live and not run.is_live:
            st.rerun(scope="app")  # the other widgets depend on the state too
        show_figures(request, view)
        show_curves(view)
        show_strip(run, overlays, runs)
        _ending(run)
        show_distribution(view)


def show_no_run(bar: TrainBar) -> None:
    """Draw the parts of the bar that belong to a run; a fragment has to draw them each time the whole page is drawn."""
    with bar.run:
        stop_button(None)
    bar.progress.empty()


def _headline(run: RunRecord) -> None:
    place = f" · place {run.queue_position} in the queue" if run.state == "queued" and run.queue_position else ""
    best = run.config.training.best_means
    asked = f" · stopping, keeping the weights with the {best}" if run.is_live and run.stop_requested else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="run_state", width="stretch"):
            st.markdown(f"{state_badge(run)}{place}{asked}")
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

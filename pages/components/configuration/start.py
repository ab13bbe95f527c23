"""Name of the run and the button that starts it."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.cached_forecast import forecast
from pages.components.configuration.device_choice import used_device
from pages.components.shared.messages import toast_errors
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from pages.components.state.draft import draft_config, read_widgets
from pages.components.state.selection import select
from pages.components.state.widgets import reset_widget, widget_key
from riskmodel.config.run import RunConfig
from riskmodel.errors import RiskModelError
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.sizing.backend_choice import check_backend
from riskmodel.workspace.runs.run_record import RunRecord


def train_button(dataset_id: str, *, ready: bool) -> None:
    """Draw the name of the run and Train."""
    st.text_input(
        "Run name",
        key=widget_key("", "run_name"),
        placeholder="Run name (optional)",
        label_visibility="collapsed",
        persist_state="session",
        width=170,
    )
    st.button(
        "Train",
        key="train",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not ready,
        on_click=start_run,
        args=[dataset_id],
        shortcut="Ctrl+Enter",
    )


def start_run(dataset_id: str) -> None:
    """Submit a run of the current configuration and rerun what has changed. Call from a callback."""
    try:
        read_widgets()
        config = draft_config()
        check_backend(config.backend)
        forecast(dataset_id, config, used_device())
    except RiskModelError:  # shown when the configuration is redrawn
        return
    with toast_errors():
        name, device = (st.session_state.get(widget_key("", "run_name")) or "").strip(), st.session_state["device"]
        identical = find_identical(dataset_id, config)
        if identical is not None and identical.is_live:
            run, advice = identical, "Change a value or the seed to train another run."
        else:
            run = workspace().runs.submit(dataset_id, config, name=name, device=device)
            reset_widget("", "run_name")  # a name is given to one run
            ensure_supervisor(workspace())
            advice = "The new run will give the same result on the same device."
        if identical is not None:
            name, state = escape(identical.name), identical.state_name
            text = f"**{name}** has the same configuration and seed and is {state}. {advice}"
            st.toast(text, icon=":material/content_copy:", duration="long")
        select("run", run.id)
        st.rerun(["watch", "configuration"])  # the run first


def find_identical(dataset_id: str, config: RunConfig) -> RunRecord | None:
    """The newest run with the same dataset and configuration, not stopped, so that its result is the same."""
    runs = workspace().runs.list(dataset_id=dataset_id, states=("queued", "running", "finished"))
    return next((run for run in runs if run.config == config and not run.stop_requested), None)

"""The left side of the Train page: configuration of a run, and its part of the bar."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.cached_forecast import forecast
from pages.components.configuration.config_form import architecture_field, run_fields, section_form
from pages.components.configuration.configuration_file import configuration_file
from pages.components.configuration.device_choice import device_choice, used_device
from pages.components.configuration.ensemble_form import describe_partner_epochs, ensemble_form
from pages.components.configuration.forecast_view import show_forecast, show_networks
from pages.components.configuration.input_columns import inputs_form
from pages.components.configuration.overrides import overrides_form
from pages.components.configuration.preset_chips import choose_preset, show_changes
from pages.components.configuration.start import train_button
from pages.components.shared.messages import show_errors
from pages.components.shared.train_bar import TrainBar
from pages.components.state.cached import load_dataset, workspace
from pages.components.state.draft import begin_draft, draft, draft_config, keep_draft, step_back, step_forward
from pages.components.state.history import keep_supervisor
from pages.components.state.selection import selected
from riskmodel.config.run import RunConfig
from riskmodel.errors import RiskModelError, WorkspaceError
from riskmodel.inputs.series import find_series
from riskmodel.sizing.backend_choice import check_backend
from riskmodel.tables.schema.schema import Schema
from riskmodel.training.forecast import Forecast
from riskmodel.workspace.drafts import Draft
from riskmodel.workspace.runs.run_record import RunRecord

TABS = ("Network", "Training", "Inputs", "Preprocessing", "Split", "Scores")


@st.fragment(key="configuration")
@show_errors()
def configuration(dataset_id: str, bar: TrainBar) -> None:
    """Draw the configuration as a fragment, so that a change does not redraw the curves."""
    keep_supervisor()  # so that a trainer is warm when Train is pressed
    workspace().datasets.get(dataset_id)  # it may have been deleted elsewhere while still in the cache
    schema = load_dataset(dataset_id).schema
    begin_draft(dataset_id, load_dataset(dataset_id).num_rows)
    compared = find_compared(dataset_id)
    show_changes(dataset_id, compared)
    problems = config_tabs(schema, compared.config if compared else None)
    config: RunConfig | None = None
    expected: Forecast | None = None
    kept: Draft | None = None
    try:
        stored = draft_config()  # with the previous value of a field with malformed text
        kept = keep_draft(dataset_id, stored)
        if not problems:
            config = stored
            check_backend(config.backend)
            expected = forecast(dataset_id, config, used_device())
    except RiskModelError as error:
        problems.append(str(error))
    with bar.start, show_errors():
        train_button(dataset_id, ready=expected is not None)
    with bar.steps:
        step_buttons(dataset_id, kept)
    with bar.forecast, show_errors():
        show_forecast(dataset_id, config, expected, problems)
    show_networks(dataset_id, config, expected)
    with bar.device:
        device_choice(compact=True)
    configuration_file(dataset_id, config)
    with bar.presets, show_errors():
        choose_preset(dataset_id)  # last: its times take longest


def find_compared(dataset_id: str) -> RunRecord | None:
    """The run shown on the right, whose values are compared with those of the form."""
    run_id = selected("run")
    try:
        run = workspace().runs.get(run_id) if run_id else None
    except WorkspaceError:
        return None
    return run if run is not None and run.dataset_id == dataset_id else None


def config_tabs(schema: Schema, before: RunConfig | None) -> list[str]:
    """Draw all sections in tabs. Returns errors of malformed text.

    Args:
        before: The configuration compared with.
    """
    with st.container(key="config_tabs"):
        network, training, inputs, preprocessing, split, scale = st.tabs(TABS)
    with network:
        architecture_field()
        numbers = [column.name for column in schema.columns if column.kind == "numerical"]
        options = {"increasing": numbers, "decreasing": numbers, "series": list(find_series(numbers))}
        same = before if before and before.network.architecture == draft()["network"]["architecture"] else None
        problems = section_form("network", options=options, before=same)
        problems += ensemble_form()
    with training:
        if partners := describe_partner_epochs():
            st.caption(f"For the first network. Partners keep their own training settings: {partners}.")
        problems += section_form("training", before=before)
        run_fields()
    with inputs:
        inputs_form(schema)
    with preprocessing:
        problems += section_form("preprocessing", before=before, without=("excluded",))
        st.divider()
        overrides_form(schema)
    with split:
        dates = [column.name for column in schema.columns if column.kind == "date"]
        problems += section_form("split", options={"date_column": dates}, before=before)
    with scale:
        return problems + section_form("calibration", before=before) + section_form("scale", before=before)


def step_buttons(dataset_id: str, kept: Draft | None) -> None:
    """Undo and redo."""
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for key, words, possible, step in (
            ("undo", "Undo the last change", kept is not None and kept.can_undo, step_back),
            ("redo", "Redo the last undone change", kept is not None and kept.can_redo, step_forward),
        ):
            icon = f":material/{key}:"
            st.button(
                icon, key=key, help=words, disabled=not possible, on_click=step, args=[dataset_id], type="tertiary"
            )

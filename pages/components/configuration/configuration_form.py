"""The left side of the Train page: configuration of a run and the button that starts it."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.cached_forecast import forecast, preset_seconds
from pages.components.configuration.config_form import architecture_field, run_fields, section_form
from pages.components.configuration.configuration_file import configuration_file
from pages.components.configuration.device_choice import device_choice, used_device
from pages.components.configuration.ensemble_form import describe_networks, describe_partner_epochs, ensemble_form
from pages.components.configuration.overrides import overrides_form
from pages.components.shared.chart import draw_chart
from pages.components.shared.messages import show_errors, show_problem, toast_errors
from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset, workspace
from pages.components.state.draft import (
    begin_draft,
    draft_config,
    keep_draft,
    load_chosen,
    load_preset,
    read_widgets,
    show_preset,
    step_back,
    step_forward,
)
from pages.components.state.history import keep_supervisor
from pages.components.state.selection import select
from pages.components.state.widgets import widget_key
from riskmodel.config.differences import ABSENT, describe_differences
from riskmodel.config.presets import DEFAULT_PRESET, PRESET_WORDS, PRESETS, preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, RiskModelError
from riskmodel.inputs.series import find_series
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.plots.network import plot_network
from riskmodel.sizing.backend_choice import check_backend
from riskmodel.tables.schema.schema import Schema
from riskmodel.training.forecast import Forecast
from riskmodel.wording import count, duration, listed, size
from riskmodel.workspace.drafts import Draft
from riskmodel.workspace.runs.run_record import RunRecord

_DRAWN = "configuration_drawn"
"""The configuration drawn last."""
_FIRST_PRESET = "preset_shown_first"
"""The preset that the list begins with."""
_FORECAST = "configuration_forecast"
"""By dataset, the last forecast of a valid configuration."""

TABS = ("Network", "Training", "Preprocessing", "Split", "Scores")


@st.fragment(key="configuration")
@show_errors()
def configuration(dataset_id: str) -> None:
    """Draw the configuration as a fragment, so that a change does not redraw the curves."""
    keep_supervisor()  # so that a trainer is warm when Train is pressed
    workspace().datasets.get(dataset_id)  # it may have been deleted elsewhere while still in the cache
    schema = load_dataset(dataset_id).schema
    begin_draft(dataset_id, load_dataset(dataset_id).num_rows)
    start, forecast_box = st.container(), st.container()
    problems = config_tabs(schema, dataset_id)
    config: RunConfig | None = None
    expected: Forecast | None = None
    kept: Draft | None = None
    with forecast_box, show_errors():
        try:
            stored = draft_config()  # with the previous value of a field with malformed text
            kept = keep_draft(dataset_id, stored)
            if not problems:
                config = stored
                check_backend(config.backend)
                expected = forecast(dataset_id, config, used_device())
        except RiskModelError as error:
            problems.append(str(error))
        show_forecast(dataset_id, config, expected, problems)
    configuration_file(dataset_id, config)
    with start, show_errors():
        show_start(dataset_id, kept, ready=expected is not None)
    st.session_state[_DRAWN] = config


def show_forecast(dataset_id: str, config: RunConfig | None, expected: Forecast | None, problems: list[str]) -> None:
    """Show the forecast or the errors of the configuration; the last valid network drawing stays."""
    if expected is None:
        for problem in dict.fromkeys(problems):
            show_problem(problem)
        expected = st.session_state.get(_FORECAST, {}).get(dataset_id)
        if expected is not None:
            draw_chart(plot_network(expected.layers), key="network_picture", bar=False)
        return
    st.session_state[_FORECAST] = {dataset_id: expected}
    assert config is not None
    show_figures(expected, describe_networks(config))
    show_changes(dataset_id, config)
    show_differences(config)


def show_start(dataset_id: str, kept: Draft | None, *, ready: bool) -> None:
    """Name, device, Train; undo and redo."""
    name, button = st.columns([3, 2], vertical_alignment="bottom")
    name.text_input("Run name", key="run_name", placeholder="optional", persist_state="session")
    button.button(
        "Train",
        key="train",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not ready,
        on_click=start_run,
        args=[dataset_id],
    )
    where, steps = st.columns([3, 1], vertical_alignment="center")
    with where:
        device_choice()
    with steps:
        step_buttons(dataset_id, kept)


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
        name, device = st.session_state["run_name"].strip(), st.session_state["device"]
        identical = find_identical(dataset_id, config)
        if identical is not None and identical.is_live:
            run, advice = identical, "Change a value or the seed to train another run."
        else:
            run = workspace().runs.submit(dataset_id, config, name=name, device=device)
            ensure_supervisor(workspace())
            advice = "The new run will give the same result on the same device."
        if identical is not None:
            name, state = escape(identical.name), identical.state_name
            text = f"**{name}** has the same configuration and seed and is {state}. {advice}"
            st.toast(text, icon=":material/content_copy:", duration="long")
        select("run", run.id)
        st.rerun("watch" if config == st.session_state.get(_DRAWN) else ["watch", "configuration"])


def find_identical(dataset_id: str, config: RunConfig) -> RunRecord | None:
    """The newest run with the same dataset and configuration, not stopped, so that its result is the same."""
    runs = workspace().runs.list(dataset_id=dataset_id, states=("queued", "running", "finished"))
    return next((run for run in runs if run.config == config and not run.stop_requested), None)


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


def show_figures(expected: Forecast, networks: str) -> None:
    approximately = "about " if expected.sampled else ""
    takes = ""
    if expected.seconds and expected.idle_seconds and expected.expected_seconds:
        start = ", including the start of a trainer" if expected.machine.starts_trainer else ""
        takes = f" · about **{duration(expected.expected_seconds)}** on an idle machine{start}"
        takes += f", up to {duration(expected.idle_seconds)}"
        if expected.larger_seconds:
            takes += f" and {duration(expected.larger_seconds)} more for a larger network"
        if expected.machine.slowdown > 1:
            takes += f"; up to {duration(expected.seconds.high)} now: other programs use the processor"
    parts = f"{expected.num_train:,} train, {expected.num_validation:,} validation"
    if expected.num_folds:
        parts = f"{expected.num_train + expected.num_validation:,} train and validation in {expected.num_folds} folds"
    several = f"**{networks}** (drawn: the first) · " if networks else ""
    st.markdown(
        f":gray[{several}{approximately}**{expected.num_parameters:,}** parameters · "
        f"{count(expected.num_inputs, 'input')} · {parts}, {expected.num_test:,} test{takes} · "
        f"about **{size(expected.num_bytes)}** of memory]"
    )
    draw_chart(plot_network(expected.layers), key="network_picture", bar=False)


def config_tabs(schema: Schema, dataset_id: str) -> list[str]:
    """Draw all sections in tabs. Returns errors of malformed text."""
    choose_preset(dataset_id)
    dates = [column.name for column in schema.columns if column.kind == "date"]
    with st.container(key="config_tabs"):
        network, training, preprocessing, split, scale = st.tabs(TABS)
    with network:
        architecture_field()
        numbers = [column.name for column in schema.columns if column.kind == "numerical"]
        series = list(find_series(numbers))
        problems = section_form("network", options={"increasing": numbers, "decreasing": numbers, "series": series})
        problems += ensemble_form()
    with training:
        if partners := describe_partner_epochs():
            st.caption(f"For the first network. Partners keep their own training settings: {partners}.")
        problems += section_form("training")
        run_fields()
    with preprocessing:
        problems += section_form("preprocessing")
        st.divider()
        overrides_form(schema)
    with split:
        problems += section_form("split", options={"date_column": dates})
    with scale:
        return problems + section_form("calibration") + section_form("scale")


def choose_preset(dataset_id: str) -> None:
    """Draw the selection of preset, with the expected training time of each in the help."""
    seconds = _preset_seconds(dataset_id)
    key = widget_key("", "preset")
    if key not in st.session_state:
        st.session_state[_FIRST_PRESET] = _nearest_preset(dataset_id)
        show_preset(st.session_state[_FIRST_PRESET])
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    # Labels are constant: the browser identifies an entry by its label.
    left.selectbox(
        "Preset",
        list(PRESETS),
        list(PRESETS).index(st.session_state[_FIRST_PRESET]),
        key=key,
        format_func=str.capitalize,
        persist_state="session",
        on_change=load_chosen,
        help="Choosing a preset loads its configuration; Undo restores the previous one. Times are for an idle "
        "machine.\n\n"
        + "\n\n".join(
            f"**{' · about '.join([name.capitalize(), *seconds.get(name, [])])}**: {words}"
            for name, words in PRESET_WORDS.items()
        ),
    )
    right.button(
        "Reset to preset",
        key="load_preset",
        on_click=reset_to_preset,
        width="stretch",
        help="Reloads the configuration of the preset.",
    )


def _preset_seconds(dataset_id: str) -> dict[str, list[str]]:
    try:
        split = draft_config().split
    except ConfigError:  # shown at the field
        return {}
    times = preset_seconds(dataset_id, split, used_device())
    return {name: [duration(seconds)] for name, seconds in times.items() if seconds}


def _nearest_preset(dataset_id: str) -> str:
    """The preset with the smallest number of differences to the draft."""
    num_rows = load_dataset(dataset_id).num_rows
    try:
        config = draft_config()
    except ConfigError:  # shown at the field
        return DEFAULT_PRESET
    return min(PRESETS, key=lambda name: len(preset(name, num_rows).differences(config)))


def reset_to_preset() -> None:
    """Load the preset of the list again. Call from a callback."""
    chosen = st.session_state.get(widget_key("", "preset"))
    if chosen is not None:
        load_preset(chosen)


def show_differences(config: RunConfig) -> None:
    """Show the differences from the first overlay."""
    overlays = st.session_state.get("overlays") or []
    if not overlays:
        return
    run = workspace().runs.get(overlays[0])
    changes = describe_changes(run.config, config)
    text = listed(changes, 6) if changes else "same configuration"
    st.caption(f"Compared with **{escape(run.name)}**: {text}")


def show_changes(dataset_id: str, config: RunConfig) -> None:
    """Show the differences from the preset."""
    name = st.session_state[widget_key("", "preset")]
    changes = describe_changes(preset(name, load_dataset(dataset_id).num_rows), config)
    if changes:
        st.caption(f"Changed from **{name.capitalize()}**: {listed(changes, 6)}")


def describe_changes(before: RunConfig, after: RunConfig) -> list[str]:
    """``Epochs 10 → 20``, for Markdown; fields that only one configuration has come last."""
    differences = sorted(describe_differences([before, after]), key=lambda change: ABSENT in change.values)
    return [escape(f"{change.label} {' → '.join(change.values)}") for change in differences]

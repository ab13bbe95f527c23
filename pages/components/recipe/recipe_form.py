"""The left side of Train: every choice of a run, and the button that starts it."""

from __future__ import annotations

import streamlit as st

from pages.components.recipe.config_form import architecture_field, run_fields, section_form
from pages.components.recipe.device_choice import device_choice, used_device
from pages.components.recipe.ensemble_form import describe_networks, describe_partner_epochs, ensemble_form
from pages.components.recipe.outlook import Outlook, look_ahead, preset_seconds
from pages.components.recipe.overrides import overrides_form
from pages.components.recipe.recipe_file import recipe_file
from pages.components.shared.chart import draw_chart
from pages.components.shared.messages import in_words, show_problem
from pages.components.shared.words import STATE_NAMES, count, duration, escape, listed, memory
from pages.components.state.cached import load_dataset, workspace
from pages.components.state.draft import (
    begin_draft,
    draft_config,
    keep_draft,
    read_widgets,
    replace_draft,
    step_back,
    step_forward,
)
from pages.components.state.history import keep_supervisor
from pages.components.state.selection import select
from riskmodel.config.differences import ABSENT, describe_differences
from riskmodel.config.presets import DEFAULT_PRESET, PRESET_WORDS, PRESETS, preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, RiskModelError
from riskmodel.features.series import find_series
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.plots.network import plot_network
from riskmodel.sizing.backend_choice import check_backend
from riskmodel.tables.schema.schema import Schema
from riskmodel.workspace.drafts import Draft
from riskmodel.workspace.runs.runs import RunRecord

_DRAWN = "recipe_drawn"
"""The configuration as it was last drawn."""
_OUTLOOK = "recipe_outlook"
"""By dataset, the last forecast of a valid configuration."""

TABS = ("Network", "Training", "Preprocessing", "Split", "Scores")


@st.fragment(key="recipe")
@in_words()
def recipe(dataset_id: str) -> None:
    """Knobs are a fragment of their own: turning one does not touch the curves beside them."""
    keep_supervisor()  # so that a warm trainer waits by the time Train is pressed
    workspace().datasets.get(dataset_id)  # it may have been deleted elsewhere while its rows are in the cache
    schema = load_dataset(dataset_id).schema
    begin_draft(dataset_id, load_dataset(dataset_id).num_rows)
    start, forecast = st.container(), st.container()
    problems = knobs(schema, dataset_id)
    config: RunConfig | None = None
    outlook: Outlook | None = None
    kept: Draft | None = None
    with forecast, in_words():
        try:
            if not problems:
                config = draft_config()
                kept = keep_draft(dataset_id, config)
                check_backend(config.backend)
                outlook = look_ahead(dataset_id, config, used_device())
        except RiskModelError as error:
            problems = [str(error)]
        show_forecast(dataset_id, config, outlook, problems)
    recipe_file(config)
    with start, in_words():
        show_start(dataset_id, kept, ready=outlook is not None)
    st.session_state[_DRAWN] = config


def show_forecast(dataset_id: str, config: RunConfig | None, outlook: Outlook | None, problems: list[str]) -> None:
    """What the configuration amounts to, or what is wrong with it; the drawing of the last valid one stays."""
    if outlook is None:
        for problem in dict.fromkeys(problems):
            show_problem(problem)
        outlook = st.session_state.get(_OUTLOOK, {}).get(dataset_id)
        if outlook is not None:
            draw_chart(plot_network(outlook.layers), key="network_picture", bar=False)
        return
    st.session_state[_OUTLOOK] = {dataset_id: outlook}
    assert config is not None
    show_outlook(outlook, describe_networks(config), config.ensemble.folds)
    show_changes(dataset_id, config)
    show_differences(config)


def show_start(dataset_id: str, kept: Draft | None, *, ready: bool) -> None:
    """Name, device, Train; undo and redo."""
    name, button = st.columns([3, 2], vertical_alignment="bottom")
    name.text_input("Run name", key="run_name", placeholder="optional")
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
    """Submit a run of the choices as they are by now; only what has changed is drawn again. Call from a callback."""
    try:
        read_widgets()
        config = draft_config()
        check_backend(config.backend)
        look_ahead(dataset_id, config, used_device())
    except RiskModelError:  # said where the choices are drawn again, as they now are
        return
    with in_words():
        name, device = st.session_state["run_name"].strip(), st.session_state["device"]
        identical = find_identical(dataset_id, config)
        if identical is not None and identical.is_live:
            run, advice = identical, "Change a value or the seed to train another run."
        else:
            run = workspace().runs.submit(dataset_id, config, name=name, device=device)
            ensure_supervisor(workspace())
            advice = "The new run will give the same result on the same device."
        if identical is not None:
            state = STATE_NAMES[identical.state]
            text = f"**{escape(identical.name)}** has the same configuration and seed and is {state}. {advice}"
            st.toast(text, icon=":material/content_copy:", duration="long")
        select("run", run.id)
        st.rerun("watch" if config == st.session_state.get(_DRAWN) else ["watch", "recipe"])


def find_identical(dataset_id: str, config: RunConfig) -> RunRecord | None:
    """The newest run of the same dataset and configuration that was not stopped: its result is the same."""
    runs = workspace().runs.list(dataset_id=dataset_id, states=("queued", "running", "finished"))
    return next((run for run in runs if run.config == config and not run.stop_requested), None)


def step_buttons(dataset_id: str, kept: Draft | None) -> None:
    """Undo and redo."""
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for key, words, possible, step in (
            ("undo", "Undo the last change", kept is not None and kept.can_undo, step_back),
            ("redo", "Redo what was undone", kept is not None and kept.can_redo, step_forward),
        ):
            icon = f":material/{key}:"
            st.button(
                icon, key=key, help=words, disabled=not possible, on_click=step, args=[dataset_id], type="tertiary"
            )


def show_outlook(outlook: Outlook, networks: str, folds: int = 0) -> None:
    about = "about " if outlook.sampled else ""
    start = ", start of a trainer included" if outlook.starts_trainer else ""
    takes = f" · up to **{duration(outlook.seconds)}** on an idle machine{start}" if outlook.seconds else ""
    if outlook.seconds and outlook.slowdown > 1:
        takes += f", up to {duration(outlook.slowdown * outlook.seconds)} now: other programs use the processor"
    parts = f"{outlook.num_train:,} train, {outlook.num_validation:,} validation"
    if folds:
        parts = f"{outlook.num_train + outlook.num_validation:,} train and validation in {folds} folds"
    several = f"**{networks}** (drawn: the first) · " if networks else ""
    st.markdown(
        f":gray[{several}{about}**{outlook.num_parameters:,}** parameters · {count(outlook.num_inputs, 'input')} · "
        f"{parts}, {outlook.num_test:,} test{takes} · "
        f"about **{memory(outlook.num_bytes)}** of memory]"
    )
    draw_chart(plot_network(outlook.layers), key="network_picture", bar=False)


def knobs(schema: Schema, dataset_id: str) -> list[str]:
    """All sections in tabs; what is wrong with fields whose text cannot be read."""
    choose_preset(dataset_id)
    dates = [column.name for column in schema.columns if column.kind == "date"]
    with st.container(key="knobs"):
        network, training, preprocessing, split, scale = st.tabs(TABS)
    with network:
        architecture_field()
        numbers = [column.name for column in schema.columns if column.kind == "numerical"]
        series = list(find_series(numbers))
        problems = section_form("network", choices={"increasing": numbers, "decreasing": numbers, "series": series})
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
        problems += section_form("split", choices={"date_column": dates})
    with scale:
        return problems + section_form("calibration") + section_form("scale")


def choose_preset(dataset_id: str) -> None:
    """The presets, each with an upper bound of its training time; choosing one loads it."""
    seconds = _preset_seconds(dataset_id)
    st.session_state.setdefault("preset", _nearest_preset(dataset_id))
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    # The labels never change: the browser sends them back to name the entry.
    left.selectbox(
        "Preset",
        list(PRESETS),
        key="preset",
        format_func=str.capitalize,
        on_change=load_preset,
        args=[dataset_id],
        help="Choosing a preset loads its configuration; Undo brings the previous one back. Times are for an idle "
        "machine.\n\n"
        + "\n\n".join(
            f"**{' · up to '.join([name.capitalize(), *seconds.get(name, [])])}**: {words}"
            for name, words in PRESET_WORDS.items()
        ),
    )
    right.button(
        "Reset to preset",
        key="load_preset",
        on_click=load_preset,
        args=[dataset_id],
        width="stretch",
        help="Loads the preset's configuration again.",
    )


def _preset_seconds(dataset_id: str) -> dict[str, list[str]]:
    try:
        split = draft_config().split
    except ConfigError:  # said beside the knob that is wrong
        return {}
    found = preset_seconds(dataset_id, split, used_device())
    return {name: [duration(seconds)] for name, seconds in found.items() if seconds}


def _nearest_preset(dataset_id: str) -> str:
    """The preset that the draft differs least from: what it began with, in all likelihood."""
    num_rows = load_dataset(dataset_id).num_rows
    try:
        config = draft_config()
    except ConfigError:  # said beside the knob that is wrong
        return DEFAULT_PRESET
    return min(PRESETS, key=lambda name: len(preset(name, num_rows).differences(config)))


def load_preset(dataset_id: str) -> None:
    """Replace the draft by the chosen preset, sized for the dataset. Call from a callback."""
    chosen = st.session_state["preset"]
    replace_draft(preset(chosen, load_dataset(dataset_id).num_rows))
    st.session_state["preset"] = chosen


def show_differences(config: RunConfig) -> None:
    """What differs from the run that lies behind the curves."""
    compared = st.session_state.get("behind") or []
    if not compared:
        return
    run = workspace().runs.get(compared[0])
    words = difference_words(run.config, config)
    said = listed(words, 6) if words else "same configuration"
    st.caption(f"Compared with **{escape(run.name)}**: {said}")


def show_changes(dataset_id: str, config: RunConfig) -> None:
    """What differs from the preset, so that nothing is forgotten in a folded tab."""
    name = st.session_state["preset"]
    words = difference_words(preset(name, load_dataset(dataset_id).num_rows), config)
    if words:
        st.caption(f"Changed from **{name.capitalize()}**: {listed(words, 6)}")


def difference_words(before: RunConfig, after: RunConfig) -> list[str]:
    """``Epochs 10 → 20``, for Markdown; what only one of both has comes last."""
    differences = sorted(describe_differences([before, after]), key=lambda each: ABSENT in each.values)
    return [escape(f"{each.label} {' → '.join(each.values)}") for each in differences]

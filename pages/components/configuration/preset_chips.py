"""Presets as chips, and the differences from a run or a preset."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.cached_forecast import preset_seconds
from pages.components.configuration.device_choice import used_device
from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset
from pages.components.state.draft import draft_config, load_chosen, load_preset, read_widgets, show_preset
from pages.components.state.widgets import widget_key
from riskmodel.config.differences import describe_changes
from riskmodel.config.presets import DEFAULT_PRESET, PRESET_WORDS, PRESETS, preset
from riskmodel.errors import ConfigError
from riskmodel.wording import duration, listed
from riskmodel.workspace.runs.run_record import RunRecord

_FIRST = "preset_shown_first"
"""The preset that is selected in new chips."""


def choose_preset(dataset_id: str) -> None:
    """Draw the presets, with the expected training time of each in the help; a click loads one."""
    seconds = _preset_seconds(dataset_id)
    st.segmented_control(
        "Preset",
        list(PRESETS),
        default=find_preset(dataset_id),
        required=True,
        key=widget_key("", "preset"),
        format_func=str.capitalize,
        persist_state="session",
        on_change=load_chosen,
        label_visibility="collapsed",
        help="A click loads the configuration of a preset; Undo restores the previous one. Times are for an idle "
        "machine.\n\n"
        + "\n\n".join(
            f"**{' · about '.join([name.capitalize(), *seconds.get(name, [])])}**: {words}"
            for name, words in PRESET_WORDS.items()
        ),
    )


def find_preset(dataset_id: str) -> str:
    """The selected preset; before the chips are drawn, the nearest one."""
    key = widget_key("", "preset")
    if key not in st.session_state:
        st.session_state[_FIRST] = _nearest_preset(dataset_id)
        show_preset(st.session_state[_FIRST])
    return str(st.session_state.get(key) or st.session_state[_FIRST])


def show_changes(dataset_id: str, compared: RunRecord | None) -> None:
    """Show the differences from the run on the right and from the preset; call before widgets are drawn."""
    name = find_preset(dataset_id)
    try:
        read_widgets()
        config = draft_config()
    except ConfigError:  # shown at the field
        config = None
    lines = []
    if config is None:
        lines.append("Correct the value to compare the configuration.")
    elif compared is not None:
        changes = describe_changes(compared.config, config)
        lines.append(f"Compared with **{escape(compared.name)}**: {_listed(changes) or 'same configuration'}")
    changes = describe_changes(preset(name, load_dataset(dataset_id).num_rows), config) if config else []
    if changes:
        lines.append(f"Changed from **{name.capitalize()}**: {_listed(changes)}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="changes"):
        with st.container(width="stretch"):
            for line in lines:
                st.caption(line)
        if changes:
            st.button(
                f"Reset to {name.capitalize()}",
                key="load_preset",
                on_click=reset_to_preset,
                type="tertiary",
                icon=":material/restart_alt:",
            )


def reset_to_preset() -> None:
    """Load the selected preset again. Call from a callback."""
    chosen = st.session_state.get(widget_key("", "preset"))
    if chosen is not None:
        load_preset(chosen)


def _listed(changes: list[str]) -> str:
    return escape(listed(changes, 3)) if changes else ""


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

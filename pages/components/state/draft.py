"""The draft configuration of the next run, as JSON values; every change is stored in the workspace."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import streamlit as st
from pydantic import BaseModel

from pages.components.state.cached import workspace
from pages.components.state.widgets import replace_value, reset_widget, widget_key
from riskmodel.config.ensemble import EnsembleConfig
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.merge import merge_changes
from riskmodel.config.network import NETWORKS
from riskmodel.config.presets import DEFAULT_PRESET, PRESETS, USUAL, preset
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.calibration import CalibrationConfig
from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.config.sections.scale import ScaleConfig
from riskmodel.config.sections.split import SplitConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import ConfigError
from riskmodel.workspace.drafts import Draft

_SECTIONS: dict[str, type[BaseModel]] = {
    "split": SplitConfig,
    "preprocessing": PreprocessingConfig,
    "training": TrainingConfig,
    "ensemble": EnsembleConfig,
    "calibration": CalibrationConfig,
    "scale": ScaleConfig,
}

_MAX_EXACT = 2**53
"""Whole numbers up to this are exact as float64."""

RUN_FIELDS = ("seed", "backend")
"""Fields of the configuration outside the sections."""

_DRAFT = "draft"
_DATASET = "draft_dataset"
_ROWS = "draft_rows"
_LOADED = "draft_loaded"
_BASE = "draft_base"
"""The stored draft that the values of this tab are based on."""


def draft() -> dict[str, Any]:
    """JSON values by section; those of `RUN_FIELDS` at the top level."""
    if _DRAFT not in st.session_state:
        set_draft(preset(DEFAULT_PRESET))
    values: dict[str, Any] = st.session_state[_DRAFT]
    return values


def begin_draft(dataset_id: str, num_rows: int) -> None:
    """Load the stored draft of the dataset, else the default preset.

    A configuration loaded just before, such as that of a run, stays. For another dataset without a stored draft, the
    current configuration stays; an unchanged preset is sized for the new dataset.
    """
    before, loaded = st.session_state.get(_ROWS), st.session_state.pop(_LOADED, False)
    other = st.session_state.get(_DATASET) != dataset_id
    st.session_state[_DATASET], st.session_state[_ROWS] = dataset_id, num_rows
    if loaded:
        return
    kept = workspace().drafts.get(dataset_id)
    if not other:
        _load_changes(kept)
        return
    if kept is not None:
        _load(kept.config)
    elif _DRAFT not in st.session_state:
        set_draft(preset(DEFAULT_PRESET, num_rows))
    elif before not in (None, num_rows):
        for name in PRESETS:
            if draft() == preset(name, before).model_dump(mode="json"):
                set_draft(preset(name, num_rows))
                break
    st.session_state.pop(_LOADED, None)


def keep_draft(dataset_id: str, config: RunConfig) -> Draft:
    """Store the configuration, as a new undo step if it has changed; changes of other tabs stay."""
    kept = workspace().drafts.put(dataset_id, config, st.session_state.get(_BASE))
    st.session_state[_BASE] = config
    return kept


def step_back(dataset_id: str) -> None:
    """Undo the last change. Call from a callback."""
    _keep_pending(dataset_id)
    _apply_draft(workspace().drafts.undo(dataset_id))


def step_forward(dataset_id: str) -> None:
    """Redo the last undone change. Call from a callback."""
    _keep_pending(dataset_id)
    _apply_draft(workspace().drafts.redo(dataset_id))


def _keep_pending(dataset_id: str) -> None:
    """Store values of the widgets that arrived with the callback, so that they are the change to undo."""
    with suppress(ConfigError):
        read_widgets()
        keep_draft(dataset_id, draft_config())


def _apply_draft(kept: Draft | None) -> None:
    if kept is not None:
        _load(kept.config)


def _load_changes(stored: Draft | None) -> None:
    """Load changes of another tab since this one was drawn; changes of this tab stay."""
    base = st.session_state.get(_BASE)
    if stored is None or base is None or stored.config == base:
        return
    with suppress(ConfigError):  # shown at the widget; changes of the other tab are loaded once it is corrected
        read_widgets()
        _load(stored.config, merge_changes(base, draft_config(), stored.config))
        st.session_state.pop(_LOADED)


def _load(stored: RunConfig, merged: RunConfig | None = None) -> None:
    """Replace the draft by the stored one, or by the merge with changes of this tab."""
    set_draft(merged or stored)
    st.session_state[_BASE] = stored


def set_draft(config: RunConfig, preset_name: str | None = None) -> None:
    """Load a complete configuration into draft and widgets. Call before widgets are drawn, as from a callback.

    Args:
        config: the configuration.
        preset_name: the preset that the list shows already; None for the nearest one.
    """
    values = config.model_dump(mode="json")
    st.session_state[_DRAFT], st.session_state[_LOADED] = values, True
    st.session_state[_BASE] = None
    if preset_name is None:
        reset_widget("", "preset")  # the list then shows the nearest preset
    for section in (*_SECTIONS, "network"):
        _set_widgets(section, values[section])
    for name in RUN_FIELDS:
        replace_value("", name, values[name])


def replace_network(architecture: str) -> None:
    """Choose another architecture with its default layers and training settings. Call from a callback."""
    usual = USUAL[architecture].model_dump(mode="json")
    for section in ("network", "training"):
        draft()[section] = usual[section]
        _set_widgets(section, usual[section])


def section_class(section: str) -> type[BaseModel]:
    """The config class of a section; for the network, that of the chosen architecture."""
    return NETWORKS[draft()["network"]["architecture"]] if section == "network" else _SECTIONS[section]


def _set_widgets(section: str, values: dict[str, Any]) -> None:
    for field in describe_fields(section_class(section)):
        if field.kind != "config":
            replace_value(section, field.name, to_widget(field, values[field.name]))


def read_widgets() -> None:
    """Copy changed widget values into the draft. Call from a callback.

    Raises:
        ConfigError: A list of numbers is malformed.
    """
    for section in (*_SECTIONS, "network"):
        for field in describe_fields(section_class(section)):
            key = widget_key(section, field.name)
            if field.kind != "config" and key in st.session_state:
                draft()[section][field.name] = from_widget(field, st.session_state[key])
    for name in RUN_FIELDS:
        draft()[name] = st.session_state.get(widget_key("", name), draft()[name])


def draft_config() -> RunConfig:
    """The validated draft.

    Raises:
        ConfigError: A value is out of range.
    """
    return RunConfig.from_dict(draft(), paths=False)


def to_widget(field: FieldDescription, value: Any) -> Any:
    """Convert a JSON value to a widget value."""
    if field.kind in ("integers", "numbers"):
        return ", ".join(_as_text(number) for number in value)
    if field.kind == "date":
        return date.fromisoformat(value) if value else None
    return value


def _as_text(number: float) -> str:
    return str(int(number)) if abs(number) < _MAX_EXACT and number == int(number) else repr(number)


def from_widget(field: FieldDescription, value: Any) -> Any:
    """Convert a widget value to a JSON value.

    Raises:
        ConfigError: A list of numbers is malformed.
    """
    if field.kind in ("integers", "numbers"):
        return _read_numbers(field, value or "")
    if field.kind == "date":
        return value.isoformat() if value else None
    return value


def _read_numbers(field: FieldDescription, text: str) -> list[int] | list[float]:
    read, noun = (int, "whole numbers") if field.kind == "integers" else (float, "numbers")
    try:
        return [read(part) for part in text.replace(";", ",").split(",") if part.strip()]
    except ValueError as error:
        raise ConfigError(
            f"{field.label} must be {noun} separated by commas, such as 128, 64; received '{text}'."
        ) from error

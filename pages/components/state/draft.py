"""The draft configuration of the next run, as JSON values; every change is stored in the workspace."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

import streamlit as st
from pydantic import BaseModel

from pages.components.shared.messages import toast_errors
from pages.components.state.cached import workspace
from pages.components.state.field_values import from_widget, to_widget
from pages.components.state.widgets import replace_widgets, reset_widget, widget_key
from riskmodel.config.field import describe_fields
from riskmodel.config.merge import merge_changes
from riskmodel.config.network import NETWORKS
from riskmodel.config.presets import DEFAULT_PRESET, PRESETS, USUAL, preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError
from riskmodel.workspace.drafts import Draft

_SECTIONS: dict[str, type[BaseModel]] = {
    name: field.annotation
    for name, field in RunConfig.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}
"""Class of every section but the network, whose class is that of the chosen architecture."""

RUN_FIELDS = tuple(field.name for field in describe_fields(RunConfig) if field.kind != "config")
"""Fields of the configuration outside the sections."""

_STATE = "draft"


@dataclass
class _State:
    """The draft of this tab.

    Attributes:
        values: JSON values by section; those of `RUN_FIELDS` at the top level.
        dataset_id, num_rows: its dataset, once it is shown.
        base: the stored draft that the values are based on.
        preset: the preset whose configuration was loaded last, or the nearest one that the list shows.
        lock: held while widgets are read and while the values are replaced: if another page follows at once, its run
            begins before that of this page has ended.
    """

    values: dict[str, Any]
    dataset_id: str | None = None
    num_rows: int | None = None
    base: RunConfig | None = None
    preset: str | None = None
    lock: RLock = field(default_factory=RLock)


def _state() -> _State:
    state = st.session_state.get(_STATE)
    if state is None:
        state = st.session_state[_STATE] = _State(preset(DEFAULT_PRESET).model_dump(mode="json"))
    return state


def draft() -> dict[str, Any]:
    """JSON values by section; those of `RUN_FIELDS` at the top level."""
    return _state().values


def begin_draft(dataset_id: str, num_rows: int) -> None:
    """Load the stored draft of the dataset, else the default preset.

    For another dataset without a stored draft, the current configuration stays; an unchanged preset is sized for the
    new dataset.
    """
    state = _state()
    kept = workspace().drafts.get(dataset_id)
    if state.dataset_id == dataset_id:
        _load_changes(kept)
    elif kept is not None:
        _load(kept.config)
    elif state.num_rows is None:
        set_draft(preset(DEFAULT_PRESET, num_rows))
    else:
        state.base = None
        for name in PRESETS:
            if state.values == preset(name, state.num_rows).model_dump(mode="json"):
                set_draft(preset(name, num_rows))
                break
    state.dataset_id, state.num_rows = dataset_id, num_rows


def keep_draft(dataset_id: str, config: RunConfig) -> Draft:
    """Store the configuration, as a new undo step if it has changed; changes of other tabs stay."""
    state = _state()
    kept = workspace().drafts.put(dataset_id, config, state.base)
    state.base = config
    return kept


def keep_pending() -> None:
    """Store what the user entered on the Train page immediately before another page or dataset.

    That page's run replaces the one that would have stored it.

    Raises:
        WorkspaceError: the database is not writable.
    """
    state = st.session_state.get(_STATE)
    if state is None or state.dataset_id is None:
        return
    with suppress(ConfigError), state.lock:  # shown when the Train page is opened again
        with suppress(ConfigError):  # a malformed text; its field keeps the previous value
            read_widgets()
        config = draft_config()
        if config != state.base and any(record.id == state.dataset_id for record in workspace().datasets.list()):
            keep_draft(state.dataset_id, config)


@toast_errors()
def step_back(dataset_id: str) -> None:
    """Undo the last change. Call from a callback."""
    keep_pending()
    _apply_draft(workspace().drafts.undo(dataset_id))


@toast_errors()
def step_forward(dataset_id: str) -> None:
    """Redo the last undone change. Call from a callback."""
    keep_pending()
    _apply_draft(workspace().drafts.redo(dataset_id))


def _apply_draft(kept: Draft | None) -> None:
    if kept is not None:
        _load(kept.config)


def _load_changes(stored: Draft | None) -> None:
    """Load changes of another tab since this one was drawn; changes of this tab stay."""
    base = _state().base
    if stored is None or base is None or stored.config == base:
        return
    with suppress(ConfigError):  # shown at the widget; changes of the other tab are loaded once it is corrected
        read_widgets()
        _load(stored.config, merge_changes(base, draft_config(), stored.config))


def _load(stored: RunConfig, merged: RunConfig | None = None) -> None:
    """Replace the draft by the stored one, or by the merge with changes of this tab."""
    set_draft(merged or stored, base=stored)


def load_configuration(dataset_id: str, config: RunConfig, preset_name: str | None = None) -> None:
    """Replace the draft of a dataset by a complete configuration. Call as `set_draft`.

    Raises:
        WorkspaceError: the database is not writable.
    """
    if _state().dataset_id == dataset_id:
        set_draft(config, preset_name)  # stored when it is drawn
    else:
        workspace().drafts.put(dataset_id, config)


def set_draft(config: RunConfig, preset_name: str | None = None, base: RunConfig | None = None) -> None:
    """Load a complete configuration into draft and widgets. Call before widgets are drawn, as from a callback.

    Args:
        config: the configuration.
        preset_name: the preset that the list shows already; None for the nearest one.
        base: the stored draft that it is based on; None replaces the stored draft.
    """
    state, values = _state(), config.model_dump(mode="json")
    shown = {("", name): values[name] for name in RUN_FIELDS}
    for section in (*_SECTIONS, "network"):
        shown |= _widget_values(section, values)
    with state.lock:
        if preset_name is None:
            reset_widget("", "preset")  # the list then shows the nearest preset
        replace_widgets(shown)
        state.values, state.base, state.preset = values, base, preset_name


def load_preset(name: str) -> None:
    """Replace the draft of the shown dataset by a preset, sized for it. Call from a callback."""
    state = _state()
    assert state.dataset_id is not None
    load_configuration(state.dataset_id, preset(name, state.num_rows), name)


def load_chosen() -> None:
    """Load the preset or network that was just chosen. Call from a callback."""
    with suppress(ConfigError):  # shown at the field
        read_widgets()


def show_preset(name: str) -> None:
    """Note the preset that the list shows without loading it."""
    _state().preset = name


def replace_network(architecture: str) -> None:
    """Choose another architecture with its default layers and training settings. Call from a callback."""
    usual = USUAL[architecture].model_dump(mode="json")
    chosen = {section: usual[section] for section in ("network", "training")}
    shown = {key: value for section in chosen for key, value in _widget_values(section, chosen).items()}
    with _state().lock:
        replace_widgets(shown)
        draft().update(chosen)


def section_class(section: str) -> type[BaseModel]:
    """The config class of a section; for the network, that of the chosen architecture."""
    return _class_of(section, draft())


def _class_of(section: str, values: dict[str, Any]) -> type[BaseModel]:
    return NETWORKS[values["network"]["architecture"]] if section == "network" else _SECTIONS[section]


def _widget_values(section: str, values: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """The widget values of a section, by section and name."""
    fields = describe_fields(_class_of(section, values))
    return {(section, f.name): to_widget(f, values[section][f.name]) for f in fields if f.kind != "config"}


def read_widgets() -> None:
    """Copy changed widget values into the draft; load a preset or network that was just chosen.

    Call before widgets are drawn, as from a callback.

    Raises:
        ConfigError: A list of numbers is malformed; all other values are copied.
    """
    state, problem = _state(), None
    with state.lock:
        chosen = st.session_state.get(widget_key("", "preset"))
        if chosen is not None and chosen != state.preset:
            load_preset(chosen)
        architecture = st.session_state.get(widget_key("network", "architecture"))
        if architecture is not None and architecture != draft()["network"]["architecture"]:
            replace_network(architecture)
        for section in (*_SECTIONS, "network"):
            for described in describe_fields(section_class(section)):
                key = widget_key(section, described.name)
                if described.kind != "config" and key in st.session_state:
                    try:
                        draft()[section][described.name] = from_widget(described, st.session_state[key])
                    except ConfigError as error:
                        problem = error
        for name in RUN_FIELDS:
            draft()[name] = st.session_state.get(widget_key("", name), draft()[name])
    if problem is not None:
        raise problem


def draft_config() -> RunConfig:
    """The validated draft.

    Raises:
        ConfigError: A value is out of range.
    """
    return RunConfig.from_dict(draft(), paths=False)

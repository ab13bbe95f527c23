"""Column overrides: preprocessing of single columns."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.configuration.config_form import draw_field, has_effect
from pages.components.shared.messages import show_errors
from pages.components.shared.words import escape
from pages.components.state.draft import draft
from pages.components.state.field_values import from_widget, to_widget
from pages.components.state.widgets import reset_widget, widget_key
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import ColumnSettings, PreprocessingConfig
from riskmodel.errors import ConfigError
from riskmodel.tables.schema.schema import Schema

_SHOWN = "override_shown"
"""Column and settings that the form begins with."""

CATEGORICAL_FIELDS = ("encoding", "rare_share", "max_levels")


def overrides_form(schema: Schema) -> None:
    """Draw the list of overrides and the form to add or change one."""
    _list_overrides(schema)
    column = st.selectbox(
        "Column overrides",
        schema.inputs,
        index=None,
        key="override_column",
        placeholder="Choose a column",
        persist_state="session",
    )
    if column is not None:
        with show_errors():
            _column_form(column, _fields(schema.kind_of(column)))


def _column_form(column: str, fields: list[FieldDescription]) -> None:
    current = _settings(column)
    if st.session_state.get(_SHOWN) != (column, current):  # another column, or changed by a preset, Undo, …
        for field in fields:
            reset_widget("override", field.name)
        st.session_state[_SHOWN] = column, current
    chosen: dict[str, Any] = {}
    for field in fields:
        if has_effect(field, chosen):
            key = widget_key("override", field.name)
            chosen[field.name] = from_widget(field, draw_field(field, key, to_widget(field, current[field.name])))
    st.button(
        f"Apply to {escape(column)}",
        key="override_apply",
        on_click=_store,
        args=(column, fields),
        help="Stores the settings that differ from those of the whole file.",
    )


def _list_overrides(schema: Schema) -> None:
    fields = {field.name: field for field in describe_fields(ColumnSettings)}
    for column, chosen in draft()["preprocessing"]["overrides"].items():
        words = [
            f"{fields[name].label}: {_shown(fields[name], value)}"
            for name, value in chosen.items()
            if value is not None
        ]
        absent = "" if column in schema.names else " (not in this dataset)"
        text, button = st.columns([7, 1], vertical_alignment="center")
        text.markdown(f"**{escape(column)}**{absent} · {escape(', '.join(words))}")
        button.button(
            "",
            key=f"override_remove_{column}",
            icon=":material/close:",
            type="tertiary",
            help="Remove this override",
            on_click=_remove,
            args=(column,),
        )


def _settings(column: str) -> dict[str, Any]:
    """JSON values of the settings of a column."""
    return _preprocessing().for_column(column).model_dump(mode="json")


def _preprocessing() -> PreprocessingConfig:
    return RunConfig.from_dict({"preprocessing": draft()["preprocessing"]}, paths=False).preprocessing


def _fields(kind: str) -> list[FieldDescription]:
    categorical = kind == "categorical"
    return [field for field in describe_fields(ColumnSettings) if (field.name in CATEGORICAL_FIELDS) == categorical]


def _shown(field: FieldDescription, value: Any) -> str:
    if field.kind == "boolean":
        return "yes" if value else "no"
    return str(dict(field.options)[value] if field.kind == "option" else to_widget(field, value))


def _store(column: str, fields: list[FieldDescription]) -> None:
    """Store the values that the widgets have now, which may be newer than the page."""
    current, defaults = _settings(column), _preprocessing().model_dump(mode="json")
    chosen: dict[str, Any] = {}
    try:
        for field in fields:
            if has_effect(field, chosen):
                shown = st.session_state.get(widget_key("override", field.name), to_widget(field, current[field.name]))
                chosen[field.name] = from_widget(field, shown)
    except ConfigError:  # shown when the form is redrawn
        return
    overrides = draft()["preprocessing"]["overrides"]
    overrides.pop(column, None)
    if differing := {name: value for name, value in chosen.items() if value != defaults[name]}:
        overrides[column] = differing


def _remove(column: str) -> None:
    draft()["preprocessing"]["overrides"].pop(column, None)

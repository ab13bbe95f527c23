"""Column overrides: preprocessing of single columns."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.configuration.config_form import draw_field, has_effect
from pages.components.shared.messages import show_errors
from pages.components.shared.words import escape
from pages.components.state.draft import draft, from_widget, to_widget
from pages.components.state.widgets import reset_widget, widget_key
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import ColumnSettings, PreprocessingConfig
from riskmodel.tables.schema.schema import Schema

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
        on_change=_load_fields,
    )
    if column is not None:
        with show_errors():
            _column_form(column, schema)


def _column_form(column: str, schema: Schema) -> None:
    config = _preprocessing()
    current = config.for_column(column).model_dump(mode="json")
    chosen: dict[str, Any] = {}
    for field in _fields(schema.kind_of(column)):
        if has_effect(field, chosen):
            key = widget_key("override", field.name)
            chosen[field.name] = from_widget(field, draw_field(field, key, to_widget(field, current[field.name])))
    defaults = config.model_dump(mode="json")
    differing = {name: value for name, value in chosen.items() if value != defaults[name]}
    st.button(
        f"Apply to {escape(column)}",
        key="override_apply",
        on_click=_store,
        args=(column, differing),
        help="Stores the settings that differ from those of the whole file.",
    )


def _list_overrides(schema: Schema) -> None:
    fields = {field.name: field for field in describe_fields(ColumnSettings)}
    for number, (column, chosen) in enumerate(draft()["preprocessing"]["overrides"].items()):
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
            key=f"override_remove_{number}",
            icon=":material/close:",
            type="tertiary",
            help="Remove this override",
            on_click=_remove,
            args=(column,),
        )


def _preprocessing() -> PreprocessingConfig:
    return RunConfig.from_dict({"preprocessing": draft()["preprocessing"]}, paths=False).preprocessing


def _fields(kind: str) -> list[FieldDescription]:
    categorical = kind == "categorical"
    return [field for field in describe_fields(ColumnSettings) if (field.name in CATEGORICAL_FIELDS) == categorical]


def _shown(field: FieldDescription, value: Any) -> str:
    if field.kind == "boolean":
        return "yes" if value else "no"
    return str(dict(field.options).get(value, to_widget(field, value)))


def _load_fields() -> None:
    """Load the settings of the chosen column into the widgets."""
    for field in describe_fields(ColumnSettings):
        reset_widget("override", field.name)


def _store(column: str, differing: dict[str, Any]) -> None:
    overrides = draft()["preprocessing"]["overrides"]
    overrides.pop(column, None)
    if differing:
        overrides[column] = differing


def _remove(column: str) -> None:
    draft()["preprocessing"]["overrides"].pop(column, None)
    _load_fields()

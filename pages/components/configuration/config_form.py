"""Widgets of a configuration section, generated from its field descriptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages.components.configuration.number_field import draw_number, draw_slider, has_slider
from pages.components.shared.words import escape
from pages.components.state.draft import RUN_FIELDS, draft, load_chosen, section_class
from pages.components.state.field_values import from_widget, to_widget
from pages.components.state.widgets import assign_default, widget_key
from riskmodel.config.differences import describe_value
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.network import ARCHITECTURES
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError

_FIRST_DATE, _LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)
"""Streamlit's own limits are ten years before and after today."""
_MAX_EARLIER = 24
"""Characters of an earlier value in a label."""


def section_form(
    section: str,
    options: Mapping[str, Sequence[str]] | None = None,
    *,
    before: RunConfig | None = None,
    without: Collection[str] = (),
) -> list[str]:
    """Draw the widgets of a section and write their values into the draft.

    Args:
        section: ``split``, ``preprocessing``, …
        options: Allowed values of text and name fields, such as the names of date columns.
        before: The configuration compared with; a changed field shows its value there.
        without: Names of fields drawn elsewhere.

    Returns:
        Errors of widgets with malformed text; these fields of the draft keep their previous values.
    """
    values = draft()[section]
    fields = [field for field in describe_fields(section_class(section)) if field.kind != "config"]
    # A widget that has just changed has its new value before the draft does.
    changed = {field.name: st.session_state.get(widget_key(section, field.name)) for field in fields}
    current = values | {name: value for name, value in changed.items() if value is not None}
    shown = [field for field in fields if has_effect(field, current) and field.name not in ("architecture", *without)]
    plain, advanced = [f for f in shown if not f.advanced], [f for f in shown if f.advanced]
    earlier = getattr(before, section).model_dump(mode="json") if before else {}
    problems = _grid(section, plain, values, options or {}, earlier)
    if advanced:
        with st.expander("More", key=f"{section}_more"):
            problems += _grid(section, advanced, values, options or {}, earlier)
    return problems


def architecture_field() -> None:
    """Draw the selection of architecture; another one brings its fields with their defaults."""
    st.selectbox(
        "Network",
        list(ARCHITECTURES),
        list(ARCHITECTURES).index(draft()["network"]["architecture"]),
        key=widget_key("network", "architecture"),
        format_func=ARCHITECTURES.__getitem__,
        persist_state="session",
        on_change=load_chosen,
        help="Architecture. Choosing another loads its default layers and training settings.",
    )


def run_fields() -> None:
    """Draw the fields outside the sections side by side."""
    fields = {field.name: field for field in describe_fields(RunConfig)}
    for name, column in zip(RUN_FIELDS, st.columns(len(RUN_FIELDS), gap="small"), strict=True):
        with column:
            draft()[name] = draw_field(fields[name], widget_key("", name), draft()[name])


def draw_field(
    field: FieldDescription,
    key: str,
    value: Any,
    options: Sequence[str] | None = None,
    *,
    earlier: str = "",
    section: str = "",
) -> Any:
    """Draw the widget of one field and return its value.

    Args:
        value: Of a new widget, as from `to_widget`.
        options: Allowed values.
        earlier: A different value of the configuration compared with, as text.
        section: Of the draft, for fields with a slider; a field outside the draft has none.
    """
    label = f"{_label(field)} · was {escape(earlier)}" if earlier else _label(field)
    # A value that was entered immediately before another page is read by that page's run, and shown here again.
    common: dict[str, Any] = {"label": label, "key": key, "help": field.help, "persist_state": "session"}
    if field.kind == "names":
        names = list(dict.fromkeys([*(options or ()), *(value or ()), *(st.session_state.get(key) or ())]))
        return st.multiselect(options=names, default=value, placeholder=field.empty, **common)
    if options is not None:
        # A column of another file stays listed; the configuration reports it.
        names = list(dict.fromkeys([None, *options, value]))
        return st.selectbox(options=names, index=names.index(value), format_func=lambda name: name or "–", **common)
    if field.kind == "option":
        labels = dict(field.options)
        return st.selectbox(
            options=list(labels), index=list(labels).index(value), format_func=labels.__getitem__, **common
        )
    if field.kind == "boolean":
        return st.toggle(value=value, **common)
    if field.kind in ("integer", "number"):
        if section and has_slider(field):
            return draw_slider(field, section, value, common)
        return draw_number(field, value, common)
    if field.kind == "date":
        assign_default(key, value)
        first = min(_FIRST_DATE, value or _FIRST_DATE)
        last = max(_LAST_DATE, value or _LAST_DATE)
        return st.date_input(value=None, min_value=first, max_value=last, format="YYYY-MM-DD", **common)
    return st.text_input(value=value, placeholder="none" if field.kind in ("integers", "numbers") else None, **common)


def _grid(
    section: str,
    fields: Sequence[FieldDescription],
    values: dict[str, Any],
    options: Mapping[str, Sequence[str]],
    earlier: Mapping[str, Any],
) -> list[str]:
    """Draw two fields per row, in order. Returns errors of malformed text."""
    problems = []
    for start in range(0, len(fields), 2):
        columns = st.columns(2, gap="small")
        for field, column in zip(fields[start : start + 2], columns, strict=False):
            key = widget_key(section, field.name)
            with column:
                was = _describe_earlier(field, st.session_state.get(key), values[field.name], earlier)
                value = to_widget(field, values[field.name])
                shown = draw_field(field, key, value, options.get(field.name), earlier=was, section=section)
            try:
                values[field.name] = from_widget(field, shown)
            except ConfigError as error:
                problems.append(str(error))
    return problems


def _describe_earlier(field: FieldDescription, shown: Any, value: Any, earlier: Mapping[str, Any]) -> str:
    """The value in the configuration compared with as text; empty if it is the same or missing there."""
    if shown is not None:  # the widget has its new value before the draft does
        try:
            value = from_widget(field, shown)
        except ConfigError:
            return ""
    if field.name not in earlier or earlier[field.name] == value:
        return ""
    text = describe_value(field, tuple(old) if isinstance(old := earlier[field.name], list) else old)
    return text if len(text) <= _MAX_EARLIER else f"{text[: _MAX_EARLIER - 1]}…"


def _label(field: FieldDescription) -> str:
    return f"{field.label} ({field.unit})" if field.unit else field.label


def has_effect(field: FieldDescription, values: Mapping[str, Any]) -> bool:
    """True if the field has an effect, given the values of the other fields."""
    if field.only_if is None:
        return True
    other, wanted = field.only_if
    return values[other] in wanted

"""Values of the search form, stored with the dataset so that they survive a reload, another page and a restart.

A widget begins with the stored value. Values that the program replaces get a new widget (`state.widgets`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.components.state.cached import workspace
from pages.components.state.widgets import replace_widgets, widget_key
from riskmodel.config.search_space import Dimension

BUDGET = ("trials", "minutes", "pruning", "seed")
"""Fields of the search configuration that have a widget, in the order of the form."""
_FORM = "search_form_values"
_RANGES = "search_ranges"
"""By field, the range of its declaration when its widgets were drawn last."""


def begin_form(dataset_id: str) -> dict[str, Any]:
    """The values with which the widgets begin, by name: those stored with the dataset, else those of the last one."""
    form: dict[str, Any] | None = st.session_state.get(_FORM)
    if form is not None and form["dataset_id"] == dataset_id:
        values: dict[str, Any] = form["values"]
        return values
    stored = workspace().search_forms.get(dataset_id)
    values = stored if stored is not None else form["kept"] or form["values"] if form is not None else {}
    if form is not None and stored is not None:
        replace_widgets({("search", name): None for name in {*(form["kept"] or {}), *stored}}, always=True)
        st.session_state.pop(_RANGES, None)
    st.session_state[_FORM] = {"dataset_id": dataset_id, "values": values, "kept": stored}
    return values


def keep_form(dataset_id: str, drawn: Sequence[Dimension]) -> None:
    """Store the values shown if they have changed since the form was drawn first.

    Args:
        dataset_id: Of the page.
        drawn: The fields whose ranges are drawn; the values of others stay stored.
    """
    form = st.session_state[_FORM]
    values = {**(form["kept"] or form["values"]), **_shown(drawn)}
    if form["kept"] is None:
        form["kept"] = values
    elif form["kept"] != values:
        workspace().search_forms.put(dataset_id, values)
        form["kept"] = values


def _shown(drawn: Sequence[Dimension]) -> dict[str, Any]:
    """The values of the widgets by name, as in JSON; None for the end of a range that is the declared one."""
    names = ["base", "fields", *BUDGET, *(options_name(field) for field in drawn if field.kind == "option")]
    keys = {name: widget_key("search", name) for name in names}
    values = {name: st.session_state[key] for name, key in keys.items() if key in st.session_state}
    for field in drawn:
        if field.kind == "option":
            continue
        for name, declared in zip(range_names(field), (field.low, field.high), strict=True):
            end = st.session_state.get(widget_key("search", name))
            values[name] = None if end == declared else end
    plain: dict[str, Any] = json.loads(json.dumps(values))
    return plain


def range_names(dimension: Dimension) -> tuple[str, str]:
    """Names of the widgets of the lower and the upper end of a range."""
    return f"{_name(dimension)}_low", f"{_name(dimension)}_high"


def options_name(dimension: Dimension) -> str:
    """Name of the widget of the values of a field."""
    return f"{_name(dimension)}_options"


def _name(dimension: Dimension) -> str:
    return dimension.path.replace(".", "_")


def follow_range(dimension: Dimension, names: tuple[str, str]) -> None:
    """Replace the two widgets of a range if the base configuration has another range and they show the former one.

    Args:
        dimension: The field with its range.
        names: Of the widgets of its lower and upper end.
    """
    ranges: dict[str, tuple[float, float]] = st.session_state.setdefault(_RANGES, {})
    before = ranges.get(dimension.path)
    ranges[dimension.path] = dimension.low, dimension.high
    if before is None or before == ranges[dimension.path]:
        return
    shown = tuple(st.session_state.get(widget_key("search", name)) for name in names)
    if shown == before:
        replace_widgets({("search", name): None for name in names}, always=True)

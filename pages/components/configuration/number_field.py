"""Number fields of a configuration: a typed value, with a slider where the range is natural."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.state.draft import draft
from pages.components.state.widgets import assign_default, replace_widgets
from riskmodel.config.field import FieldDescription

_MAX_STEPS = 20
"""Whole numbers in a range up to which a slider is drawn."""
_MAX_RANGE = 5.0
"""Range of a real number up to which a slider is drawn."""


def has_slider(field: FieldDescription) -> bool:
    """True if the field has a short range with both ends and a linear scale, such as a share."""
    if field.minimum is None or field.maximum is None or field.optional or field.log:
        return False
    return field.maximum - field.minimum <= (_MAX_STEPS if field.kind == "integer" else _MAX_RANGE)


def draw_number(field: FieldDescription, value: Any, common: dict[str, Any]) -> Any:
    """Draw the field for a typed value and return the value.

    Args:
        value: Of a new widget.
        common: Arguments of the widget.
    """
    number = int if field.kind == "integer" else float
    common["value"] = None if value is None else number(value)
    if field.optional:
        # Only a field with an empty default can be emptied.
        assign_default(common["key"], common["value"])
        common |= {"value": None, "placeholder": field.empty}
    return st.number_input(
        min_value=None if field.minimum is None else number(field.minimum),
        max_value=None if field.maximum is None else number(field.maximum),
        step=number(field.step or 1),
        format="%d" if field.kind == "integer" else "%g",
        **common,
    )


def draw_slider(field: FieldDescription, section: str, value: Any, common: dict[str, Any]) -> Any:
    """Draw a slider and the field for a typed value side by side; either one changes the other.

    Args:
        section: Of the draft.
        value: Of a new widget.
        common: Arguments of the widget for a typed value.
    """
    number = int if field.kind == "integer" else float
    assert field.minimum is not None and field.maximum is not None
    place = f"pair_{section}_{field.name}"
    with st.container(key=place):
        typed = draw_number(field, value, common)
        shown = number(value if typed is None else typed)
        # Another slider if the value was not set by this one: a browser that still draws the earlier page would return
        # the replaced value. If it was, the same one, so that it keeps the focus.
        version, last = st.session_state.get(place, (0, shown))
        version += last != shown
        st.session_state[place] = version, shown
        key = f"{place}_slider-{version}"
        st.slider(
            common["label"],
            number(field.minimum),
            number(field.maximum),
            shown,
            step=number(field.step or 1),
            key=key,
            label_visibility="collapsed",
            on_change=_take,
            args=(section, field.name, place, key, version),
        )
    return typed


def _take(section: str, name: str, place: str, key: str, version: int) -> None:
    """Write the value of the slider into the draft and the field for a typed value; a replaced slider has no effect."""
    if st.session_state[place][0] != version:
        return
    value = st.session_state[key]
    st.session_state[place] = version, value
    draft()[section][name] = value
    replace_widgets({(section, name): value})

"""Keys of widgets whose values the program replaces: fields of the configuration, the preset, column overrides.

A widget with a replaced value gets another key and its new value as default. Under the same key, a browser that still
draws the earlier page would return the replaced value with its next input, and Streamlit would take it for a change by
the user. A callback reads the present key, which has no value yet if the browser used a replaced widget.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

_VERSIONS = "widget_versions"
"""By field, how often its value was replaced."""
_NUM_DRAWN = "widgets_drawn"
"""By key of a widget that can be emptied, how often it was drawn."""


def widget_key(section: str, name: str) -> str:
    """The present key of a field's widget.

    ``training_epochs``, in the browser the CSS class ``st-key-training_epochs``; once its value was replaced,
    ``training_epochs-1``, ``training_epochs-2``, ….
    """
    field = _field(section, name)
    version = st.session_state.get(_VERSIONS, {}).get(field, 0)
    return f"{field}-{version}" if version else field


def reset_widget(section: str, name: str) -> None:
    """Replace the widget, which is then drawn with its default. Call before it is drawn."""
    field, versions = _field(section, name), st.session_state.setdefault(_VERSIONS, {})
    is_first = field not in versions and field not in st.session_state
    versions[field] = 0 if is_first else versions.get(field, 0) + 1


def replace_value(section: str, name: str, value: Any) -> None:
    """Replace the widget unless it has this value; then draw it with this value as default."""
    key = widget_key(section, name)
    if key not in st.session_state or st.session_state[key] != value:
        reset_widget(section, name)


def assign_default(key: str, value: Any) -> None:
    """Assign the default of a widget that can be emptied, so that Streamlit's own default must be empty.

    Streamlit sends an assigned value with one run only, and a browser may draw two runs at once, so that the value is
    assigned twice.
    """
    drawn = st.session_state.setdefault(_NUM_DRAWN, {})
    drawn[key] = drawn.get(key, 0) + 1 if key in st.session_state else 1
    if drawn[key] <= 2:
        st.session_state[key] = st.session_state.get(key, value)


def _field(section: str, name: str) -> str:
    return f"{section}_{name}" if section else name

"""Keys of widgets whose values the program replaces: fields of the configuration, the preset, column overrides.

A widget with a replaced value gets another key and its new value as default. Under the same key, a browser that still
draws the earlier page would return the replaced value with its next input, and Streamlit would take it for a change by
the user. A callback reads the present key, which has no value yet if the browser used a replaced widget.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

_VERSIONS = "widget_versions"
"""By field, how often its value was replaced."""
_NUM_DRAWN = "widgets_drawn"
"""By key of a widget that can be emptied, how often the present page drew it."""
_PAGE = "widgets_page"
"""The page drawn last."""


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
    replace_widgets({(section, name): None}, always=True)


def replace_widgets(values: Mapping[tuple[str, str], Any], *, always: bool = False) -> None:
    """Replace the widgets that have another value; they are then drawn with their defaults.

    All or none is replaced, also if the browser ends the run meanwhile.

    Args:
        values: value by section and name.
        always: whether widgets with this value are replaced as well.
    """
    versions: dict[str, int] = st.session_state.setdefault(_VERSIONS, {})
    replaced = {}
    for (section, name), value in values.items():
        key = widget_key(section, name)
        is_drawn = key in st.session_state
        if always or not is_drawn or st.session_state[key] != value:
            field = _field(section, name)
            replaced[field] = versions[field] + 1 if field in versions else int(is_drawn)
    versions.update(replaced)


def assign_default(key: str, value: Any) -> None:
    """Assign the default of a widget that can be emptied, so that Streamlit's own default must be empty.

    Streamlit sends an assigned value with one run only, and a browser may draw two runs at once, so that the value is
    assigned twice.
    """
    drawn = st.session_state.setdefault(_NUM_DRAWN, {})
    drawn[key] = drawn.get(key, 0) + 1 if key in st.session_state else 1
    if drawn[key] <= 2:
        st.session_state[key] = st.session_state.get(key, value)


def begin_page(url_path: str) -> None:
    """Note the page that is drawn next; defaults of widgets that can be emptied are assigned to it again."""
    if st.session_state.get(_PAGE) != url_path:
        st.session_state[_PAGE] = url_path
        # Not removed: the run of the page before may still read all keys of the session.
        st.session_state.setdefault(_NUM_DRAWN, {}).clear()


def _field(section: str, name: str) -> str:
    return f"{section}_{name}" if section else name

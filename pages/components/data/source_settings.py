"""Settings of the file that the Data page turns into a dataset: target, outcomes, missing-value markers, name.

They stay while other pages are shown, and are cleared when another file is opened. Column roles and the layout are
stored by file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.components.file_layout.target_view import forget_outcomes, keep_outcomes
from riskmodel.tables.schema.schema import MISSING_MARKERS, Schema
from riskmodel.workspace.data.sources import Source

TARGET, MARKERS, NAME = "target", "missing_markers", "dataset_name"
"""Widget keys."""
_SOURCE = "settings_of_source"


def begin_settings(source: Source, target: str | None) -> None:
    """Start with the given target and the defaults, unless the file has settings in this tab."""
    if st.session_state.get(_SOURCE) != source.id:
        clear_settings()
        keep_settings(source.id)
    _default(TARGET, target)
    _default(MARKERS, list(MISSING_MARKERS))
    _default(NAME, Path(source.name).name.split(".")[0])


def load_settings(source_id: str, schema: Schema, name: str) -> None:
    """Start with the settings of a saved dataset."""
    keep_settings(source_id)
    keep_outcomes(schema)
    values: dict[str, str | Sequence[str] | None] = {
        TARGET: schema.target,
        MARKERS: list(schema.missing_markers),
        NAME: name,
    }
    st.session_state.update(values)


def keep_settings(source_id: str) -> None:
    """Use the present settings for this file, such as one made from the present file."""
    st.session_state[_SOURCE] = source_id


def clear_settings() -> None:
    """Clear all settings."""
    forget_outcomes()
    for key in (TARGET, MARKERS, NAME, _SOURCE):
        st.session_state.pop(key, None)


def _default(key: str, value: str | Sequence[str] | None) -> None:
    if key not in st.session_state:
        st.session_state[key] = value

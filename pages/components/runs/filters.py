"""Filters of the Runs page: scope, free text, metrics and hyperparameters."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.components.runs.table import ARCHITECTURE
from riskmodel.plots.theme import plain_number
from riskmodel.workspace.runs.run_table import RunColumn, RunFilter, RunTable

Scope = Literal["runs", "archived", "deleted"]
SCOPES: dict[Scope, str] = {"runs": "Runs", "archived": "Archived", "deleted": "Deleted"}
_FILTERS_PER_ROW = 3


@dataclass(frozen=True)
class Search:
    """Search criteria.

    Attributes:
        scope: Active, archived or deleted runs.
        text: Words in name, tags and notes.
    """

    scope: Scope
    text: str


def ask_search() -> Search:
    """Draw the selection of scope and the search field."""
    left, right = st.columns([3, 4], vertical_alignment="bottom")
    with left:
        scope = st.segmented_control(
            "Show",
            list(SCOPES),
            key="runs_scope",
            default="runs",
            required=True,
            format_func=lambda key: SCOPES[key],
            label_visibility="collapsed",
            persist_state="session",
        )
    text = right.text_input(
        "Find",
        key="runs_text",
        placeholder="Search names, tags and notes",
        label_visibility="collapsed",
        icon=":material/search:",
        persist_state="session",
    )
    return Search(scope, text)


def ask_filters(table: RunTable) -> tuple[list[RunFilter], list[str]]:
    """Draw the filters and the selection of additional columns, and return both."""
    labels = {key: column.label for key, column in table.columns.items()}
    parameters = [key for key in labels if table.columns[key].group == "setting" and key != ARCHITECTURE]
    _forget("runs_filter_fields", labels)
    _forget("runs_columns", parameters)
    left, right = st.columns([5, 3])
    chosen = left.multiselect(
        "Filter by",
        list(labels),
        key="runs_filter_fields",
        format_func=lambda key: labels.get(key, key),
        placeholder="Metric or hyperparameter",
        help="Runs without a value in a filtered field are hidden.",
        persist_state="session",
    )
    further = right.multiselect(
        "More columns",
        parameters,
        key="runs_columns",
        format_func=lambda key: labels.get(key, key),
        placeholder="Hyperparameters",
        help="Hyperparameters that differ between the runs shown already have a column.",
        persist_state="session",
    )
    filters = []
    for start in range(0, len(chosen), _FILTERS_PER_ROW):
        cells = st.columns(_FILTERS_PER_ROW, gap="medium")
        for cell, key in zip(cells, chosen[start : start + _FILTERS_PER_ROW], strict=False):
            with cell:
                column = table.columns[key]
                filters.append(_ask_range(column) if column.kind == "number" else _ask_values(column))
    return filters, further


def _ask_values(column: RunColumn) -> RunFilter:
    values = sorted({str(value) for value in column.values if value is not None})
    _forget(f"filter {column.key}", values)
    chosen = st.multiselect(
        column.label, values, key=f"filter {column.key}", placeholder="All", persist_state="session"
    )
    return RunFilter(column.key, among=tuple(chosen))


def _ask_range(column: RunColumn) -> RunFilter:
    numbers = [value for value in column.values if isinstance(value, (int, float))]
    low, high = (min(numbers), max(numbers)) if numbers else (0, 0)
    step = _step(low, high)
    ends = []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, end in (("from", low), ("to", high)):
            shown = plain_number(end, digits=4) if numbers else ""
            ends.append(
                st.number_input(
                    f"{column.label} {name}",
                    value=None,
                    step=step,
                    format="%.10g",
                    key=f"filter {column.key} {name}",
                    placeholder=shown,
                    persist_state="session",
                )
            )
    return RunFilter(column.key, low=ends[0], high=ends[1])


def _forget(key: str, options: Collection[str]) -> None:
    """Remove options that no longer exist from the selection."""
    if key in st.session_state:
        st.session_state[key] = [option for option in st.session_state[key] if option in options]


def _step(low: float, high: float) -> float:
    """A power of ten, at most a tenth of the range."""
    return 10.0 ** math.floor(math.log10((high - low) / 10)) if high > low else 1.0

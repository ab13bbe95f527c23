"""Table of the Runs page and its row selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.components.shared.tables import offer_csv, table_height
from pages.components.state.selection import select
from riskmodel.workspace.queue.job_record import STATE_NAMES
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.run_table import FACTS, METRICS, RunColumn, RunTable

KEY = "runs_table"
_SHOWN = "runs_shown"
ARCHITECTURE = "network.architecture"
_FIRST = ("state", "dataset")
"""Facts before the metrics; the others follow the hyperparameters."""


def chosen_runs(shown: Sequence[RunRecord]) -> list[RunRecord]:
    """The selected runs, in table order; the selection survives added, removed and moved rows."""
    ids, before = [run.id for run in shown], st.session_state.get(_SHOWN, [])
    state = st.session_state.get(KEY)
    rows = [row for row in state["selection"]["rows"] if row < len(before)] if state else []
    chosen = {before[row] for row in rows}
    if state is None and (wanted := st.query_params.get("run")) in ids:
        chosen = {wanted}
    if state is None or ids != before:
        places = [place for place, run_id in enumerate(ids) if run_id in chosen]
        st.session_state[KEY] = {"selection": {"rows": places, "columns": [], "cells": []}}
    st.session_state[_SHOWN] = ids
    selected = [run for run in shown if run.id in chosen]
    if len(selected) == 1:
        select("run", selected[0].id)
    return selected


def show_table(table: RunTable, further: Sequence[str]) -> None:
    """Draw the table, with columns for differing hyperparameters and those of ``further``."""
    fields = [key for key in table.columns if key in {*table.differing_settings, *further} - {ARCHITECTURE}]
    frame, config = as_frame(table, fields)
    st.dataframe(
        frame,
        key=KEY,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config=config,
        height=table_height(len(table.runs)),
        placeholder="",
    )
    offer_csv(frame, "runs")


def as_frame(table: RunTable, fields: Sequence[str]) -> tuple[pd.DataFrame, Mapping[str, ColumnConfig]]:
    """The rows and the column configuration."""
    columns, runs = table.columns, table.runs
    frame: dict[str, pd.Series] = {"name": pd.Series([run.name for run in runs], dtype="str")}
    config: dict[str, ColumnConfig] = {"name": st.column_config.TextColumn("Run", width=150)}
    frame["tags"] = pd.Series([list(run.tags) for run in runs], dtype="object")
    config["tags"] = st.column_config.ListColumn("Tags", width="small")
    frame["created"] = pd.Series([run.created_at for run in runs]).dt.floor("s")
    config["created"] = st.column_config.DatetimeColumn("Created", format="distance", width=130)
    facts = [key for key in FACTS if key not in _FIRST]
    for key in (*_FIRST, ARCHITECTURE, *METRICS, *fields, *facts):
        frame[key] = _series(columns[key])
        config[key] = _config(columns[key])
    frame["state"] = frame["state"].map(STATE_NAMES)
    frame["duration"] = frame["duration"].round(1)
    config["duration"] = st.column_config.NumberColumn(FACTS["duration"].label, format="localized", width="small")
    if any(run.remarks for run in runs):
        frame["remarks"] = pd.Series([run.remarks for run in runs], dtype="str")
        config["remarks"] = st.column_config.TextColumn("Notes", width="medium")
    if any(run.deleted_at for run in runs):
        frame["deleted"] = pd.Series([run.deleted_at for run in runs]).dt.floor("s")
        config["deleted"] = st.column_config.DatetimeColumn("Deleted", format="distance", width="small")
    frame["id"] = pd.Series([run.id for run in runs], dtype="str")
    config["id"] = st.column_config.TextColumn("Id", width="small")
    return pd.DataFrame(frame), config


def _series(column: RunColumn) -> pd.Series:
    if column.kind == "text":
        return pd.Series(column.values, dtype="category")  # each text is sent to the browser once
    whole = all(value is None or isinstance(value, int) for value in column.values)
    return pd.Series(column.values, dtype="Int64" if whole else "float64")


def _config(column: RunColumn) -> ColumnConfig:
    if column.kind == "text":
        return st.column_config.TextColumn(column.label)
    if column.group == "metric":
        return st.column_config.NumberColumn(column.label, format="%.4f", help=METRICS[column.key].help)
    return st.column_config.NumberColumn(column.label, format="plain")

"""Runs: everything that was trained, newest first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.messages import in_words
from pages.components.router import is_routed
from pages.components.run_picker import describe
from pages.components.selection import select, selected
from pages.components.state import workspace
from pages.components.tables import table_height
from pages.components.ways import empty_state, way_to
from pages.components.words import escape
from riskmodel.workspace.runs import RunRecord

MOST_RUNS = 500
COLUMNS = {
    "name": st.column_config.TextColumn("Run", width="medium"),
    "state": st.column_config.TextColumn("State", width="small"),
    "dataset": st.column_config.TextColumn("Dataset", width="medium"),
    "auc": st.column_config.NumberColumn("AUC test", format="%.4f"),
    "ks": st.column_config.NumberColumn("KS test", format="%.4f"),
    "log_loss": st.column_config.NumberColumn("Log-loss test", format="%.4f"),
    "validation_auc": st.column_config.NumberColumn("AUC validation", format="%.4f"),
    "best_epoch": st.column_config.NumberColumn("Best epoch", format="%d"),
    "device": st.column_config.TextColumn("Device", width="small"),
    "created": st.column_config.DatetimeColumn("Created", format="distance"),
    "id": st.column_config.TextColumn("Id", width="small"),
}


def main() -> None:
    st.title("Runs")
    runs = workspace().runs.list(limit=MOST_RUNS)
    if not runs:
        text = "Every training is kept here with its choices, figures and model."
        empty_state("No runs yet", text, ("Train a network", "train", "go_train"))
        return
    names = {record.id: record.title for record in workspace().datasets.list()}
    st.caption("Click a row to open its run. Click a heading to sort.")
    st.dataframe(
        pd.DataFrame([as_row(run, names) for run in runs]),
        key="runs_table",
        hide_index=True,
        on_select=lambda: choose_clicked(runs),
        selection_mode="single-row",
        column_config=COLUMNS,
        height=table_height(len(runs)),
    )
    by_id = {run.id: run for run in runs}
    if st.session_state.get("chosen_run") not in by_id:
        wanted = selected("run")
        st.session_state["chosen_run"] = wanted if wanted in by_id else runs[0].id
    chosen = st.selectbox("Chosen run", list(by_id), key="chosen_run", format_func=lambda key: describe(by_id[key]))
    show_ways(by_id[chosen])


def show_ways(run: RunRecord) -> None:
    select("run", run.id)
    if run.error:
        st.error(escape(run.error), icon=":material/error:")
    with st.container(horizontal=True):
        way_to("Open in Train", "train", "open_train", run=run.id, dataset=run.dataset_id)
        if run.model_folder is not None:
            way_to("Evaluate", "evaluate", "open_evaluate", run=run.id)
            way_to("Compare", "compare", "open_compare", run=run.id)
            way_to("Score customers", "score", "open_score", run=run.id)


def choose_clicked(runs: list[RunRecord]) -> None:
    rows = st.session_state["runs_table"]["selection"]["rows"]
    if rows:
        st.session_state["chosen_run"] = runs[rows[0]].id


def as_row(run: RunRecord, names: dict[str, str]) -> dict[str, object]:
    metrics = run.metrics or {}
    test, validation = metrics.get("test", {}), metrics.get("validation", {})
    return {
        "name": run.name,
        "state": run.state,
        "dataset": names.get(run.dataset_id, run.dataset_id),
        "auc": test.get("auc"),
        "ks": test.get("ks"),
        "log_loss": test.get("log_loss"),
        "validation_auc": validation.get("auc"),
        "best_epoch": run.best_epoch,
        "device": run.device_used or "",
        "created": run.created_at,
        "id": run.id,
    }


if is_routed():
    with in_words():
        main()

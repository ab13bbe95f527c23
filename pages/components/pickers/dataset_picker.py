"""Selection of the dataset of a page, stored in the URL."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from pages.components.shared.words import moment
from pages.components.state.absence import explain_absence, note_absence
from pages.components.state.cached import workspace
from pages.components.state.selection import select, selected
from riskmodel.errors import WorkspaceError
from riskmodel.wording import count
from riskmodel.workspace.data.datasets import DatasetRecord


def find_dataset(records: list[DatasetRecord]) -> DatasetRecord:
    """The selected dataset: that of the URL, of the run in the URL, or the newest."""
    by_id = {record.id: record for record in records}
    wanted = selected("dataset")
    run_id = st.query_params.get("run") or (None if wanted else selected("run"))
    if "dataset" not in st.query_params and run_id:
        with suppress(WorkspaceError):
            wanted = workspace().runs.get(run_id).dataset_id
    if st.session_state.get("dataset") not in by_id or wanted != st.session_state.get("dataset_shown"):
        st.session_state["dataset"] = wanted if wanted in by_id else records[0].id
        st.session_state["dataset_shown"] = wanted
        note_absence("dataset", wanted if wanted not in by_id else None, st.session_state["dataset"])
    return by_id[st.session_state["dataset"]]


def pick_dataset(records: list[DatasetRecord], *, shows_label: bool = True) -> DatasetRecord:
    """Draw the list of datasets with that of `find_dataset` selected."""
    by_id = {record.id: record for record in records}
    # Streamlit discards the value of a list on another page with this key unless it is set again.
    st.session_state["dataset"] = find_dataset(records).id
    chosen = st.selectbox(
        "Dataset",
        list(by_id),
        key="dataset",
        format_func=lambda key: describe(by_id[key]),
        label_visibility="visible" if shows_label else "collapsed",
    )
    explain_absence("dataset", chosen, by_id[chosen].title)
    select("dataset", chosen)
    st.session_state["dataset_shown"] = chosen
    return by_id[chosen]


def describe(record: DatasetRecord) -> str:
    """One line for the list."""
    return f"{record.title} · {count(record.num_rows, 'customer')} · {moment(record.created_at)}"

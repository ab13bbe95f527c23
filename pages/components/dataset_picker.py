"""The dataset a page works on: chosen from a list, kept in the URL."""

from __future__ import annotations

import streamlit as st

from pages.components.selection import select, selected
from pages.components.words import count, moment
from riskmodel.workspace.datasets import DatasetRecord


def pick_dataset(records: list[DatasetRecord]) -> DatasetRecord:
    """The dataset to learn from; the newest one unless another was chosen."""
    by_id = {record.id: record for record in records}
    wanted = selected("dataset")
    if st.session_state.get("dataset") not in by_id or wanted != st.session_state.get("dataset_shown"):
        st.session_state["dataset"] = wanted if wanted in by_id else records[0].id
    chosen = st.selectbox("Dataset", list(by_id), key="dataset", format_func=lambda key: describe(by_id[key]))
    select("dataset", chosen)
    st.session_state["dataset_shown"] = chosen
    return by_id[chosen]


def describe(record: DatasetRecord) -> str:
    """One line for the list."""
    return f"{record.title} · {count(record.num_rows, 'customer')} · {moment(record.created_at)}"

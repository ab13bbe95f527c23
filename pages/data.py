"""Data: upload a file, define target and column roles, save a dataset."""

from __future__ import annotations

import streamlit as st

from pages.components.data.dataset_view import show_dataset
from pages.components.data.source_view import shape_source
from pages.components.pickers.deletion import offer_deletion, show_deletion
from pages.components.shared.messages import show_errors, toast_errors
from pages.components.shared.position import start_at_top
from pages.components.shared.router import is_routed
from pages.components.shared.words import moment
from pages.components.state.cached import SAMPLE, workspace
from pages.components.state.selection import select, selected, show_in_url
from pages.components.upload.uploader import keep_upload
from riskmodel.tables.files.signatures import FORMATS
from riskmodel.wording import count, size


def main() -> None:
    show_deletion()
    source_id, dataset_id = selected("source"), selected("dataset")
    if source_id:
        show_in_url("source", source_id)
        shape_source(source_id)
    elif dataset_id:
        show_in_url("dataset", dataset_id)
        show_dataset(dataset_id)
    else:
        choose()
    start_at_top(source_id, dataset_id)


def choose() -> None:
    """Draw the start: upload, sample data, saved datasets and files."""
    st.title("Choose a dataset")
    st.markdown("One row per customer, with one outcome column: good or bad. Files stay on this machine.")
    left, right = st.columns([3, 2], gap="large")
    with left, show_errors():
        source = keep_upload(
            "Customer file",
            key="upload",
            hint=f"{FORMATS}; text may be compressed. Format is detected from the content.",
        )
        if source is not None:
            select("source", source.id)
            st.rerun()
        st.button("Use the sample customers", key="use_sample", icon=":material/science:", on_click=use_sample)
        st.caption("5,000 synthetic customers with missing values, rare categories and special codes.")
    with right, show_errors():
        list_datasets()
        list_sources()


def use_sample() -> None:
    with toast_errors():
        select("source", workspace().sources.add(SAMPLE.name, SAMPLE).id)


def list_datasets() -> None:
    records = workspace().datasets.list()
    if not records:
        return
    by_id = {record.id: record for record in records}
    chosen = st.selectbox(
        "Saved datasets",
        list(by_id),
        key="dataset_list",
        format_func=lambda key: (
            f"{by_id[key].title} · {count(by_id[key].num_rows, 'row')} · {moment(by_id[key].created_at)}"
        ),
    )
    st.button("Open this dataset", key="open_dataset", on_click=open_dataset, args=(chosen,))


def list_sources() -> None:
    """Draw the list of uploaded files, including scored ones, with Open and Delete."""
    records = workspace().sources.list()
    if not records:
        return
    by_id = {record.id: record for record in records}
    chosen = st.selectbox(
        "Uploaded files",
        list(by_id),
        key="source_list",
        format_func=lambda key: f"{by_id[key].name} · {size(by_id[key].num_bytes)} · {moment(by_id[key].created_at)}",
    )
    with st.container(horizontal=True):
        st.button("Open this file", key="open_source", on_click=select, args=("source", chosen))
        offer_deletion("source", chosen, by_id[chosen].name)


def open_dataset(dataset_id: str) -> None:
    select("dataset", dataset_id)


if is_routed():
    main()

"""Versions of a dataset: list, comparison, and a new version from a file."""

from __future__ import annotations

import streamlit as st

from pages.components.data.rejects_view import show_rejects
from pages.components.data.version_differences import show_differences
from pages.components.shared.messages import show_errors
from pages.components.shared.words import escape
from pages.components.state.cached import BY_REPR, load_dataset, read_source_as, workspace
from pages.components.state.selection import select
from pages.components.upload.uploader import keep_upload
from riskmodel.tables.comparing.comparison import Comparison, compare
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.reading.open_table import Layout, TableFile
from riskmodel.tables.versions import layout_for, next_schema
from riskmodel.wording import count, plural
from riskmodel.workspace.data.datasets import DatasetRecord
from riskmodel.workspace.data.sources import Source

STRIP = "version_strip"


def show_versions(record: DatasetRecord) -> None:
    """Draw the list of versions, if there are several, and the comparison of two."""
    versions = workspace().datasets.versions(record.id)
    if len(versions) == 1:
        return
    by_id = {version.id: version for version in versions}
    strip, other = st.columns([3, 2], vertical_alignment="bottom")
    st.session_state[STRIP] = record.id
    strip.segmented_control(
        "Versions",
        list(by_id),
        key=STRIP,
        required=True,
        format_func=lambda key: f"v{by_id[key].version} · {count(by_id[key].num_rows, 'row')}",
        on_change=switch,
    )
    others = [version.id for version in versions if version.id != record.id]
    chosen = other.selectbox(
        "Compare with",
        others,
        index=None,
        key=f"compare_with_{record.id}",
        placeholder="Choose a version to compare with",
        format_func=lambda key: f"v{by_id[key].version} · saved {by_id[key].created_at.astimezone():%d %b %Y %H:%M}",
    )
    if chosen is None:
        return
    with st.container(border=True, key="versions_compared"), show_errors():
        older, newer = sorted((record, by_id[chosen]), key=lambda version: version.version)
        st.markdown(f"#### From v{older.version} to v{newer.version}")
        show_differences(compare_versions(older.id, newer.id), f"v{older.version}", is_masked())


def switch() -> None:
    if chosen := st.session_state[STRIP]:
        select("dataset", chosen)


def new_version(record: DatasetRecord) -> None:
    """Draw the upload of a newer file; changes are shown before it is saved."""
    key = pending_key(record.id)
    pending = st.session_state.get(key)
    with st.expander(
        "New version from a file",
        key=f"new_version_{record.id}",
        icon=":material/upload_file:",
        expanded=pending is not None,
    ):
        if pending is None:
            st.caption("Newer customers with the same columns and format. Nothing is saved until you confirm.")
            with show_errors():
                source = keep_upload("Newer file", key="version_upload", hint="With the same columns as this dataset.")
                if source is not None:
                    st.session_state[key] = source.id
                    st.rerun()
            return
        title, other = st.columns([5, 1], vertical_alignment="center")
        other.button("Another file", key="drop_version", on_click=drop_pending, args=(record.id,), width="stretch")
        with show_errors():
            source = workspace().sources.get(pending)
            title.markdown(f"**{escape(source.name)}**, compared with **{escape(record.title)}**")
            layout = layout_for(source.path, load_dataset(record.id).schema.layout)
            offer_version(record, source, read_source_as(source.id, layout), layout)


def offer_version(record: DatasetRecord, source: Source, file: TableFile, layout: Layout | None) -> None:
    """Draw the changes and Save."""
    dataset = load_dataset(record.id)
    st.markdown(f"{count(file.table.num_rows, 'row')} · {escape(file.description)}")
    accepted = show_rejects(source, file, is_masked())
    comparison = compare_source(record.id, source.id, layout)
    show_differences(comparison, record.title, is_masked())
    next_number = workspace().datasets.versions(record.id)[-1].version + 1
    as_missing = False
    if comparison.unreadable:
        cells = sum(unreadable.count for unreadable in comparison.unreadable.values())
        as_missing = st.checkbox(
            f"Read {plural(cells, 'this cell', f'these {cells:,} cells')} as missing", key="version_as_missing"
        )
    ready = accepted and (as_missing or not comparison.unreadable)
    if st.button(f"Save as version {next_number}", key="save_version", type="primary", disabled=not ready):
        schema = next_schema(dataset.schema, file.table, file.layout, comparison.unreadable)
        save_version(record, source, Dataset.from_strings(file.table, schema, record.name))
    st.caption(consequences(comparison, ready))


def consequences(comparison: Comparison, ready: bool) -> str:
    """Text on columns that only one file has, or on what is missing before saving."""
    if not ready:
        return "Decide what to do with unreadable rows and cells, or fix the file."
    sentences = []
    if comparison.added:
        sentences.append(f"{count(len(comparison.added), 'new column')} ignored until you change the roles.")
    if comparison.missing:
        sentences.append(f"{count(len(comparison.missing), 'column')} of the previous version missing.")
    return " ".join(sentences)


def save_version(record: DatasetRecord, source: Source, dataset: Dataset) -> None:
    with st.spinner("Saving the version"):
        saved = workspace().datasets.add(dataset, source_id=source.id, version_of=record.id)
    drop_pending(record.id)
    select("dataset", saved.id)
    st.rerun()


def drop_pending(dataset_id: str) -> None:
    st.session_state.pop(pending_key(dataset_id), None)


def pending_key(dataset_id: str) -> str:
    return f"version_from_{dataset_id}"


def is_masked() -> bool:
    """True if personal data are masked; the switch is further down on the page."""
    return not st.session_state.get("show_personal", False)


@st.cache_resource(max_entries=8, show_spinner="Comparing the versions")
def compare_versions(older_id: str, newer_id: str) -> Comparison:
    """Changes from an older version to a newer one."""
    return compare(load_dataset(older_id), load_dataset(newer_id))


@st.cache_resource(max_entries=4, show_spinner="Comparing the file with the dataset", hash_funcs=BY_REPR)
def compare_source(dataset_id: str, source_id: str, layout: Layout | None) -> Comparison:
    """Changes from a dataset to an uploaded file."""
    return compare(load_dataset(dataset_id), read_source_as(source_id, layout).table)

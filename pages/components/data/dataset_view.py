"""A saved dataset: key figures, versions, checks, and the table of columns."""

from __future__ import annotations

import streamlit as st

from pages.components.data.changes import show_done
from pages.components.data.columns_view import show_columns
from pages.components.data.quality_view import show_quality
from pages.components.data.remedies import show_next_step
from pages.components.data.renaming import offer_renaming
from pages.components.data.roles import kept_key
from pages.components.data.source_settings import load_settings
from pages.components.data.versions_view import new_version, show_versions
from pages.components.file_layout.layout_choice import choose_layout
from pages.components.pickers.deletion import offer_deletion
from pages.components.shared.messages import show_errors, toast_errors
from pages.components.shared.privacy import keep_as_saved
from pages.components.shared.words import escape, moment
from pages.components.state.cached import load_dataset, load_target, workspace
from pages.components.state.selection import select
from riskmodel.wording import percentage
from riskmodel.workspace.data.datasets import DatasetRecord


def show_dataset(dataset_id: str) -> None:
    """Draw the page of a dataset."""
    with show_errors() as attempt:
        record = workspace().datasets.get(dataset_id)
    if attempt.failed:
        st.button("Choose a file", key="other_file", on_click=choose_again)
        return
    title, actions = st.columns([2, 3], vertical_alignment="bottom")
    title.title(escape(record.title))
    with actions.container(horizontal=True, horizontal_alignment="right"):
        st.button("Another file", key="other_file", on_click=choose_again, icon=":material/arrow_back:")
        if record.source_id:
            st.button("Change roles", key="change_roles", on_click=reshape, args=(record,))
        offer_renaming(record)
        offer_deletion("dataset", record.id, record.title)
        next_step = st.container(horizontal=True, key="next_steps", width="content")
    show_done(record)
    with show_errors():
        figures(record)
    with show_errors():
        show_versions(record)
    new_version(record)
    with show_errors():
        show_quality(record)
    with show_errors():
        show_columns(record)
    with next_step, show_errors():  # last, because it waits for the checks
        show_next_step(record)


def figures(record: DatasetRecord) -> None:
    st.markdown(f":gray[Target **{escape(record.target)}** · saved {moment(record.created_at)}]")
    origin = workspace().sources.get(record.source_id).origin if record.source_id else None
    if origin is not None:
        st.caption(escape(origin.text))
    cells = st.columns(4)
    cells[0].metric("Customers", f"{record.num_rows:,}")
    cells[1].metric("Columns", f"{record.num_columns:,}")
    cells[2].metric("Bad customers", f"{record.num_bads:,}")
    target = load_target(record.id)
    cells[3].metric("Bad rate", percentage(target.bad_rate), help=f"Of {target.num_labeled:,} bad and good customers.")
    st.caption(escape(f"{target.lines()[0]}."))


@toast_errors()
def reshape(record: DatasetRecord) -> None:
    """Open the file with the settings of this dataset."""
    schema = load_dataset(record.id).schema
    st.session_state[kept_key(str(record.source_id))] = {
        column.name: column for column in keep_as_saved(str(record.source_id), schema)
    }
    choose_layout(str(record.source_id), schema.layout)
    load_settings(str(record.source_id), schema, record.name)
    select("source", record.source_id)


def choose_again() -> None:
    select("dataset", None)

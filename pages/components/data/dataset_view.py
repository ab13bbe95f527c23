"""A saved dataset: key figures, versions, quality, and the profile of each column."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.data.quality_view import show_quality
from pages.components.data.roles import kept_key
from pages.components.data.source_settings import load_settings
from pages.components.data.versions_view import new_version, show_versions
from pages.components.file_layout.layout_choice import choose_layout
from pages.components.pickers.deletion import offer_deletion
from pages.components.shared.chart import draw_chart
from pages.components.shared.messages import show_errors, toast_errors
from pages.components.shared.navigation import link_button
from pages.components.shared.privacy import ask_to_mask, keep_as_saved, personal_columns
from pages.components.shared.tables import offer_csv
from pages.components.shared.words import escape, moment
from pages.components.state.cached import load_dataset, load_profile, load_target, workspace
from pages.components.state.selection import select
from riskmodel.plots.profile import plot_column
from riskmodel.tables.profiling.masking import mask_profile
from riskmodel.tables.profiling.profile import ColumnProfile
from riskmodel.wording import percentage
from riskmodel.workspace.data.datasets import DatasetRecord

LEARNED_FROM = ("numerical", "categorical", "date")


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
        offer_deletion("dataset", record.id, record.title)
        link_button("Train a network", "train", "to_train", primary=True, dataset=record.id)
    with show_errors():
        figures(record)
    with show_errors():
        show_versions(record)
    new_version(record)
    with show_errors():
        show_quality(record)
    with show_errors():
        st.subheader("Columns")
        profile(safe_profile(dataset_id))


def safe_profile(dataset_id: str) -> tuple[ColumnProfile, ...]:
    """Profiles of all columns; personal values are masked unless the analyst shows them."""
    profiles = load_profile(dataset_id)
    personal = set(personal_columns(load_dataset(dataset_id).schema))
    # Columns that are not inputs show no values anyway.
    if not ask_to_mask([column.name for column in profiles if column.name in personal and column.counts]):
        return profiles
    return tuple(mask_profile(column) if column.name in personal else column for column in profiles)


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


def profile(profiles: tuple[ColumnProfile, ...]) -> None:
    """Draw the table of columns and the chart of the selected one."""
    names = [column.name for column in profiles]
    left, right = st.columns([5, 6], gap="large")
    with right:
        if st.session_state.get("profile_column") not in names:
            st.session_state["profile_column"] = next((p.name for p in profiles if p.kind in LEARNED_FROM), names[0])
        chosen = st.selectbox("Column", names, key="profile_column")
        draw_chart(plot_column(profiles[names.index(chosen)]), "profile_chart")
    with left:
        st.caption("Select a row to plot its column.")
        frame = as_frame(profiles)
        st.dataframe(
            frame,
            key="profile_table",
            hide_index=True,
            height=460,
            on_select=lambda: draw_clicked(names),
            selection_mode="single-row",
            column_config=COLUMN_CONFIG,
        )
        offer_csv(frame, "columns")


def draw_clicked(names: list[str]) -> None:
    rows = st.session_state["profile_table"]["selection"]["rows"]
    if rows:
        st.session_state["profile_column"] = names[rows[0]]


def as_frame(profiles: tuple[ColumnProfile, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "column": [column.name for column in profiles],
            "kind": [column.kind for column in profiles],
            "missing": [100 * column.missing_share for column in profiles],
            "distinct": [column.distinct for column in profiles],
            "note": [column.note for column in profiles],
        }
    )


COLUMN_CONFIG = {
    "column": st.column_config.TextColumn("Column"),
    "kind": st.column_config.TextColumn("Role", width="small"),
    "missing": st.column_config.NumberColumn("Missing", format="%.1f%%", width="small"),
    "distinct": st.column_config.NumberColumn("Distinct", format="localized", width="small"),
    "note": st.column_config.TextColumn("Note", width="medium"),
}


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

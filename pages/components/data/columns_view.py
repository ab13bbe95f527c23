"""The columns of a saved dataset as one table: filter, roles of several columns, and the chart of one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.data.changes import NO_FILE, ROLES, set_role
from pages.components.data.column_table import (
    ColumnFilter,
    ColumnRow,
    as_frame,
    column_config,
    describe_interval,
    make_rows,
)
from pages.components.data.correlated_view import show_correlated
from pages.components.shared.chart import draw_chart
from pages.components.shared.messages import show_errors
from pages.components.shared.privacy import ask_to_mask, personal_columns
from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset, load_profile, load_quality, load_target
from riskmodel.plots.profile import plot_column
from riskmodel.tables.profiling.masking import mask_profile
from riskmodel.tables.profiling.profile import ColumnProfile
from riskmodel.tables.profiling.univariate import Univariate, compute_univariate
from riskmodel.tables.schema.schema import COLUMN_KINDS
from riskmodel.wording import count, percentage
from riskmodel.workspace.data.datasets import DatasetRecord

KEY, SHOWN, COLUMN = "profile_table", "profile_shown", "profile_column"


@st.cache_resource(max_entries=8, show_spinner="Computing the information value of each column")
def load_univariate(dataset_id: str) -> Univariate:
    """Predictive strength of every column of a dataset."""
    return compute_univariate(load_dataset(dataset_id))


def show_columns(record: DatasetRecord) -> None:
    """Draw the section of the columns."""
    st.subheader("Columns")
    univariate, report = load_univariate(record.id), load_quality(record.id)
    rows = make_rows(safe_profile(record.id), univariate, report.findings)
    show_table(record, rows, load_target(record.id).bad_rate)
    if univariate.sampled:
        st.caption(univariate.sampled)
    show_correlated(record, univariate)


def safe_profile(dataset_id: str) -> tuple[ColumnProfile, ...]:
    """Profiles of all columns; personal values are masked unless the analyst shows them."""
    profiles = load_profile(dataset_id)
    personal = set(personal_columns(load_dataset(dataset_id).schema))
    # Columns that are not inputs show no values anyway.
    if not ask_to_mask([column.name for column in profiles if column.name in personal and column.counts]):
        return profiles
    return tuple(mask_profile(column) if column.name in personal else column for column in profiles)


@st.fragment
def show_table(record: DatasetRecord, rows: tuple[ColumnRow, ...], bad_rate: float) -> None:
    """Draw filter, table, actions and chart; a selection runs only this part of the page."""
    with show_errors():
        wanted = ask_filter(record.id, rows)
        shown = [row for row in rows if wanted.keeps(row)]
        chosen = keep_selection(record.id, [row.profile.name for row in shown])
        show_actions(record, chosen, len(shown), len(rows))
        frame = as_frame(shown, bad_rate)
        st.dataframe(
            frame,
            key=KEY,
            hide_index=True,
            height=table_height(len(shown), max_height=520),
            on_select=draw_selected,
            selection_mode="multi-row",
            column_config=column_config(bad_rate),
            placeholder="",
        )
        offer_csv(frame.drop(columns=["distribution", "bad_rates"]), "columns")
        show_column(rows)


def ask_filter(dataset_id: str, rows: Sequence[ColumnRow]) -> ColumnFilter:
    """Draw the filter and return it."""
    kinds = {row.profile.kind for row in rows}
    titles = dict.fromkeys(title for row in rows for title in row.findings)
    name, role, finding = st.columns([2, 2, 3])
    return ColumnFilter(
        name.text_input("Filter by name", key=f"columns_text_{dataset_id}", placeholder="Part of a name"),
        tuple(
            role.multiselect(
                "Roles",
                [kind for kind in COLUMN_KINDS if kind in kinds],
                key=f"columns_roles_{dataset_id}",
                placeholder="All roles",
            )
        ),
        tuple(
            finding.multiselect(
                "Findings", list(titles), key=f"columns_findings_{dataset_id}", placeholder="With or without findings"
            )
        ),
    )


def keep_selection(dataset_id: str, shown: list[str]) -> list[str]:
    """Names of the selected columns; a selection survives a change of the filter where its rows are still shown.

    It ends with another dataset or version.
    """
    of_dataset, before = st.session_state.get(SHOWN, (dataset_id, []))
    before = before if of_dataset == dataset_id else []
    state = st.session_state.get(KEY)
    chosen = {before[place] for place in state["selection"]["rows"] if place < len(before)} if state else set()
    if state is not None and shown != before:
        places = [place for place, name in enumerate(shown) if name in chosen]
        st.session_state[KEY] = {"selection": {"rows": places, "columns": [], "cells": []}}
    st.session_state[SHOWN] = dataset_id, shown
    return [name for name in shown if name in chosen]


def draw_selected() -> None:
    """Show the chart of the column whose row was selected last."""
    (_, shown), places = st.session_state[SHOWN], st.session_state[KEY]["selection"]["rows"]
    before = set(st.session_state.get("profile_selected", ()))
    names = [shown[place] for place in places if place < len(shown)]
    added = [name for name in names if name not in before]
    st.session_state["profile_selected"] = names
    if added:
        st.session_state[COLUMN] = added[-1]


def show_actions(record: DatasetRecord, chosen: list[str], num_shown: int, num_rows: int) -> None:
    """Draw the role for all selected columns; always of the same height, so that the table does not move."""
    part = f"{num_shown:,} of " if num_shown < num_rows else ""
    text = f":gray[{part}{count(num_rows, 'column')} · select rows to change their roles together]"
    with st.container(horizontal=True, key="columns_actions", vertical_alignment="center"):
        role = st.selectbox("Role", list(ROLES), key="columns_role", width=190, label_visibility="collapsed")
        no_file = record.source_id is None
        help_text = NO_FILE if no_file else "Saves a new version of the dataset. This version is unchanged."
        pressed = st.button("Set role", key="set_role", disabled=no_file or not chosen, help=help_text)
        st.markdown(f"**{count(len(chosen), 'column')} selected**" if chosen else text, width="content")
        if pressed:
            set_role(record, chosen, ROLES[role])


def show_column(rows: Sequence[ColumnRow]) -> None:
    """Draw the chart and the figures of one column."""
    by_name = {row.profile.name: row for row in rows}
    if st.session_state.get(COLUMN) not in by_name:
        st.session_state[COLUMN] = max(by_name, key=lambda name: _iv(by_name[name]))
    chart, text = st.columns([5, 2], gap="large")
    with text:
        row = by_name[st.selectbox("Column", list(by_name), key=COLUMN)]
        st.markdown(describe(row))
    draw_chart(plot_column(row.profile), "profile_chart", chart)


def _iv(row: ColumnRow) -> float:
    return -1.0 if row.strength is None else row.strength.iv


def describe(row: ColumnRow) -> str:
    """The figures of a column as a Markdown list."""
    profile, strength = row.profile, row.strength
    lines = [
        f"{profile.kind.capitalize()}, {count(profile.distinct, 'distinct value')}",
        f"Missing: {percentage(profile.missing_share)}",
    ]
    if profile.missing_bad_rate is not None:
        lines.append(f"Bad rate where missing: {percentage(profile.missing_bad_rate)}")
    if strength is not None:
        lines.append(f"Information value: {strength.iv:.3f}")
        lines.append(f"AUC: {strength.auc:.3f} (95% interval {describe_interval(strength)})")
        if strength.is_rising is not None and strength.auc_low > 0.5:
            lines.append(f"Risk {'rises' if strength.is_rising else 'falls'} with the value")
    if row.findings:
        lines.append(f"Findings: {', '.join(row.findings)}")
    if profile.note:
        lines.append(escape(f"{profile.note[0].upper()}{profile.note[1:]}"))
    return "\n".join(f"- {line}" for line in lines)

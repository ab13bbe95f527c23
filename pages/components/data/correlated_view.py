"""Groups of strongly correlated columns, of which one can be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.components.data.changes import NO_FILE, exclude_columns
from pages.components.shared.messages import show_errors
from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset
from riskmodel.tables.checks.correlation import STRONGLY_CORRELATED, group_correlated
from riskmodel.tables.evidence.special_texts import hide_special_codes
from riskmodel.tables.profiling.univariate import Univariate
from riskmodel.wording import count, listed
from riskmodel.workspace.data.datasets import DatasetRecord

MAX_SHOWN = 12
MAX_NAMED = 8


@dataclass(frozen=True)
class CorrelatedGroup:
    """A group of correlated columns.

    Attributes:
        kept: The column with the highest information value.
        others: The other columns.
    """

    kept: str
    others: tuple[str, ...]


@st.cache_resource(max_entries=8, show_spinner="Computing correlations")
def load_groups(dataset_id: str) -> tuple[tuple[str, ...], ...]:
    """Groups of strongly correlated columns of a dataset."""
    dataset = load_dataset(dataset_id)
    return group_correlated(hide_special_codes(dataset.table, dataset.schema), dataset.schema)


def choose(groups: Sequence[Sequence[str]], univariate: Univariate) -> tuple[CorrelatedGroup, ...]:
    """The column to keep of each group."""

    def strength(name: str) -> float:
        found = univariate.columns.get(name)
        return -1.0 if found is None else found.iv

    best = [max(names, key=strength) for names in groups]
    return tuple(
        CorrelatedGroup(kept, tuple(name for name in names if name != kept))
        for kept, names in zip(best, groups, strict=True)
    )


def show_correlated(record: DatasetRecord, univariate: Univariate) -> None:
    """Draw the groups, each with its action; nothing without any."""
    groups = choose(load_groups(record.id), univariate)
    if not groups:
        return
    label = f"Strongly correlated columns: {count(len(groups), 'group')}"
    with st.expander(label, key="correlated", icon=":material/link:"), show_errors():
        st.caption(
            f"Numerical columns with a rank correlation of at least {STRONGLY_CORRELATED} to another column of their "
            "group, in a sample of at most 20,000 rows. The column with the highest information value is kept."
        )
        for place, group in enumerate(groups[:MAX_SHOWN]):
            text, action = st.columns([3, 2], vertical_alignment="center")
            names = listed(group.others, MAX_NAMED)
            text.markdown(f"**{escape(group.kept)}** and {escape(names)}")
            label = f"Keep only {escape(group.kept)}, exclude {len(group.others):,}"
            with action:
                _offer(record, label, f"keep_only_{place}", group.others)
        if len(groups) > MAX_SHOWN:
            st.caption(f"{len(groups) - MAX_SHOWN:,} more groups.")
        if len(groups) > 1:
            others = [name for group in groups for name in group.others]
            _offer(record, f"Keep one of each group, exclude {count(len(others), 'column')}", "keep_one_each", others)


def _offer(record: DatasetRecord, label: str, key: str, excluded: Sequence[str]) -> None:
    no_file = record.source_id is None
    help_text = NO_FILE if no_file else "Saves a new version of the dataset. This version is unchanged."
    if st.button(label, key=key, disabled=no_file, help=help_text):
        exclude_columns(record, excluded)

"""Changes of a saved dataset, each saved as a new version; the version before stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import streamlit as st

from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset, proposed_schema_as, read_source_as, workspace
from pages.components.state.selection import select
from riskmodel.tables.checks.duplicates import find_repeated_rows
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import INPUT_KINDS, Column, ColumnKind
from riskmodel.wording import count
from riskmodel.workspace.data.datasets import DatasetRecord
from riskmodel.workspace.data.sources import Origin

ROLES: dict[str, ColumnKind | None] = {
    "Input, detected": None,
    "Numerical": "numerical",
    "Categorical": "categorical",
    "Date": "date",
    "Identifier": "identifier",
    "Ignored": "ignored",
}
"""Roles for several columns at once; None detects the kind of each column."""
NO_FILE = "This dataset has no uploaded file, from which the columns would be read again."
_DONE = "dataset_changed"


@dataclass(frozen=True)
class Done:
    """The last change in this tab.

    Attributes:
        dataset_id: The new version.
        text: What was changed.
        before: The version before.
    """

    dataset_id: str
    text: str
    before: DatasetRecord


def set_role(record: DatasetRecord, names: Sequence[str], role: ColumnKind | None) -> None:
    """Save a version in which the named columns have a role, the target excepted; None detects the kind of each."""
    with st.spinner("Saving the version"):
        dataset = load_dataset(record.id)
        schema, source_id = dataset.schema, str(record.source_id)
        names = [name for name in names if name != schema.target] or names  # the target alone is an error
        if role is None:
            proposed = proposed_schema_as(source_id, schema.layout)
            columns = [as_input(proposed.column(name)) for name in names if name not in schema.inputs]
        else:
            columns = [with_role(schema.column(name), role) for name in names if schema.kind_of(name) != role]
        if not columns:
            st.toast("The selected columns have this role already.", icon=":material/info:")
            return
        changed = dataset.with_columns(columns, read_source_as(source_id, schema.layout).table)
    _save(record, changed, f"Role of {count(len(columns), 'column')} changed")


def with_role(column: Column, role: ColumnKind) -> Column:
    """The column with another role; its formats are detected again."""
    return Column(
        name=column.name,
        kind=role,
        reason="chosen by the analyst",
        missing_markers=column.missing_markers,
        personal=column.personal,
        protected=column.protected,
    )


def as_input(column: Column) -> Column:
    """The proposed column as an input: its own kind, or categorical if it was not proposed as an input."""
    if column.kind in INPUT_KINDS:
        return column
    return column.model_copy(update={"kind": "categorical", "reason": "chosen by the analyst"})


def exclude_columns(record: DatasetRecord, names: Sequence[str]) -> None:
    """Save a version in which the named columns are ignored."""
    with st.spinner("Saving the version without these columns"):
        dataset = load_dataset(record.id)
        raw = read_source_as(str(record.source_id), dataset.schema.layout).table
        changed = dataset.with_ignored(names, raw)
    _save(record, changed, f"{count(len(names), 'column')} excluded")


def remove_duplicates(record: DatasetRecord, ignore_identifiers: bool) -> None:
    """Save a version without the rows that repeat an earlier one, with a file of the remaining rows."""
    with st.spinner("Saving the version without duplicates"):
        dataset = load_dataset(record.id)
        kept = ~find_repeated_rows(dataset, ignore_identifiers=ignore_identifiers)
        removed = count(int((~kept).sum()), "duplicate")
        changed, source_id = dataset.with_rows(kept), record.source_id
        if source_id is not None:
            source = workspace().sources.get(source_id)
            raw = read_source_as(source_id, dataset.schema.layout).table
            rest = dataset.rows_of(raw).filter(pa.array(kept))
            text = f"{source.name} without {removed}."
            if source.origin is not None:
                text = f"{text} Previous step: {source.origin.text}"
            name = f"{Path(source.name).name.split('.')[0]} without duplicates.parquet"
            source_id = workspace().sources.add_table(name, rest, Origin(text, (source.id,))).id
            changed = Dataset(changed.table, changed.schema.with_layout(None), changed.name)
    _save(record, changed, f"{removed} removed", source_id)


def _save(record: DatasetRecord, dataset: Dataset, what: str, source_id: str | None = None) -> None:
    new = workspace().datasets.add(dataset, source_id=source_id or record.source_id, version_of=record.id)
    if new.id == record.id:
        return
    text = f"{what} in version {new.version}. Version {record.version} is unchanged."
    st.session_state[_DONE] = Done(new.id, text, record)
    select("dataset", new.id)
    st.rerun()


def show_done(record: DatasetRecord) -> None:
    """Show the change that made this version, with a button that opens the version before; not as a toast, which
    would cover the buttons of the page.
    """
    done: Done | None = st.session_state.get(_DONE)
    if done is None or done.dataset_id != record.id:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="change_done"):
        st.markdown(f":green[:material/check_circle:] {escape(done.text)}", width="content")
        label = f"Open version {done.before.version}"
        st.button(
            label, key="open_before", type="tertiary", icon=":material/undo:", on_click=_open, args=(done.before,)
        )


def _open(record: DatasetRecord) -> None:
    st.session_state.pop(_DONE, None)
    select("dataset", record.id)

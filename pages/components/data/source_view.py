"""An uploaded file: format, target, column roles, and saving as a dataset."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from pages.components.data.join_view import offer_join
from pages.components.data.rejects_view import show_rejected, show_rejects
from pages.components.data.roles import roles_editor
from pages.components.data.source_settings import MARKERS, NAME, TARGET, begin_settings, clear_settings
from pages.components.file_layout.layout_choice import layout_fields, show_notes
from pages.components.file_layout.target_view import forget_outcomes, outcome_fields
from pages.components.pickers.deletion import offer_deletion
from pages.components.shared.messages import show_errors
from pages.components.shared.privacy import ask_to_mask, personal_columns
from pages.components.shared.words import escape
from pages.components.state.cached import proposed_schema, read_source, workspace
from pages.components.state.selection import select
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.special_texts import describe_special_codes
from riskmodel.tables.profiling.masking import mask_personal
from riskmodel.tables.proposal.doubtful_columns import describe_doubtful_columns
from riskmodel.tables.reading.open_table import TableFile
from riskmodel.tables.schema.schema import MISSING_MARKERS, Schema
from riskmodel.tables.unreadable_rows import describe_rejected_rows
from riskmodel.wording import count, listed, size
from riskmodel.workspace.data.sources import Source

PREVIEW_ROWS = 100
MAX_NAMED = 8


def shape_source(source_id: str) -> None:
    """Draw the page that turns a file into a dataset."""
    top = st.container()
    with show_errors() as attempt:
        source = workspace().sources.get(source_id)
        layout_fields(source)
        file = read_source(source_id)
        proposal = proposed_schema(source_id)
        masked = ask_to_mask(personal_columns(proposal))
    if attempt.failed:
        st.button("Choose another file", key="other_file", on_click=leave_source)
        return
    title, other = top.columns([5, 2], vertical_alignment="bottom")
    title.title(escape(source.name))
    with other.container(horizontal=True, horizontal_alignment="right"):
        st.button("Another file", key="other_file", on_click=leave_source, icon=":material/arrow_back:")
        offer_deletion("source", source.id, source.name)
    with top:
        st.markdown(
            f"{count(file.table.num_rows, 'row')} · {count(file.table.num_columns, 'column')} · "
            f"{escape(file.description)} · {size(source.num_bytes)}"
        )
        if source.origin is not None:
            st.caption(escape(source.origin.text))
        show_notes(source, file.layout, file.notes, masked)
        accepted = show_rejects(source, file, masked)
    state = "personal data masked" if masked else "unmasked"
    with st.expander(f"First rows, {state}", key="preview_box"):
        first = file.table.slice(0, PREVIEW_ROWS)
        st.dataframe((mask_personal(first, proposal) if masked else first).to_pandas(), key="preview", height=280)
    offer_join(source, file, accepted, masked)
    with show_errors():
        shape(source, file, accepted, masked)


def shape(source: Source, file: TableFile, accepted: bool, masked: bool) -> None:
    """Draw target, missing-value markers, roles and Save."""
    raw = file.table
    doubtful = bool(describe_doubtful_columns(proposed_schema(source.id)))
    target_place, roles_place = st.container(), st.container()
    drawer = st.expander("Formats and missing-value markers", key="formats", icon=":material/tune:", expanded=doubtful)
    begin_settings(source, proposed_schema(source.id).target)
    with drawer:
        markers = missing_field()
    with target_place:
        target, outcomes = ask_target(source, raw, markers)
    with roles_place:
        st.subheader("Column roles")
        st.caption(
            "Numerical, categorical and date columns are inputs of the network. Identifiers are never inputs. Ignore "
            "columns known only after the outcome."
        )
        schema = roles_editor(source.id, target, masked, markers, drawer)
    show_doubtful_columns(schema)
    show_rejected(source, file, schema, masked)
    st.markdown(role_counts(schema))
    name, save = st.columns([3, 1], vertical_alignment="bottom")
    dataset_name = name.text_input("Dataset name", key=NAME, persist_state="session")
    pressed = save.button(
        "Save dataset", key="save_dataset", type="primary", disabled=outcomes is None or not accepted, width="stretch"
    )
    if not accepted:
        st.caption("Decide what to do with the unreadable rows before saving.")
    if pressed and outcomes is not None and target is not None:
        columns = [outcomes.column(column.name) if column.name == target else column for column in schema.columns]
        final = Schema(columns=tuple(columns), missing_markers=markers, layout=file.layout)
        final = final.with_outcomes(outcomes.bad_values, outcomes.good_values)
        save_dataset(source, raw, final, dataset_name.strip() or source.name)


def ask_target(source: Source, raw: pa.Table, markers: tuple[str, ...]) -> tuple[str | None, Schema | None]:
    """Draw the target with its outcomes. Returns its name and the schema with the outcomes; None while undecided."""
    st.subheader("Target")
    left, right = st.columns(2, gap="large")
    with left:
        target = target_field(raw)
    if target is None:
        right.info("Choose the column with the outcome (good or bad).", icon=":material/arrow_back:")
        return None, None
    proposed = Schema(columns=proposed_schema(source.id).columns, missing_markers=markers).with_target(target)
    return target, outcome_fields(raw, proposed, right)


def target_field(raw: pa.Table) -> str | None:
    return st.selectbox(
        "Target column",
        raw.column_names,
        key=TARGET,
        persist_state="session",
        placeholder="Choose a column",
        help="Column with the outcome: good or bad.",
        on_change=forget_outcomes,
    )


def missing_field() -> tuple[str, ...]:
    chosen = st.multiselect(
        "Missing-value markers",
        list(dict.fromkeys([*MISSING_MARKERS, *st.session_state[MARKERS]])),
        key=MARKERS,
        persist_state="session",
        format_func=lambda marker: marker or "(empty)",
        accept_new_options=True,
        help="Cell texts read as missing, without surrounding spaces. Type to add a marker.",
    )
    return tuple(chosen)


def show_doubtful_columns(schema: Schema) -> None:
    """Show special codes, and columns whose proposal should be checked."""
    if codes := describe_special_codes(schema):
        st.info(escape(" ".join(codes)), icon=":material/info:")
    lines = describe_doubtful_columns(schema)
    if not lines:
        return
    more = [f"{len(lines) - MAX_NAMED:,} more, under 'Why this role'"] if len(lines) > MAX_NAMED else []
    listed_lines = "\n".join(f"- {escape(line)}" for line in [*lines[:MAX_NAMED], *more])
    st.warning(
        "**Please check** these columns. Change a wrong format under 'Formats and missing-value markers'. Cells "
        "proposed as missing can instead be a 'special code' or lead to 'reject row' (both under 'Unreadable'), "
        f"or the role can be 'ignored'.\n\n{listed_lines}",
        icon=":material/warning:",
    )


def role_counts(schema: Schema) -> str:
    kinds = (
        (schema.numerical, "number", "numbers"),
        (schema.categorical, "category", "categories"),
        (schema.dates, "date", "dates"),
    )
    parts = [count(len(names), one, many) for names, one, many in kinds if names] or ["no columns"]
    rest = [column.name for column in schema.columns if column.kind == "ignored"]
    ignored = f" · ignored: {escape(listed(rest))}" if rest else ""
    names = f" · identifier: {escape(listed(schema.identifiers))}" if schema.identifiers else ""
    return f"Inputs: {', '.join(parts)}{names}{ignored}"


def save_dataset(source: Source, raw: pa.Table, schema: Schema, name: str) -> None:
    with st.spinner("Checking all cells"):
        dataset = Dataset.from_strings(raw, schema, name)
        record = workspace().datasets.add(dataset, source_id=source.id)
    for note in (*describe_special_codes(dataset.schema), *describe_rejected_rows(raw, dataset.schema)):
        st.toast(escape(note), icon=":material/info:", duration="long")
    leave_source()
    select("dataset", record.id)
    st.rerun()


def leave_source() -> None:
    """Return to the file selection and clear the settings of this one."""
    select("source", None)
    clear_settings()

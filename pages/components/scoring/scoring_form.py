"""Form to score a file: checks of all rows first, then Score."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from pages.components.file_layout.layout_choice import choose_layout, chosen_layout, layout_fields, show_notes
from pages.components.scoring.column_sources import offer_sources, show_sources, writing_of
from pages.components.scoring.scoring_check import check_file, show_check, show_missing
from pages.components.scoring.writing_form import writing_fields
from pages.components.shared.privacy import personal_columns
from pages.components.shared.words import escape
from pages.components.state.cached import BY_REPR, load_dataset, load_model, workspace
from pages.components.state.selection import select
from riskmodel.errors import RiskModelError
from riskmodel.scoring.model.report import describe_outcomes
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.layouts import fitting_layout
from riskmodel.scoring.streaming.trained_rows import TrainedCustomers
from riskmodel.tables.files.source import read_head
from riskmodel.tables.reading.open_table import Layout, open_table
from riskmodel.tables.reading.text.reading import BatchReader
from riskmodel.wording import count, size
from riskmodel.workspace.data.sources import Source
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.trained_customers import complete_reference, read_trained_customers


def match_and_score(run: RunRecord, source_id: str) -> None:
    """Show the checks of the file; score when the button is pressed.

    Raises:
        DataError: The file cannot be read.
        BundleError: The model's files are incomplete or altered.
        WorkspaceError: The file is not in the workspace, or no space is left.
    """
    title, other = st.columns([3, 1], vertical_alignment="center")
    with other.container(horizontal_alignment="right"):
        st.button(
            "Score other customers", key="other_customers", icon=":material/arrow_back:", on_click=leave_customers
        )
    source = workspace().sources.get(source_id)
    title.subheader(escape(source.name))
    model = load_model(run.id)
    if chosen_layout(source_id) is None:  # the layout of the training file, if it fits
        choose_layout(source_id, fitting(source_id, run.id, str(source.path)))
    layout_fields(source)
    writing_fields(source_id, model)
    file = read_names(source_id, chosen_layout(source_id))
    about = estimate_rows(source)
    inspection = check_file(source, run.id, model, about)
    st.markdown(
        f":gray[{count(inspection.num_rows, 'row')}, all checked · {count(len(file.names), 'column')} · "
        f"{escape(file.description)} · {size(source.num_bytes)}]"
    )
    st.caption(escape(". ".join(filter(None, [model.describe_target(), describe_outcomes(inspection.outcomes)]))) + ".")
    show_notes(source, chosen_layout(source_id), inspection.notes, bool(personal_columns(model.schema)))
    show_sources(run.id, model, file.names)
    show_missing(inspection.match)
    offer_sources(run.id, model, inspection.match, file.names)
    show_check(inspection, model, source_id)
    warnings = st.checkbox(
        "Add a warnings column",
        value=any(column.num_unseen for column in inspection.columns),
        key="with_warnings",
        help="Lists for each row the columns with a category unseen in training, which is scored as unknown. On by "
        "default if the file has such rows.",
    )
    force = inspection.needs_force and st.checkbox(
        "Score anyway, despite columns that differ from the training file", key="force_scoring"
    )
    if st.button(
        "Score these customers",
        key="score",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not inspection.can_be_scored or (inspection.needs_force and not force),
    ):
        score(run, source, model, inspection.num_rows, warnings, force)


def score(run: RunRecord, source: Source, model: RiskModel, num_rows: int, warnings: bool, force: bool) -> None:
    """Score with a progress bar, then show the result; options as in `score_file`."""
    bar = st.progress(0.0, text="Scoring …")

    def show(rows_done: int) -> None:
        bar.progress(rows_done / num_rows, text=f"Scoring · {rows_done:,} of {count(num_rows, 'customer')}")

    layout, writing = chosen_layout(source.id), writing_of(source.id, run.id)
    model, trained = with_training(run, model)
    record = workspace().scorings.score(
        model,
        run.id,
        source,
        on_progress=show,
        how=layout,
        writing=writing,
        warnings=warnings,
        force=force,
        trained=trained,
    )
    select("customers", None)
    select("scoring", record.id)
    st.rerun()


def with_training(run: RunRecord, model: RiskModel) -> tuple[RiskModel, TrainedCustomers | None]:
    """The model with all statistics of its training file, and its customers; unchanged and None without the dataset."""
    with suppress(RiskModelError):  # the dataset or the predictions were deleted or damaged; scoring needs neither
        dataset = load_dataset(run.dataset_id)
        return complete_reference(model, run, dataset), read_trained_customers(run, dataset)
    return model, None


@dataclass(frozen=True)
class Names:
    """Header information of a file."""

    names: list[str]
    description: str
    is_plain: bool


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs=BY_REPR)
def read_names(source_id: str, layout: Layout | None) -> Names:
    """Column names and format of an uploaded file, and whether it is uncompressed text."""
    reader = open_table(workspace().sources.get(source_id).path, layout)
    is_plain = isinstance(reader, BatchReader) and reader.dialect.compression == "none"
    return Names(reader.names, reader.description, is_plain)


@st.cache_data(max_entries=32, show_spinner="Detecting the format", hash_funcs=BY_REPR)
def fitting(source_id: str, run_id: str, _path: str) -> Layout | None:
    """The layout of a file that fits the model of a run."""
    model = load_model(run_id)
    return fitting_layout(_path, model.schema.layout, model.columns)


def estimate_rows(source: Source) -> int | None:
    """Estimated number of rows from the length of the first lines; None unless the file is plain text."""
    if not read_names(source.id, chosen_layout(source.id)).is_plain:
        return None
    head = read_head(source.path, "none")
    lines = head.count(b"\n") or head.count(b"\r")
    return round(source.num_bytes * lines / len(head)) if lines else None


def leave_customers() -> None:
    select("customers", None)

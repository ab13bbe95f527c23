"""What all pages share: the workspace, and files read once. Caches are bounded and keyed by content.

Every id below is a hash of the content or of a finished run, so what is behind it never changes.
"""

from __future__ import annotations

import gc
from pathlib import Path

import pyarrow as pa
import streamlit as st

from pages.components.sheet_choice import chosen_layout
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.scoring.risk_model import RiskModel
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.formats import open_table
from riskmodel.tables.profile import ColumnProfile, profile_dataset
from riskmodel.tables.proposal import propose_schema
from riskmodel.tables.quality import QualityReport, check_quality
from riskmodel.tables.schema import Schema
from riskmodel.tables.sheet_layout import SheetLayout
from riskmodel.workspace.workspace import Workspace

SAMPLE = Path(__file__).parents[2] / "sample_data" / "customers.csv"


@st.cache_resource(show_spinner=False)
def prepare_process() -> None:
    """Once per process, after the imports: they are never collected, so each rerun's collection skips them."""
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False, on_release=Workspace.close)
def workspace() -> Workspace:
    """The workspace; its supervisor is started, so that a warm trainer waits when Train is pressed."""
    opened = Workspace.open()
    ensure_supervisor(opened)
    return opened


def read_source(source_id: str) -> tuple[str, pa.Table]:
    """How an uploaded file was read, in words, and its cells, all text; of a workbook the chosen sheet."""
    return _read_table(source_id, *_place(source_id))


def proposed_schema(source_id: str) -> Schema:
    """What each column of an uploaded file seems to be for."""
    return _propose(source_id, *_place(source_id))


@st.cache_resource(max_entries=2, show_spinner="Reading the file")
def _read_table(source_id: str, sheet: str | None, header_row: int | None) -> tuple[str, pa.Table]:
    how = SheetLayout(sheet=sheet, header_row=header_row) if sheet or header_row else None
    reader = open_table(workspace().sources.get(source_id).path, how)
    return reader.description, reader.read_all()


@st.cache_resource(max_entries=8, show_spinner="Looking at the columns")
def _propose(source_id: str, sheet: str | None, header_row: int | None) -> Schema:
    return propose_schema(_read_table(source_id, sheet, header_row)[1])


def _place(source_id: str) -> tuple[str | None, int | None]:
    layout = chosen_layout(source_id)
    return (layout.sheet, layout.header_row) if layout else (None, None)


@st.cache_resource(max_entries=3, show_spinner="Opening the dataset")
def load_dataset(dataset_id: str) -> Dataset:
    """A dataset with its rows. Arrow tables cannot be changed, so all sessions may share one."""
    return workspace().datasets.load(dataset_id)


@st.cache_resource(max_entries=8, show_spinner="Counting values")
def load_profile(dataset_id: str) -> tuple[ColumnProfile, ...]:
    """Figures of every column of a dataset."""
    return profile_dataset(load_dataset(dataset_id))


@st.cache_resource(max_entries=8, show_spinner="Looking for leaks, duplicates and odd values")
def load_quality(dataset_id: str) -> QualityReport:
    """What the checks of a dataset found."""
    return check_quality(load_dataset(dataset_id))


@st.cache_resource(max_entries=4, show_spinner="Opening the model")
def load_model(run_id: str) -> RiskModel:
    """The model of a run that has ended; scoring with it is thread-safe."""
    run = workspace().runs.get(run_id)
    return RiskModel.load(run.model_folder)

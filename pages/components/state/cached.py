"""What all pages share: the workspace, and files read once. Caches are bounded and keyed by content.

Every id below is a hash of the content or of a finished run, so what is behind it never changes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock

import streamlit as st

from pages.components.file_layout.layout_choice import layout_of_source
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.profiling.profile import ColumnProfile, profile_dataset
from riskmodel.tables.profiling.target_report import TargetReport, report_target
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.quality import QualityReport, check_quality
from riskmodel.tables.reading.open_table import Layout, TableFile, read_file
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.schema.sheet_layout import SheetLayout
from riskmodel.workspace.workspace import Workspace

BY_WORDS: dict[str | type, Callable[[object], str]] = {Dialect: repr, SheetLayout: repr}
SAMPLE = Path(__file__).parents[3] / "sample_data" / "customers.csv"


_lock = Lock()
_last_deletion: dict[Path, int] = {}
"""By workspace: the number of the last deletion when this process's caches were cleared."""


@cache
def prepare_process() -> None:
    """Once per process, after the imports: they are never collected, so each rerun's collection skips them."""
    gc.collect()
    gc.freeze()


def workspace() -> Workspace:
    """The workspace; its supervisor is started, so that a warm trainer waits when Train is pressed."""
    with _lock:
        return _open_workspace()


@cache  # not one of Streamlit's caches: those are cleared after a deletion, and the workspace stays open
def _open_workspace() -> Workspace:
    opened = Workspace.open()
    ensure_supervisor(opened)
    return opened


def forget_deleted() -> None:
    """Clear all of Streamlit's caches if anything was deleted since the last call, in this process or another one."""
    home, newest = workspace().home, workspace().deletions.newest()
    if _last_deletion.setdefault(home, newest) != newest:
        _last_deletion[home] = newest
        st.cache_data.clear()
        st.cache_resource.clear()


def read_source(source_id: str) -> TableFile:
    """An uploaded file as it was read, all cells text, the way that was chosen for it in this tab."""
    return read_source_as(source_id, layout_of_source(workspace().sources.get(source_id)))


def proposed_schema(source_id: str) -> Schema:
    """What each column of an uploaded file seems to be for."""
    return proposed_schema_as(source_id, layout_of_source(workspace().sources.get(source_id)))


@st.cache_resource(max_entries=4, show_spinner="Reading the file", hash_funcs=BY_WORDS)
def read_source_as(source_id: str, layout: Layout | None) -> TableFile:
    """An uploaded file as it is read in a given way; None means as it is found to be written."""
    return read_file(workspace().sources.get(source_id).path, layout)


@st.cache_resource(max_entries=8, show_spinner="Looking at the columns", hash_funcs=BY_WORDS)
def proposed_schema_as(source_id: str, layout: Layout | None) -> Schema:
    """What each column of a file that is read in a given way seems to be for."""
    return propose_schema(read_source_as(source_id, layout).table)


@st.cache_resource(max_entries=3, show_spinner="Opening the dataset")
def load_dataset(dataset_id: str) -> Dataset:
    """A dataset with its rows. Arrow tables cannot be changed, so all sessions may share one."""
    return workspace().datasets.load(dataset_id)


@st.cache_resource(max_entries=8, show_spinner="Counting values")
def load_profile(dataset_id: str) -> tuple[ColumnProfile, ...]:
    """Figures of every column of a dataset."""
    return profile_dataset(load_dataset(dataset_id))


@st.cache_resource(max_entries=8, show_spinner=False)
def load_target(dataset_id: str) -> TargetReport:
    """The bad, good and undetermined values of a dataset's target."""
    return report_target(load_dataset(dataset_id))


@st.cache_resource(max_entries=8, show_spinner="Looking for leaks, duplicates and odd values")
def load_quality(dataset_id: str) -> QualityReport:
    """What the checks of a dataset found."""
    return check_quality(load_dataset(dataset_id))


@st.cache_resource(max_entries=4, show_spinner="Opening the model")
def load_model(run_id: str) -> RiskModel:
    """The model of a run that has ended; scoring with it is thread-safe."""
    run = workspace().runs.get(run_id)
    assert run.model_folder is not None, run_id  # only runs that have a model can be chosen where one is needed
    return RiskModel.load(run.model_folder)

"""The workspace and cached reads of all pages. Caches are bounded and keyed by content.

Every id below is a content hash or belongs to a finished run, so cached values never become stale.
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

BY_REPR: dict[str | type, Callable[[object], str]] = {Dialect: repr, SheetLayout: repr}
SAMPLE = Path(__file__).parents[3] / "sample_data" / "customers.csv"


_lock = Lock()
_last_deletion: dict[Path, int] = {}
"""By workspace: number of the last deletion when the caches of this process were cleared."""


@cache
def prepare_process() -> None:
    """Freeze imported objects, once per process, so that garbage collection skips them in each rerun."""
    gc.collect()
    gc.freeze()


def workspace() -> Workspace:
    """Return the workspace and start its supervisor, so that a trainer is warm when Train is pressed."""
    with _lock:
        return _open_workspace()


@cache  # not a Streamlit cache: those are cleared after a deletion, the workspace stays open
def _open_workspace() -> Workspace:
    opened = Workspace.open()
    ensure_supervisor(opened)
    return opened


def forget_deleted() -> None:
    """Clear all Streamlit caches after a deletion in this or another process."""
    home, newest = workspace().home, workspace().deletions.newest()
    if _last_deletion.setdefault(home, newest) != newest:
        _last_deletion[home] = newest
        st.cache_data.clear()
        st.cache_resource.clear()


def read_source(source_id: str) -> TableFile:
    """An uploaded file, all cells as text, read with the layout chosen in this tab."""
    return read_source_as(source_id, layout_of_source(workspace().sources.get(source_id)))


def proposed_schema(source_id: str) -> Schema:
    """The proposed schema of an uploaded file."""
    return proposed_schema_as(source_id, layout_of_source(workspace().sources.get(source_id)))


@st.cache_resource(max_entries=4, show_spinner="Reading the file", hash_funcs=BY_REPR)
def read_source_as(source_id: str, layout: Layout | None) -> TableFile:
    """An uploaded file read with a given layout; None means the detected layout."""
    return read_file(workspace().sources.get(source_id).path, layout)


@st.cache_resource(max_entries=8, show_spinner="Detecting column roles", hash_funcs=BY_REPR)
def proposed_schema_as(source_id: str, layout: Layout | None) -> Schema:
    """What each column of a file that is read in a given way seems to be for."""
    return propose_schema(read_source_as(source_id, layout).table)


@st.cache_resource(max_entries=3, show_spinner="Opening the dataset")
def load_dataset(dataset_id: str) -> Dataset:
    """A dataset with its rows. Arrow tables cannot be changed, so all sessions may share one."""
    return workspace().datasets.load(dataset_id)


@st.cache_resource(max_entries=8, show_spinner="Counting values")
def load_profile(dataset_id: str) -> tuple[ColumnProfile, ...]:
    """Statistics of every column of a dataset."""
    return profile_dataset(load_dataset(dataset_id))


@st.cache_resource(max_entries=8, show_spinner=False)
def load_target(dataset_id: str) -> TargetReport:
    """The bad, good and undetermined values of a dataset's target."""
    return report_target(load_dataset(dataset_id))


@st.cache_resource(max_entries=8, show_spinner="Checking for leaks, duplicates and unusual values")
def load_quality(dataset_id: str) -> QualityReport:
    """Findings of the quality checks of a dataset."""
    return check_quality(load_dataset(dataset_id))


@st.cache_resource(max_entries=4, show_spinner="Loading the model")
def load_model(run_id: str) -> RiskModel:
    """The model of an ended run; scoring with it is thread-safe."""
    run = workspace().runs.get(run_id)
    assert run.model_folder is not None, run_id  # pages offer only runs with a model here
    return RiskModel.load(run.model_folder)

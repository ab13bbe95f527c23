"""Workspaces for page tests: an empty one, and one with a dataset and a trained network."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from pages.components.run.live_routes import live_routes
from pages.components.state import cached as state
from riskmodel.config.run import RunConfig
from riskmodel.jobs.lock import SupervisorLock
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import write_sample
from riskmodel.workspace.workspace import Workspace
from tests.pages.serving import served
from tests.training_here import train_waiting

NUM_CUSTOMERS = 800
CONFIG = RunConfig.from_dict({"network": {"units": [8]}, "training": {"epochs": 2, "batch_size": 64}})


@dataclass(frozen=True)
class Trained:
    """A workspace with one finished run, and its training file."""

    home: Path
    customers: Path
    source_id: str
    dataset_id: str
    run_id: str


@pytest.fixture(scope="session", autouse=True)
def scan_packages_once() -> Iterator[None]:
    """Search the installed packages for components once, not in each tab."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("trained")
    customers = folder / "customers.csv"
    write_sample(customers, NUM_CUSTOMERS, seed=11)
    workspace = Workspace.open(folder / "workspace")
    try:
        source = workspace.sources.add(customers.name, customers)
        dataset = workspace.datasets.add(Dataset.from_file(customers, target="defaulted", bad="1"), source.id)
        run = workspace.runs.submit(dataset.id, CONFIG, name="First network", device="cpu")
        train_waiting(workspace)
        run = workspace.runs.get(run.id)
    finally:
        workspace.close()
    assert run.state == "finished", f"{run.state}: {run.error}"
    return Trained(workspace.home, customers, source.id, dataset.id, run.id)


@pytest.fixture
def home(private_workspace: Path) -> Iterator[Path]:
    """An empty workspace. The test holds the supervisor lock, so submitted runs stay queued."""
    yield from _without_supervisor(private_workspace)


@pytest.fixture
def trained(trained_once: Trained, private_workspace: Path) -> Iterator[Trained]:
    """A copy of the workspace with the finished run, with the lock held as in `home`."""
    shutil.copytree(trained_once.home, private_workspace)
    for copied in _without_supervisor(private_workspace):
        yield Trained(
            copied, trained_once.customers, trained_once.source_id, trained_once.dataset_id, trained_once.run_id
        )


@pytest.fixture
def store(trained: Trained) -> Iterator[Workspace]:
    """The workspace of `trained`."""
    opened = Workspace.open(trained.home)
    yield opened
    opened.close()


@pytest.fixture
def port(trained: Trained) -> Iterator[int]:
    """Port of a server with the routes of live runs."""
    with served(live_routes()) as port:
        yield port


def _without_supervisor(folder: Path) -> Iterator[Path]:
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = SupervisorLock.acquire(folder)
    assert lock is not None
    st.cache_data.clear()
    st.cache_resource.clear()
    yield folder
    if state._open_workspace.cache_info().currsize:
        state.workspace().close()
        state._open_workspace.cache_clear()
    lock.release()

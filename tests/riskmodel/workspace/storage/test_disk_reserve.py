"""The disk reserve: created with the workspace, and released for deletions on a full disk."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from riskmodel.config.search import SearchConfig
from riskmodel.errors import DiskFullError
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.disk_reserve import RESERVE_BYTES, RESERVE_FILE, DiskReserve
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, sample_dataset


@pytest.mark.parametrize(
    ("free", "held"),
    [(10**9, RESERVE_BYTES), (4_000_000, 1_000_000), (1 << 18, 1 << 16), ((1 << 18) - 4, 0), (0, 0)],
)
def test_the_reserve_is_smaller_on_a_small_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, held: int
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    DiskReserve(tmp_path).hold()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == held


def test_a_small_reserve_grows_once_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / RESERVE_FILE).write_bytes(bytes(100_000))
    for free, held in [(0, 100_000), (500_000, 100_000), (10**9, RESERVE_BYTES)]:
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        DiskReserve(tmp_path).hold()
        assert (tmp_path / RESERVE_FILE).stat().st_size == held


def test_a_disk_without_room_for_a_reserve_is_no_error(tmp_path: Path) -> None:
    DiskReserve(tmp_path / "absent").hold()


def full_until_released(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    writing = Database.writing

    @contextmanager
    def refuse(self: Database) -> Iterator[sa.Connection]:
        with writing(self) as connection:
            yield connection
            if (home / RESERVE_FILE).exists():
                raise DiskFullError("There is no space left on the disk.")

    monkeypatch.setattr(Database, "writing", refuse)


@pytest.mark.parametrize(
    "delete",
    [
        lambda workspace, things: workspace.sources.delete(things.source, with_dependents=True),
        lambda workspace, things: workspace.datasets.delete(things.dataset, with_dependents=True),
        lambda workspace, things: workspace.runs.delete(things.run),
        lambda workspace, things: workspace.runs.remove(things.binned),
        lambda workspace, things: workspace.runs.purge(0.0),
        lambda workspace, things: workspace.searches.delete(things.search),
    ],
    ids=["source", "dataset", "run", "binned run", "bin", "search"],
)
def test_everything_can_be_deleted_on_a_full_disk(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, delete: Callable[[Workspace, Any], object]
) -> None:
    source = workspace.sources.add("customers.csv", b"customers")
    dataset = workspace.datasets.add(sample_dataset(60), source.id)
    run, binned = (workspace.runs.submit(dataset.id, QUICK).id for _ in range(2))
    search = workspace.searches.submit(dataset.id, QUICK, SearchConfig(fields=("network.dropout",))).id
    for queue, job_id in ((workspace.runs, run), (workspace.runs, binned), (workspace.searches, search)):
        queue.request_stop(job_id)
    workspace.runs.delete(binned)
    things = SimpleNamespace(source=source.id, dataset=dataset.id, run=run, binned=binned, search=search)
    before = counts(workspace)
    assert (workspace.home / RESERVE_FILE).stat().st_size == RESERVE_BYTES
    full_until_released(monkeypatch, workspace.home)
    delete(workspace, things)
    monkeypatch.undo()
    assert counts(workspace) != before
    Workspace.open(workspace.home).close()
    assert (workspace.home / RESERVE_FILE).stat().st_size == RESERVE_BYTES


def counts(workspace: Workspace) -> tuple[int, ...]:
    listed = (workspace.datasets.list(), workspace.runs.list(), workspace.runs.list(deleted=True))
    return (*(len(each) for each in listed), len(workspace.searches.list()))


def test_a_workspace_opens_on_a_full_disk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Database.reading

    @contextmanager
    def refuse(self: Database) -> Iterator[sa.Connection]:
        if (workspace.home / RESERVE_FILE).exists():
            raise DiskFullError("There is no space left on the disk.")
        with reading(self) as connection:
            yield connection

    monkeypatch.setattr(Database, "reading", refuse)
    Workspace.open(workspace.home).close()

"""Permanent deletion: rows and files are removed together, also after a crash."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from riskmodel.config.search import SearchConfig
from riskmodel.errors import DataWarning, DiskFullError, UnavailableError, WorkspaceError
from riskmodel.workspace.data import scorings
from riskmodel.workspace.data.datasets import DatasetRecord
from riskmodel.workspace.data.sources import Origin, Source
from riskmodel.workspace.deletion import deletions
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.storage.files import make_folder
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.data.test_scorings import MODEL, write_scores
from tests.riskmodel.workspace.examples import QUICK, sample_dataset, submit

SECRET = "Zacharias-Quellenfeld"


class Crash(BaseException):
    """Stands in for the end of the process."""


@pytest.fixture(autouse=True)
def quick_scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorings, "score_file", write_scores)


def fill(workspace: Workspace) -> tuple[Source, DatasetRecord, RunRecord]:
    """A file with a joined file, two versions of a dataset, a draft, an ended run and search, and two scored files."""
    source = workspace.sources.add(f"{SECRET}.csv", SECRET.encode())
    workspace.sources.add("joined.csv", b"joined", Origin(f"{SECRET} joined", (source.id,)))
    dataset = workspace.datasets.add(sample_dataset(seed=1, name=SECRET), source.id)
    workspace.datasets.add(sample_dataset(seed=2, name=SECRET), version_of=dataset.id)
    workspace.drafts.put(dataset.id, QUICK)
    run = workspace.runs.submit(dataset.id, QUICK, name=SECRET)
    workspace.runs.request_stop(run.id)
    search = workspace.searches.submit(dataset.id, QUICK, SearchConfig(fields=("network.dropout",)), name=SECRET)
    workspace.searches.request_stop(search.id)
    for name in (f"{SECRET}-1.csv", f"{SECRET}-2.csv"):
        workspace.scorings.score(MODEL, run.id, workspace.sources.add(name, name.encode()))
    return source, dataset, run


def files(workspace: Workspace) -> list[str]:
    """Every file and folder of an item of the workspace."""
    kept = ("sources", "datasets", "runs", "searches", "scorings")
    return sorted(str(path.relative_to(workspace.home)) for name in kept for path in (workspace.home / name).iterdir())


def test_a_thing_with_dependents_stays_unless_they_are_to_go_too(workspace: Workspace) -> None:
    source, dataset, _ = fill(workspace)
    before = files(workspace)
    with pytest.raises(WorkspaceError) as caught:
        workspace.sources.delete(source.id)
    assert str(caught.value) == (
        f"The uploaded file '{SECRET}.csv' was not deleted: 1 uploaded file, 2 datasets, 1 draft configuration, 1 run, "
        "1 search, 2 scored files depend on it, the first being uploaded file 'joined.csv' "
        f"({workspace.sources.list()[2].id}). Delete them with it (with_dependents), or delete them first."
    )
    with pytest.raises(WorkspaceError, match=f"The dataset '{SECRET}' was not deleted: 1 dataset, 1 draft"):
        workspace.datasets.delete(dataset.id)
    assert files(workspace) == before and workspace.deletions.newest() == 0


def test_a_source_goes_with_everything_that_depends_on_it(workspace: Workspace) -> None:
    source, _, _ = fill(workspace)
    expected = workspace.sources.dependents(source.id)
    other = workspace.datasets.add(sample_dataset(seed=5, name="other"))
    assert workspace.sources.delete(source.id, with_dependents=True) == expected
    assert [source.name for source in workspace.sources.list()] == [f"{SECRET}-2.csv", f"{SECRET}-1.csv"]
    assert workspace.datasets.list() == [other]
    assert workspace.runs.list(archived=None) == workspace.searches.list() == workspace.scorings.list() == []
    assert workspace.drafts.newest_dataset() is None
    assert files(workspace) == sorted(
        [f"datasets/{other.id}.parquet", *(f"sources/{source.id}" for source in workspace.sources.list())]
    )


def test_a_scored_file_goes_with_the_file_that_was_scored(workspace: Workspace) -> None:
    run = submit(workspace)
    source = workspace.sources.add("new.csv", b"new")
    record = workspace.scorings.score(MODEL, run.id, source)
    [found] = workspace.sources.dependents(source.id)
    assert (found.kind, found.id, found.name) == ("scoring", record.id, "new.csv")
    workspace.sources.delete(source.id, with_dependents=True)
    assert workspace.scorings.list() == [] and not record.csv_path.parent.exists()
    assert workspace.runs.get(run.id).id == run.id


def holding(folder: Path) -> list[str]:
    """Names of the files that contain `SECRET`. Read by another process: closing a database here drops its locks."""
    found = subprocess.run(["grep", "-rl", SECRET, folder], capture_output=True, text=True, check=False)
    return [Path(line).name for line in found.stdout.splitlines()]


def test_no_trace_is_left_in_the_files_of_the_database(workspace: Workspace) -> None:
    source, _, _ = fill(workspace)
    assert "riskmodel.db-wal" in holding(workspace.home)
    workspace.sources.delete(source.id, with_dependents=True)
    for scored in workspace.sources.list():
        workspace.sources.delete(scored.id)
    assert holding(workspace.home) == []


def test_a_live_run_or_search_blocks_the_deletion(workspace: Workspace) -> None:
    run = submit(workspace, name="first")
    with pytest.raises(WorkspaceError) as caught:
        workspace.datasets.delete(run.dataset_id, with_dependents=True)
    assert str(caught.value) == (
        f"The dataset 'customers.csv' cannot be deleted while run 'first' ({run.id}) is queued. "
        "Stop or discard the run first."
    )
    workspace.runs.request_cancel(run.id)
    search = workspace.searches.submit(run.dataset_id, QUICK, SearchConfig(fields=("network.dropout",)), name="wide")
    with pytest.raises(
        WorkspaceError, match=rf"while search 'wide' \({search.id}\) is queued. Stop or discard the search"
    ):
        workspace.datasets.delete(run.dataset_id, with_dependents=True)
    workspace.searches.request_cancel(search.id)
    workspace.datasets.delete(run.dataset_id, with_dependents=True)
    assert files(workspace) == []


def test_a_crash_before_the_rows_are_deleted_leaves_everything(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _, _ = fill(workspace)
    before, expected = files(workspace), workspace.sources.dependents(source.id)
    delete_rows = deletions._delete_rows

    def die_after(connection: Any, things: Any) -> None:
        delete_rows(connection, things)
        raise Crash

    monkeypatch.setattr(deletions, "_delete_rows", die_after)
    with pytest.raises(Crash):
        workspace.sources.delete(source.id, with_dependents=True)
    assert files(workspace) == before
    assert workspace.sources.dependents(source.id) == expected


@pytest.mark.parametrize("files_before", [0, 3])
def test_a_crash_after_the_rows_were_deleted_is_finished_at_the_next_opening(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, files_before: int
) -> None:
    source, _, _ = fill(workspace)
    remove, removed = deletions._remove, []

    def die(path: Path) -> None:
        if len(removed) == files_before:
            raise Crash
        removed.append(path)
        remove(path)

    monkeypatch.setattr(deletions, "_remove", die)
    with pytest.raises(Crash):
        workspace.sources.delete(source.id, with_dependents=True)
    assert len(files(workspace)) > 2 and workspace.datasets.list() == []
    monkeypatch.undo()
    opened = Workspace.open(workspace.home)
    assert files(opened) == sorted(f"sources/{source.id}" for source in opened.sources.list())
    opened.close()


def test_what_was_added_again_after_a_crash_keeps_its_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    monkeypatch.setattr(deletions.Deletions, "finish", lambda self: None)
    workspace.datasets.delete(dataset.id)
    assert workspace.datasets.add(sample_dataset()).id == dataset.id
    monkeypatch.undo()
    workspace.deletions.finish()
    assert workspace.datasets.load(dataset.id).num_rows == dataset.num_rows


def test_a_file_that_cannot_be_removed_is_named_and_removed_later(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (workspace.datasets.add(sample_dataset(seed=seed)) for seed in (1, 2))

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(deletions, "_remove", refuse)
    with pytest.raises(WorkspaceError) as caught:
        workspace.datasets.delete(first.id)
    assert str(caught.value) == (
        f"The deletion is recorded, but {first.path} could not be removed: Permission denied. Give this user the right "
        "to write there; it is removed when the workspace is opened next."
    )
    assert workspace.datasets.list() == [second] and first.path.exists()
    monkeypatch.undo()
    Workspace.open(workspace.home).close()
    assert not first.path.exists() and second.path.exists()


def pending(workspace: Workspace) -> int:
    with workspace._database.reading() as connection:
        return len(connection.execute(deletions._pending()).all())


def test_a_log_that_cannot_be_truncated_on_a_full_disk_is_no_failure_of_the_deletion(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = workspace.datasets.add(sample_dataset())

    def full(self: object) -> None:
        raise DiskFullError("There is no space left on the disk.")

    monkeypatch.setattr(deletions.Deletions, "_truncate_log", full)
    words = rf"dataset 'customers.csv' \({dataset.id}\) was deleted\. The disk mounted at .* is too full to overwrite"
    with pytest.warns(DataWarning, match=words):
        workspace.datasets.delete(dataset.id)
    assert workspace.datasets.list() == [] and files(workspace) == [] and pending(workspace) == 1
    monkeypatch.undo()
    Workspace.open(workspace.home).close()
    assert pending(workspace) == 0


def test_files_make_room_for_truncating_the_log(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    truncate = deletions.Deletions._truncate_log

    def full(self: deletions.Deletions) -> None:
        if dataset.path.exists():
            raise DiskFullError("There is no space left on the disk.")
        truncate(self)

    monkeypatch.setattr(deletions.Deletions, "_truncate_log", full)
    workspace.datasets.delete(dataset.id)
    assert files(workspace) == [] and pending(workspace) == 0


def test_a_busy_database_after_the_rows_were_deleted_is_reported_as_what_it_is(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = workspace.datasets.add(sample_dataset())

    def busy(self: object) -> None:
        raise UnavailableError("The database was busy.")

    monkeypatch.setattr(deletions.Deletions, "_truncate_log", busy)
    with pytest.raises(WorkspaceError) as caught:
        workspace.datasets.delete(dataset.id)
    assert str(caught.value) == (
        "The deletion is recorded, but the files are not removed yet: The database was busy. They are removed when the "
        "workspace is opened next."
    )
    assert workspace.datasets.list() == [] and dataset.path.exists()


def test_a_deletion_is_seen_by_every_other_process(workspace: Workspace) -> None:
    other = Workspace.open(workspace.home)
    dataset = workspace.datasets.add(sample_dataset())
    before = other.deletions.newest()
    workspace.datasets.delete(dataset.id)
    assert other.deletions.newest() > before
    other.close()


def test_equal_datasets_added_and_deleted_at_once_never_lose_their_file(workspace: Workspace) -> None:
    dataset = sample_dataset(60)

    def add_and_delete(turn: int) -> None:
        record = workspace.datasets.add(dataset)
        if turn % 2:
            with suppress(WorkspaceError):  # another thread was quicker
                workspace.datasets.delete(record.id)

    def run(turn: int) -> None:
        with suppress(WorkspaceError):  # deleted between being added and being read
            add_and_delete(turn)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(80)))
    assert files(workspace) == [f"datasets/{record.id}.parquet" for record in workspace.datasets.list()]


def test_an_invalid_id_raises_before_it_becomes_a_path(workspace: Workspace) -> None:
    make_folder(workspace.home / "datasets" / "x")
    for act in (workspace.datasets.delete, workspace.sources.delete, workspace.datasets.dependents):
        with pytest.raises(WorkspaceError, match="16 hexadecimal digits"):
            act("../datasets")
    assert (workspace.home / "datasets" / "x").is_dir()


def test_deleted_rows_are_overwritten_in_every_connection(workspace: Workspace) -> None:
    with workspace._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1

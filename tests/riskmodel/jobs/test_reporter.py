"""The reporter: reports in order, none lost while the database or the disk is unavailable."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmodel.errors import DiskFullError, UnavailableError, WorkspaceError
from riskmodel.jobs import reporter as module
from riskmodel.jobs.reporter import Reporter, persist
from riskmodel.workspace.storage import engines
from riskmodel.workspace.storage.disk_reserve import RESERVE_FILE, DiskReserve
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import epoch_result, slice_progress, submit


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.05)


def begin(workspace: Workspace) -> str:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    return run.id


class Refusals:
    """An action that fails several times before it succeeds."""

    def __init__(self, times: int, error: Exception, then: Callable[[], object] = lambda: None) -> None:
        self.left, self.error, self.then = times, error, then

    def __call__(self) -> object:
        if self.left:
            self.left -= 1
            raise self.error
        return self.then()


def test_reports_are_written_in_order_although_one_is_refused(workspace: Workspace) -> None:
    written: list[int] = []
    with Reporter(workspace.execution.runs, begin(workspace), workspace.reserve) as reporter:
        reporter.post(Refusals(3, UnavailableError("The database is away."), lambda: written.append(1)))
        reporter.post(lambda: written.append(2))
        assert reporter.call(lambda: tuple(written)) == (1, 2)


def test_a_locked_database_delays_reports_and_costs_none(
    private_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.05)
    workspace = Workspace.open()
    run_id = begin(workspace)
    other = sqlite3.connect(private_workspace / "riskmodel.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        started = time.monotonic()
        for epoch in range(1, 6):
            reporter.post(lambda epoch=epoch: workspace.execution.runs.add_epoch(run_id, epoch_result(epoch)))
        assert time.monotonic() - started < 5  # the training does not wait
        while not reporter.is_waiting:
            time.sleep(0.01)
        assert not reporter.stop_wanted
        other.execute("ROLLBACK")
        other.close()
        reporter.call(lambda: workspace.execution.runs.finish(run_id, stopped=False, best_epoch=1, metrics={}))
        assert not reporter.is_waiting
    assert [epoch.epoch for epoch in workspace.runs.epochs(run_id)] == [1, 2, 3, 4, 5]
    assert workspace.runs.get(run_id).state == "finished"
    log = [line.text for line in workspace.runs.log(run_id)]
    assert any("was unavailable for" in line and "Nothing was lost." in line for line in log)
    workspace.close()


def test_a_full_disk_is_recorded_at_once_in_the_space_that_was_reserved(workspace: Workspace) -> None:
    run_id, may_end = begin(workspace), threading.Event()
    workspace.reserve.hold()

    def write() -> None:
        if not may_end.is_set():
            raise DiskFullError("There is no space left on the disk mounted at /data (0.0 MB of 9.0 MB free).")

    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        reporter.post(write)
        deadline = time.monotonic() + 10
        while "Training continues" not in workspace.runs.get(run_id).phase and time.monotonic() < deadline:
            time.sleep(0.01)
        assert workspace.runs.get(run_id).phase == (
            "There is no space left on the disk mounted at /data (0.0 MB of 9.0 MB free). Training continues."
        )
        assert not (workspace.home / RESERVE_FILE).exists()
        may_end.set()


def test_the_released_space_is_not_used_for_other_reports(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_full, tries = threading.Event(), []
    monkeypatch.setattr(DiskReserve, "is_disk_full", property(lambda _: is_full.is_set()))
    is_full.set()

    def write() -> None:
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise DiskFullError("There is no space left on the disk.")

    with Reporter(workspace.execution.runs, begin(workspace), workspace.reserve) as reporter:
        reporter.post(write)
        time.sleep(0.3)
        assert len(tries) == 1
        is_full.clear()
        reporter.call(lambda: None)
    assert len(tries) == 2


def test_only_the_newest_progress_waits(workspace: Workspace) -> None:
    run_id, may_go = begin(workspace), threading.Event()
    written: list[int] = []
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        reporter.post(lambda: may_go.wait(10))
        for rows in range(100):
            reporter.post(lambda rows=rows: written.append(rows), replaces=True)
        reporter.post(lambda: written.append(-1))
        reporter.post(lambda: workspace.execution.runs.set_progress(run_id, slice_progress(7)), replaces=True)
        may_go.set()
    assert written == [99, -1]
    progress = workspace.runs.get(run_id).progress
    assert progress is not None and progress.rows_done == 7


def test_a_stop_and_the_end_by_others_are_read(workspace: Workspace) -> None:
    for end in (workspace.runs.request_stop, lambda run_id: workspace.execution.runs.fail(run_id, "why")):
        run_id = begin(workspace)
        with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
            end(run_id)
            deadline = time.monotonic() + 10
            while not reporter.stop_wanted and time.monotonic() < deadline:
                time.sleep(0.01)
            assert reporter.stop_wanted


def test_hearts_beat_until_the_end(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    run_id = begin(workspace)
    first = workspace.runs.get(run_id).heartbeat_at
    with Reporter(workspace.execution.runs, run_id, workspace.reserve):
        deadline = time.monotonic() + 10
        while workspace.runs.get(run_id).heartbeat_at == first and time.monotonic() < deadline:
            time.sleep(0.01)
        assert workspace.runs.get(run_id).heartbeat_at != first
    last = workspace.runs.get(run_id).heartbeat_at
    time.sleep(0.1)
    assert workspace.runs.get(run_id).heartbeat_at == last


def test_a_fault_of_a_report_stops_the_training_and_is_raised(workspace: Workspace) -> None:
    with Reporter(workspace.execution.runs, begin(workspace), workspace.reserve) as reporter:
        reporter.post(lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reporter.call(lambda: None)
        assert reporter.stop_wanted
        assert reporter.call(lambda: 5) == 5  # raised once, so that the reason can still be recorded


def test_what_is_unavailable_for_too_long_is_raised(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_UNAVAILABLE_SECONDS", 0.05)
    away = Refusals(10_000, UnavailableError("The database is away."))
    with (
        Reporter(workspace.execution.runs, begin(workspace), workspace.reserve) as reporter,
        pytest.raises(UnavailableError, match="is away"),
    ):
        reporter.call(away)
    with pytest.raises(UnavailableError, match="is away"):
        persist(away)


def test_persisting_ends_with_the_result_or_with_another_error() -> None:
    assert persist(Refusals(2, UnavailableError("away"), lambda: 5)) == 5
    with pytest.raises(WorkspaceError, match="no such run"):
        persist(Refusals(2, WorkspaceError("no such run")))

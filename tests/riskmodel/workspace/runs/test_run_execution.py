"""Runs from the supervisor's side: claimed once, updated while running, ended once."""

import threading
import time
from collections.abc import Callable

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs.run_execution import RunExecution
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, epoch_result, sample_dataset, slice_progress, submit

ME = "host/12/34.50"

Report = Callable[[RunExecution, str], None]

REPORTS: list[Report] = [
    lambda runs, run_id: runs.heartbeat(run_id),
    lambda runs, run_id: runs.set_phase(run_id, "Training"),
    lambda runs, run_id: runs.set_progress(run_id, slice_progress(1)),
    lambda runs, run_id: runs.set_device(run_id, "cpu", ""),
    lambda runs, run_id: runs.set_config(run_id, QUICK, ()),
    lambda runs, run_id: runs.add_epoch(run_id, epoch_result(1)),
    lambda runs, run_id: runs.finish(run_id, stopped=False, best_epoch=1, metrics={}),
]


def test_nothing_is_claimed_from_an_empty_queue(workspace: Workspace) -> None:
    assert not workspace.execution.runs.has_queued()
    assert workspace.execution.runs.claim(ME) is None


def test_the_longest_waiting_run_is_claimed_first(workspace: Workspace) -> None:
    first, second = submit(workspace), submit(workspace)
    assert workspace.execution.runs.has_queued()
    claimed = workspace.execution.runs.claim(ME)
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.phase, claimed.queue_position) == (first.id, "running", "Starting", None)
    assert claimed.started_at is not None and claimed.heartbeat_at is not None
    assert claimed.config == first.config
    again = workspace.execution.runs.claim(ME)
    assert again is not None and again.id == second.id
    assert not workspace.execution.runs.has_queued()


def test_two_threads_never_claim_the_same_run(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    submitted = {workspace.runs.submit(dataset_id, QUICK).id for _ in range(30)}
    other = Workspace.open(workspace.home)  # connections of its own, as another process has them
    claimed: list[str] = []
    start = threading.Barrier(4)

    def claim_all(runs: RunExecution) -> None:
        start.wait()
        while (run := runs.claim(ME)) is not None:
            claimed.append(run.id)

    threads = [threading.Thread(target=claim_all, args=(space.execution.runs,)) for space in (workspace, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == 30
    assert set(claimed) == submitted


def test_a_running_run_is_listed_with_who_took_it(workspace: Workspace) -> None:
    run = submit(workspace)
    submit(workspace)
    before = time.time()
    workspace.execution.runs.claim(ME)
    running = workspace.execution.runs.running()
    assert list(running) == [run.id]
    supervisor, heartbeat_at = running[run.id]
    assert supervisor == ME and before <= heartbeat_at <= time.time()


def test_reports_are_read_back(workspace: Workspace) -> None:
    run = submit(workspace)
    claimed = workspace.execution.runs.claim(ME)
    assert claimed and claimed.heartbeat_at
    workspace.execution.runs.set_device(run.id, "cpu", "There is no GPU.")
    workspace.execution.runs.set_phase(run.id, "Splitting")
    assert workspace.runs.get(run.id).phase == "Splitting"
    workspace.execution.runs.set_progress(run.id, slice_progress(320))
    time.sleep(0.01)
    workspace.execution.runs.heartbeat(run.id)
    now = workspace.runs.get(run.id)
    assert (now.device_used, now.device_note, now.phase) == ("cpu", "There is no GPU.", "Training")
    assert now.progress == slice_progress(320)
    assert now.heartbeat_at is not None and now.heartbeat_at > claimed.heartbeat_at


@pytest.mark.parametrize("report", REPORTS)
def test_a_queued_or_ended_run_cannot_be_reported_on(
    workspace: Workspace, report: Callable[[RunExecution, str], None]
) -> None:
    run = submit(workspace)
    with pytest.raises(WorkspaceError, match=f"{run.id} is no longer running"):
        report(workspace.execution.runs, run.id)
    workspace.execution.runs.claim(ME)
    workspace.execution.runs.fail(run.id, "first reason")
    before = workspace.runs.get(run.id)
    with pytest.raises(WorkspaceError, match=f"{run.id} is no longer running"):
        report(workspace.execution.runs, run.id)
    assert workspace.runs.get(run.id) == before
    assert workspace.runs.epochs(run.id) == []


def test_a_run_fails_once_with_its_first_reason(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim(ME)
    assert workspace.execution.runs.fail(run.id, "first reason")
    assert not workspace.execution.runs.fail(run.id, "second reason")
    failed = workspace.runs.get(run.id)
    assert (failed.state, failed.error, failed.phase) == ("failed", "first reason", "")
    assert failed.finished_at is not None
    assert failed.model_folder is None


def test_a_stopped_run_keeps_its_model_unless_it_never_started(workspace: Workspace) -> None:
    first, second = submit(workspace), submit(workspace)
    workspace.execution.runs.claim(ME)
    workspace.execution.runs.finish(first.id, stopped=True, best_epoch=4, metrics={})
    assert workspace.runs.get(first.id).state == "stopped"
    assert workspace.runs.get(first.id).model_folder is not None
    workspace.execution.runs.claim(ME)
    assert workspace.execution.runs.end_without_model(second.id)
    assert not workspace.execution.runs.end_without_model(second.id)
    never_started = workspace.runs.get(second.id)
    assert (never_started.state, never_started.model_folder, never_started.best_epoch) == ("stopped", None, None)
    assert never_started.notes == ("Stopped before it started; there is no model.",)


def test_a_run_that_others_ended_or_deleted_is_to_stop(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim(ME)
    assert not workspace.execution.runs.stop_wanted(run.id)
    workspace.execution.runs.fail(run.id, "why")
    assert workspace.execution.runs.stop_wanted(run.id)
    workspace.runs.delete(run.id)
    assert workspace.execution.runs.stop_wanted(run.id)

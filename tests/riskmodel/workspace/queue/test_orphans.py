"""Orphans: running runs without a trainer are marked, others are unchanged."""

import os
import time

import pytest
import sqlalchemy as sa

from riskmodel.config.search import SearchConfig
from riskmodel.workspace.queue import heartbeats, orphans
from riskmodel.workspace.queue.orphans import fail_orphans
from riskmodel.workspace.storage.process_identity import identify
from riskmodel.workspace.storage.tables import runs
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, sample_dataset, submit

HOST, PID, START = identify().rsplit("/", 2)
DEAD_HERE = f"{HOST}/{PID}/{float(START) - 60:.2f}"
ELSEWHERE = f"other-{HOST}/1/1.00"


def running(workspace: Workspace, supervisor: str) -> str:
    run = submit(workspace)
    workspace.execution.runs.claim(supervisor)
    return run.id


def test_a_run_of_a_dead_supervisor_fails_with_a_message(workspace: Workspace) -> None:
    run_id = running(workspace, DEAD_HERE)
    assert fail_orphans(workspace.execution.runs) == [run_id]
    failed = workspace.runs.get(run_id)
    assert failed.state == "failed"
    assert failed.error == "The supervisor of this run ended unexpectedly, and its trainer with it. Train it again."
    assert fail_orphans(workspace.execution.runs) == []


def test_a_restarted_machine_is_reported(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = running(workspace, DEAD_HERE)
    monkeypatch.setattr(orphans.psutil, "boot_time", lambda: time.time() + 60)
    assert fail_orphans(workspace.execution.runs) == [run_id]
    error = workspace.runs.get(run_id).error
    assert error == "The machine was restarted during this run. Train it again."


def test_runs_of_a_living_supervisor_and_queued_runs_are_left_alone(workspace: Workspace) -> None:
    run_id, queued = running(workspace, identify()), submit(workspace)
    assert fail_orphans(workspace.execution.runs) == []
    assert workspace.runs.get(run_id).state == "running"
    assert workspace.runs.get(queued.id).state == "queued"


def test_a_supervisor_gives_up_what_it_took_and_lost_but_not_its_work(workspace: Workspace) -> None:
    lost, at_work = running(workspace, identify()), running(workspace, identify())
    assert fail_orphans(workspace.execution.runs, supervisor=identify(), working_on=at_work) == [lost]


def test_a_supervisor_gives_up_runs_of_another_one_here_which_a_copied_folder_names(workspace: Workspace) -> None:
    copied, this_process = running(workspace, identify(os.getppid())), identify()
    assert fail_orphans(workspace.execution.runs) == []
    assert fail_orphans(workspace.execution.runs, supervisor=this_process) == [copied]


def test_a_run_of_another_machine_is_lost_only_once_its_heartbeat_was_seen_to_stop(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = running(workspace, ELSEWHERE)
    clock = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    assert fail_orphans(workspace.execution.runs) == []
    clock += heartbeats.LOST_SECONDS - 1
    workspace.execution.runs.heartbeat(run_id)
    assert fail_orphans(workspace.execution.runs) == []
    clock += heartbeats.LOST_SECONDS - 1
    assert fail_orphans(workspace.execution.runs) == []
    clock += 2
    assert fail_orphans(workspace.execution.runs) == [run_id]


def test_a_heartbeat_that_is_old_by_the_clock_does_not_count_as_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As after minutes in which the database was away: the trainer could not report, and is well.
    running(workspace, ELSEWHERE)
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert fail_orphans(workspace.execution.runs) == []


@pytest.mark.parametrize("look", ["get", "list", "waiting", "stop"])
def test_any_read_of_a_run_of_a_dead_supervisor_records_the_reason(workspace: Workspace, look: str) -> None:
    run_id = running(workspace, DEAD_HERE)
    client = Workspace.open(workspace.home)
    looks = {
        "get": lambda: client.runs.get(run_id),
        "list": client.runs.list,
        "waiting": client.waiting,
        "stop": lambda: client.runs.request_stop(run_id),
    }
    looks[look]()
    if look != "stop":  # a stop is requested without reading the run
        with workspace._database.reading() as connection:
            assert connection.scalar(sa.select(runs.c.state).where(runs.c.id == run_id)) == "failed"
    [failed] = client.runs.list()
    assert failed.state == "failed" and "ended unexpectedly, and its trainer with it" in (failed.error or "")


def test_a_search_of_a_dead_supervisor_fails_and_can_be_resumed(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    search = workspace.searches.submit(dataset.id, QUICK, SearchConfig(fields=("network.dropout",)))
    workspace.execution.searches.claim(DEAD_HERE)
    assert fail_orphans(workspace.execution.runs) == []
    assert fail_orphans(workspace.execution.searches) == [search.id]
    assert workspace.searches.get(search.id).error == (
        "The supervisor of this search ended unexpectedly, and its trainer with it. Resume it: ended trials are kept."
    )

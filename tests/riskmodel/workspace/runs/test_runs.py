"""Runs from the analyst's side: submitted, listed, stopped, renamed, deleted."""

import errno
import json
import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage import files
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, epoch_result, sample_dataset, submit

METRICS = {"test": {"auc": 0.75, "num_rows": 60}}


def test_a_submitted_run_is_queued_with_its_configuration(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    run = workspace.runs.submit(dataset.id, QUICK, name=" mine ", device="auto", tags=["a", "ü"])
    assert re.fullmatch("run-[0-9a-f]{10}", run.id)
    assert (run.name, run.dataset_id, run.config, run.tags) == ("mine", dataset.id, QUICK, ("a", "ü"))
    assert (run.state, run.is_live, run.queue_position, run.phase) == ("queued", True, 1, "")
    assert (run.device_requested, run.device_used, run.device_note) == ("auto", None, "")
    assert (run.metrics, run.notes, run.best_epoch, run.error, run.progress) == ({}, (), None, None, None)
    assert (run.model_folder, run.predictions_path, run.started_at, run.finished_at) == (None, None, None, None)
    assert RunConfig.from_json((run.folder / "config.json").read_bytes()) == QUICK
    assert run.folder.stat().st_mode & 0o777 == 0o700


def test_a_run_without_a_name_is_named_for_its_dataset_and_number(workspace: Workspace) -> None:
    assert [submit(workspace).name for _ in range(3)] == ["customers 1", "customers 2", "customers 3"]


def test_places_in_the_queue_follow_the_order_of_submission(workspace: Workspace) -> None:
    first, second, third = (submit(workspace) for _ in range(3))
    assert [workspace.runs.get(run.id).queue_position for run in (first, second, third)] == [1, 2, 3]
    workspace.execution.runs.claim("host/1/1.0")
    assert [run.queue_position for run in workspace.runs.list()] == [2, 1, None]
    workspace.runs.request_stop(second.id)
    assert workspace.runs.get(third.id).queue_position == 1


def test_the_list_is_newest_first_and_ends_at_its_limit(workspace: Workspace) -> None:
    ids = [submit(workspace).id for _ in range(4)]
    assert [run.id for run in workspace.runs.list(limit=3)] == ids[:0:-1]


def damage(workspace: Workspace, run_id: str) -> None:
    with workspace._database.writing() as connection:
        connection.execute(sa.update(db.runs).where(db.runs.c.id == run_id).values(config='{"seed": "x"}'))


def test_an_unreadable_run_is_left_out_of_the_lists_and_named(workspace: Workspace) -> None:
    first, second, third = (submit(workspace) for _ in range(3))
    assert workspace.runs.unreadable() == {}
    damage(workspace, second.id)
    assert [run.id for run in workspace.runs.list()] == [third.id, first.id]
    assert list(workspace.runs.unreadable()) == [second.id]
    problem = workspace.runs.unreadable()[second.id]
    assert problem.startswith(
        f"The run {second.id} cannot be read; it is damaged, or of another version of the program: "
    )
    assert "seed" in problem and problem.endswith(
        f"Its files are in {second.folder}. Delete it with: python -m riskmodel edit {second.id} --delete"
    )
    with pytest.raises(WorkspaceError, match=f"The run {second.id} cannot be read"):
        workspace.runs.get(second.id)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("config", "{", "config"),
        ("metrics", '{"test": {}}', "metrics must have an AUC for each set"),
        ("metrics", "[" * 100_000, ""),
        ("metrics", "5", "metrics must have an AUC"),
        ("tags", "[1]", "a list of texts is required; received [1]"),
        ("notes", '"abc"', "a list of texts is required"),
        ("progress", '{"a": 1}', "fields unknown ['a']"),
        ("created_at", 1e300, ""),
        ("created_at", "soon", "created_at must be a float; received 'soon'"),
        ("state", "bogus", "there is no state 'bogus'"),
        ("name", b"\xff", "name must be a str; received b'"),
    ],
)
def test_any_damage_leaves_the_other_runs_in_the_lists(
    workspace: Workspace, column: str, value: object, reason: str
) -> None:
    good, bad = (submit(workspace, name=name) for name in ("good one", "bad"))
    with workspace._database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE runs SET {column} = ? WHERE id = ?", (value, bad.id))
    assert [run.id for run in workspace.runs.list()] == [good.id]
    assert [run.id for run in workspace.runs.list(text="good")] == [good.id]
    assert reason in workspace.runs.unreadable()[bad.id]


def test_an_unreadable_run_can_be_deleted(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.runs.request_stop(run.id)
    damage(workspace, run.id)
    assert workspace.runs.list() == [] and list(workspace.runs.unreadable()) == [run.id]
    Workspace.open(workspace.home).runs.delete(run.id)
    assert workspace.runs.unreadable() == {}
    assert workspace.runs.purge(0) == [run.id]
    assert workspace.runs.list(archived=None) == []


def test_a_damaged_epoch_is_named(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.add_epoch(run.id, epoch_result(1))
    with workspace._database.writing() as connection:
        connection.execute(sa.update(db.epochs).values(result="{"))
    with pytest.raises(WorkspaceError, match=f"An epoch of {run.id} cannot be read; it is damaged"):
        workspace.runs.epochs(run.id)


def test_an_unreadable_run_fails_and_the_next_is_claimed(workspace: Workspace) -> None:
    first, second = (submit(workspace) for _ in range(2))
    damage(workspace, first.id)
    assert workspace.execution.runs.claim("host/1/1.0") is None
    assert workspace.execution.runs.running() == {}
    claimed = workspace.execution.runs.claim("host/1/1.0")
    assert claimed is not None and claimed.id == second.id
    assert "cannot be read" in workspace.runs.log(first.id)[-1].text


@pytest.mark.parametrize("device", ["tpu", "", "GPU"])
def test_a_device_that_does_not_exist_is_refused(workspace: Workspace, device: str) -> None:
    with pytest.raises(ConfigError, match=f"must be one of auto, cpu, gpu; received '{device}'"):
        submit(workspace, device=device)
    assert workspace.runs.list() == []


def test_a_dataset_that_is_deleted_during_the_submission_is_named_and_nothing_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    next_name = JobQueue._next_name

    def delete_after(queue: JobQueue[RunRecord], connection: sa.Connection, dataset_id: str) -> str:
        name = next_name(queue, connection, dataset_id)
        workspace.datasets.delete(dataset_id)
        return name

    monkeypatch.setattr(JobQueue, "_next_name", delete_after)
    with pytest.raises(WorkspaceError, match=f"The dataset '{dataset.id}' was deleted while the run was submitted"):
        workspace.runs.submit(dataset.id, QUICK)
    assert workspace.runs.list() == [] and list((workspace.home / "runs").iterdir()) == []


def test_a_dataset_that_does_not_exist_is_refused(workspace: Workspace) -> None:
    for name in ("", "named"):
        with pytest.raises(WorkspaceError, match=rf"There is no dataset '{'0' * 16}'.* Upload its file first"):
            workspace.runs.submit("0" * 16, preset("mission"), name=name)
    assert list((workspace.home / "runs").iterdir()) == []


def test_a_full_disk_raises_and_nothing_is_queued(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = workspace.datasets.add(sample_dataset())

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="there is no space left on the disk"):
        workspace.runs.submit(dataset.id, QUICK)
    assert workspace.runs.list() == []
    assert list((workspace.home / "runs").iterdir()) == []


def test_the_files_of_a_run_are_on_disk_before_its_row(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    synced: list[Path] = []
    sync = files.sync

    def record(path: Path) -> None:
        sync(path)
        if workspace.runs.list() == []:
            synced.append(path)

    monkeypatch.setattr(files, "sync", record)
    folder = workspace.runs.submit(dataset.id, QUICK).folder
    assert {folder / "config.json", folder, folder.parent} <= set(synced)


def test_a_queued_run_stops_at_once_with_a_note(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.runs.request_stop(run.id)
    stopped = workspace.runs.get(run.id)
    assert (stopped.state, stopped.is_live, stopped.model_folder) == ("stopped", False, None)
    assert stopped.notes == ("Stopped before it started; there is no model.",)
    assert stopped.finished_at is not None and stopped.started_at is None
    assert workspace.execution.runs.claim("host/1/1.0") is None


def test_a_running_run_is_asked_to_stop(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    assert not workspace.execution.runs.stop_wanted(run.id)
    workspace.runs.request_stop(run.id)
    asked = workspace.runs.get(run.id)
    assert (asked.state, asked.stop_requested) == ("running", True)
    assert workspace.execution.runs.stop_wanted(run.id)


def test_stopping_an_ended_run_has_no_effect_and_an_unknown_one_raises(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.finish(run.id, stopped=False, best_epoch=2, metrics=METRICS)
    before = workspace.runs.get(run.id)
    workspace.runs.request_stop(run.id)
    assert workspace.runs.get(run.id) == before
    with pytest.raises(WorkspaceError, match="There is no run 'run-0000000000'"):
        workspace.runs.request_stop("run-0000000000")


def test_epochs_come_in_order_and_only_the_new_ones(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    assert workspace.runs.epochs(run.id) == []
    for epoch in (1, 2, 3):
        workspace.execution.runs.add_epoch(run.id, epoch_result(epoch))
    assert workspace.runs.epochs(run.id) == [epoch_result(1), epoch_result(2), epoch_result(3)]
    assert [result.epoch for result in workspace.runs.epochs(run.id, after=2)] == [3]


def test_a_run_can_be_renamed_but_not_to_an_empty_name(workspace: Workspace) -> None:
    run = submit(workspace)
    assert workspace.runs.rename(run.id, " Champion ").name == "Champion"
    with pytest.raises(WorkspaceError, match=rf"The name of {run.id} must not be empty"):
        workspace.runs.rename(run.id, "  ")
    with pytest.raises(WorkspaceError, match="There is no run"):
        workspace.runs.rename("run-0000000000", "a")


def test_a_removed_run_is_gone_with_its_epochs_and_files(workspace: Workspace) -> None:
    run = submit(workspace, name="Mine")
    with pytest.raises(WorkspaceError, match=rf"{run.id} \(Mine\) is queued; only an ended run can be deleted"):
        workspace.runs.delete(run.id)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.add_epoch(run.id, epoch_result(1))
    with pytest.raises(WorkspaceError, match="is running; only"):
        workspace.runs.delete(run.id)
    assert run.folder.is_dir()
    workspace.execution.runs.fail(run.id, "why")
    workspace.runs.delete(run.id)
    assert run.folder.is_dir()
    workspace.runs.remove(run.id)
    assert not run.folder.exists()
    assert workspace.runs.epochs(run.id) == []
    for act in (workspace.runs.get, workspace.runs.delete):
        with pytest.raises(WorkspaceError, match=rf"There is no run '{run.id}'.* python -m riskmodel runs"):
            act(run.id)


@pytest.mark.parametrize("run_id", ["../run-0123456789", "run-012345678", "run-0123456789\n", "run-ABCDEF0123", ""])
def test_an_invalid_id_raises_before_it_becomes_a_path(workspace: Workspace, run_id: str) -> None:
    for act in (workspace.runs.get, workspace.runs.delete, workspace.runs.epochs, workspace.runs.request_stop):
        with pytest.raises(WorkspaceError, match="must be 'run-' and ten hexadecimal digits"):
            act(run_id)


def test_a_finished_run_has_its_figures_and_paths(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.finish(
        run.id, stopped=False, best_epoch=2, metrics=METRICS, notes=["Column 'é' left out."]
    )
    done = workspace.runs.get(run.id)
    assert (done.state, done.best_epoch, done.metrics) == ("finished", 2, METRICS)
    assert done.notes == ("Column 'é' left out.",)
    assert done.model_folder == run.folder / "model"
    assert done.predictions_path == run.folder / "predictions.parquet"
    assert done.started_at and done.finished_at and done.started_at <= done.finished_at
    assert json.dumps(done.metrics)  # the command line prints it


def test_runs_are_numbered_within_their_dataset(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    runs = [workspace.runs.submit(dataset_id, QUICK) for _ in range(3)]
    assert [workspace.runs.number(run) for run in runs] == [1, 2, 3]
    other = workspace.datasets.add(sample_dataset(name="other.csv")).id
    assert workspace.runs.number(workspace.runs.submit(other, QUICK)) == 1
    workspace.runs.request_cancel(runs[0].id)
    workspace.runs.delete(runs[0].id)
    assert workspace.runs.number(runs[2]) == 3, "colors of later runs stay"

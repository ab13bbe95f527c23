"""Runs that are discarded, and runs that resume an ended one."""

import json
from pathlib import Path

import pytest

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.errors import ConfigError, TrainingError, WorkspaceError
from riskmodel.training.progress import DIVERGED
from riskmodel.workspace.runs.run_record import (
    CHECKPOINT_FILE,
    MODEL_FOLDER,
    NETWORKS_FOLDER,
    PREDICTIONS_FILE,
    RunRecord,
)
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, checkpoint, epoch_result, sample_dataset, submit

ENSEMBLE = RunConfig.from_dict({"ensemble": {"seeds": 2}})


def finished(workspace: Workspace, config: RunConfig = QUICK, *, stopped: bool = False, epochs: int = 3) -> RunRecord:
    """An ended run with a model, curves and a checkpoint."""
    run = submit(workspace, config, name="first")
    workspace.execution.runs.claim("host/1/1.0")
    for epoch in range(1, epochs + 1):
        workspace.execution.runs.add_epoch(run.id, epoch_result(epoch))
    put_files(run)
    workspace.execution.runs.finish(run.id, stopped=stopped, best_epoch=1, metrics={"test": {"auc": 0.7}})
    return workspace.runs.get(run.id)


def put_files(run: RunRecord) -> None:
    (run.folder / MODEL_FOLDER).mkdir()
    (run.folder / MODEL_FOLDER / "manifest.json").write_text("{}")
    (run.folder / PREDICTIONS_FILE).write_bytes(b"rows")
    with (run.folder / CHECKPOINT_FILE).open("wb") as stream:
        checkpoint(3).write(stream)


def test_a_discarded_queued_run_never_starts(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.runs.request_cancel(run.id)
    cancelled = workspace.runs.get(run.id)
    assert (cancelled.state, cancelled.is_live, cancelled.queue_position) == ("cancelled", False, None)
    assert cancelled.notes == ("Discarded; no model was kept.",)
    assert cancelled.finished_at is not None
    assert workspace.execution.runs.claim("host/1/1.0") is None
    assert workspace.execution.runs.is_discarded(run.id)


def test_a_discarded_running_run_rejects_later_reports(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.add_epoch(run.id, epoch_result(1))
    workspace.runs.request_cancel(run.id)
    assert workspace.execution.runs.stop_wanted(run.id)
    put_files(run)
    with pytest.raises(WorkspaceError, match="is no longer running"):
        workspace.execution.runs.finish(run.id, stopped=False, best_epoch=1, metrics={})
    assert not workspace.execution.runs.fail(run.id, "too late")
    workspace.execution.runs.discard_files(run.id)
    cancelled = workspace.runs.get(run.id)
    assert (cancelled.state, cancelled.model_folder, cancelled.error) == ("cancelled", None, None)
    assert not any((run.folder / name).exists() for name in (MODEL_FOLDER, PREDICTIONS_FILE, CHECKPOINT_FILE))
    assert len(workspace.runs.epochs(run.id)) == 1
    assert workspace.runs.log(run.id)[-1].text == "Discarded; no model was kept."
    workspace.runs.delete(run.id)


def test_one_that_has_ended_is_not_touched(workspace: Workspace) -> None:
    run = finished(workspace)
    workspace.runs.request_cancel(run.id)
    assert workspace.runs.get(run.id) == run
    with pytest.raises(WorkspaceError, match="There is no run"):
        workspace.runs.request_cancel("run-0000000000")


def test_a_discarded_search_keeps_its_trials_and_can_be_resumed(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    search = workspace.searches.submit(dataset.id, QUICK, SearchConfig(fields=("network.dropout",), trials=2))
    workspace.execution.searches.claim("host/1/1.0")
    workspace.searches.request_cancel(search.id)
    cancelled = workspace.searches.get(search.id)
    assert (cancelled.state, cancelled.notes) == ("cancelled", ("Discarded; ended trials are kept.",))
    assert workspace.searches.resume(search.id).state == "queued"


@pytest.mark.parametrize("stopped", [False, True])
def test_a_continued_run_begins_with_the_other_s_curves_and_state_and_leaves_it_alone(
    workspace: Workspace, stopped: bool
) -> None:
    first = finished(workspace, stopped=stopped)
    state = (first.folder / CHECKPOINT_FILE).read_bytes()
    assert first.why_not_continue == ""
    more = workspace.runs.continue_run(first.id, 5)
    assert (more.state, more.continues, more.name) == ("queued", first.id, "first + 5 epochs")
    assert (more.config.training.epochs, more.dataset_id, more.device_requested) == (8, first.dataset_id, "cpu")
    assert more.config.model_copy(update={"training": first.config.training}) == first.config
    assert [(epoch.epoch, epoch.num_epochs) for epoch in workspace.runs.epochs(more.id)] == [(1, 8), (2, 8), (3, 8)]
    assert (more.folder / CHECKPOINT_FILE).read_bytes() == state
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.add_epoch(more.id, epoch_result(4))
    workspace.execution.runs.fail(more.id, "The loss diverged.")
    assert workspace.runs.get(first.id) == first
    assert len(workspace.runs.epochs(first.id)) == 3
    workspace.runs.delete(first.id)
    workspace.runs.remove(first.id)  # what it shares with the other one stays
    assert (more.folder / CHECKPOINT_FILE).read_bytes() == state


def test_a_continued_run_can_be_continued_and_named(workspace: Workspace) -> None:
    second = workspace.runs.continue_run(finished(workspace).id, 1)
    assert second.name == "first + 1 epoch"
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.add_epoch(second.id, epoch_result(4))
    (second.folder / MODEL_FOLDER).mkdir()
    workspace.execution.runs.finish(second.id, stopped=False, best_epoch=1, metrics={})
    third = workspace.runs.continue_run(second.id, 4, device="auto")
    assert (third.name, third.config.training.epochs, third.device_requested) == ("first + 5 epochs", 8, "auto")
    assert workspace.runs.continue_run(second.id, 4, name="longer").name == "longer"


def test_a_run_that_cannot_be_continued_has_a_reason(workspace: Workspace) -> None:
    runs = workspace.runs
    waiting = submit(workspace)
    with pytest.raises(WorkspaceError, match="is queued; it can be continued once it has ended"):
        runs.continue_run(waiting.id, 3)
    runs.request_cancel(waiting.id)
    with pytest.raises(WorkspaceError, match=r"is discarded, so there is nothing to continue from\. Train it again"):
        runs.continue_run(waiting.id, 3)
    with pytest.raises(WorkspaceError, match="only a run of a single network can be continued after"):
        runs.continue_run(finished(workspace, ENSEMBLE).id, 3)
    first = finished(workspace)
    with pytest.raises(ConfigError, match="at least 1 epoch; received 0"):
        runs.continue_run(first.id, 0)
    with pytest.raises(ConfigError, match=r"training\.epochs"):
        runs.continue_run(first.id, 10_000)
    with pytest.raises(ConfigError, match="must be one of auto, cpu, gpu; received 'tpu'"):
        runs.continue_run(first.id, 3, device="tpu")
    assert [run.state for run in runs.list()].count("queued") == 0
    assert {path.name for path in (workspace.home / "runs").iterdir()} == {run.id for run in runs.list()}
    (first.folder / CHECKPOINT_FILE).unlink()
    with pytest.raises(WorkspaceError, match=r"there is no file .*/checkpoint\.npz\. It was deleted, or an earlier"):
        runs.continue_run(first.id, 3)


@pytest.mark.parametrize("change", ["emptied", "cut", "changed", "garbage"])
def test_a_damaged_checkpoint_is_named_before_a_run_is_queued(workspace: Workspace, change: str) -> None:
    first = finished(workspace)
    path = first.folder / CHECKPOINT_FILE
    content = bytearray(path.read_bytes())
    if change == "changed":
        content[content.index(b'"history"') + 30] ^= 0x55
    path.write_bytes(
        {"emptied": b"", "cut": content[: len(content) // 2], "garbage": b"\x82" * 500}.get(change, content)
    )
    with pytest.raises(TrainingError, match=r"the file .*/checkpoint\.npz is damaged.* Restore it from a copy"):
        workspace.runs.continue_run(first.id, 3)
    assert [run.id for run in workspace.runs.list()] == [first.id]


@pytest.mark.parametrize("config", [QUICK, ENSEMBLE])
def test_a_run_that_diverged_is_not_continued_to_diverge_again(workspace: Workspace, config: RunConfig) -> None:
    run = submit(workspace, config)
    workspace.execution.runs.claim("host/1/1.0")
    put_files(run)
    (run.folder / NETWORKS_FOLDER).mkdir()
    (run.folder / NETWORKS_FOLDER / "0.npz").write_bytes(b"")
    reason = f"{DIVERGED} at epoch 4: the loss became inf."
    workspace.execution.runs.fail(run.id, reason)
    assert workspace.runs.get(run.id).error == reason  # without the command that continues it
    with pytest.raises(WorkspaceError, match=rf"{run.id} diverged, and would diverge again at the same epoch\. Train"):
        workspace.runs.continue_run(run.id)


def test_the_configuration_of_a_continued_run_is_in_its_folder(workspace: Workspace) -> None:
    more = workspace.runs.continue_run(finished(workspace).id, 5)
    kept = json.loads((Path(more.folder) / "config.json").read_text())
    assert kept["training"]["epochs"] == 8

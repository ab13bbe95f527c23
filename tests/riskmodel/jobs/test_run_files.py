"""Checkpoints during training: the best weights are on disk, and a failed run is resumed from them."""

import errno
import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.jobs import run_files, trainer
from riskmodel.jobs.reporter import Reporter
from riskmodel.jobs.run_files import CheckpointKeeper
from riskmodel.training.ensembles.member_files import MemberFiles
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.workspace.runs.run_record import CHECKPOINT_FILE, NETWORKS_FOLDER
from riskmodel.workspace.storage.process_identity import identify
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.jobs.test_trainer import begin, checkpoint
from tests.riskmodel.workspace.examples import epoch_result, submit
from tests.training_here import train_waiting


class Kept:
    """The files of a running run, with a simulated clock."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(run_files.time, "monotonic", lambda: self.now)
        self.run = workspace.runs.get(begin(workspace))
        self.path = self.run.folder / CHECKPOINT_FILE
        self.reporter = Reporter(workspace.execution.runs, self.run.id, workspace.reserve)
        self.keeper = CheckpointKeeper(self.run, self.reporter)

    def end_epoch(self, epoch: int, is_best: bool) -> None:
        self.keeper.on_epoch_end(is_best, lambda: checkpoint(epoch))

    def epochs(self) -> int:
        return len(Checkpoint.read(self.path).history)


@pytest.fixture
def kept(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(workspace, monkeypatch)


def test_the_first_epoch_is_kept_then_a_better_one_each_minute(kept: Kept) -> None:
    kept.end_epoch(1, True)
    assert kept.epochs() == 1 and kept.path.stat().st_mode & 0o777 == 0o600
    kept.now += 30
    kept.end_epoch(2, True)
    assert kept.epochs() == 1
    kept.now += 31
    kept.end_epoch(3, False)  # the better one before it is in this checkpoint
    assert kept.epochs() == 3
    kept.now += 61
    kept.end_epoch(4, False)
    assert kept.epochs() == 3


def test_a_trained_network_replaces_the_checkpoint_at_once(kept: Kept) -> None:
    kept.end_epoch(1, True)
    kept.end_epoch(2, True)
    assert kept.epochs() == 1
    kept.keeper.keep(checkpoint(3))
    assert kept.epochs() == 3


def test_a_run_that_fails_while_a_larger_network_is_trained_has_the_smaller_one_again(
    kept: Kept, workspace: Workspace
) -> None:
    smaller = kept.run.config
    larger = smaller.model_copy(update={"network": smaller.network.model_copy(update={"units": (64,)})})
    kept.keeper.keep(replace(checkpoint(smaller.training.epochs), config=smaller))
    workspace.execution.runs.set_config(kept.run.id, larger, ())
    workspace.execution.runs.add_epoch(kept.run.id, epoch_result(1))
    workspace.execution.runs.fail(kept.run.id, "The trainer was killed (SIGKILL).")
    failed = workspace.runs.get(kept.run.id)
    assert failed.state == "failed" and failed.config == smaller
    assert len(workspace.runs.epochs(failed.id)) == smaller.training.epochs
    assert workspace.runs.log(failed.id)[-2].text == (
        "The larger network was not completed. The run has the configuration and the epochs of the smaller one again, "
        "with 'Enlarge if still improving' off."
    )
    more = workspace.runs.continue_run(failed.id)
    assert (more.name, more.config) == (f"{failed.name}, continued", smaller)
    assert len(workspace.runs.epochs(more.id)) == smaller.training.epochs
    assert run_files.continued_notes(workspace.runs, more)[1] == (
        "That run failed while a larger network was trained. This network is the largest that was completed; with "
        "'Enlarge if still improving' on, a new run may find a better one."
    )


def test_a_run_resumed_for_more_epochs_keeps_them_when_it_fails(kept: Kept, workspace: Workspace) -> None:
    smaller = kept.run.config
    kept.keeper.keep(replace(checkpoint(3), config=smaller))
    workspace.execution.runs.fail(kept.run.id, "why")
    more = workspace.runs.continue_run(kept.run.id, 7)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.add_epoch(more.id, epoch_result(4))
    workspace.execution.runs.fail(more.id, "why")
    failed = workspace.runs.get(more.id)
    assert failed.config.training.epochs == 10 and len(workspace.runs.epochs(more.id)) == 4
    assert all("larger network" not in line.text for line in workspace.runs.log(more.id))


def test_the_checkpoint_of_a_run_that_has_ended_is_not_read(
    kept: Kept, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.end_epoch(1, True)
    workspace.execution.runs.finish(kept.run.id, stopped=False, best_epoch=1, metrics={})
    monkeypatch.setattr(Checkpoint, "read", lambda path: pytest.fail("it was read"))
    assert not workspace.execution.runs.is_enlarging(kept.run.id)


def test_a_damaged_checkpoint_does_not_keep_a_run_from_failing(kept: Kept, workspace: Workspace) -> None:
    kept.path.write_bytes(b"damaged")
    assert workspace.execution.runs.fail(kept.run.id, "why")
    assert workspace.runs.get(kept.run.id).state == "failed"


def test_every_better_epoch_is_kept_while_the_database_is_away(kept: Kept) -> None:
    kept.end_epoch(1, True)
    kept.reporter.is_waiting = True
    kept.end_epoch(2, True)
    assert kept.epochs() == 2
    kept.end_epoch(3, False)
    assert kept.epochs() == 2


def test_a_full_disk_leaves_the_checkpoint_that_there_is(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.end_epoch(1, True)
    kept.now += 61

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        kept.end_epoch(2, True)
    assert kept.epochs() == 1
    kept.now += 61
    kept.end_epoch(3, False)
    assert kept.epochs() == 3


def test_a_failed_run_is_continued_from_its_checkpoint(kept: Kept, workspace: Workspace) -> None:
    kept.end_epoch(2, True)
    for epoch in (1, 2, 3):  # reported after the checkpoint, so that it is trained again
        workspace.execution.runs.add_epoch(kept.run.id, epoch_result(epoch))
    workspace.execution.runs.fail(kept.run.id, "The trainer was killed (SIGKILL).")
    failed = workspace.runs.get(kept.run.id)
    assert failed.error == (
        "The trainer was killed (SIGKILL). The weights of epoch 2 were saved. To continue the training from there, use "
        f"Continue on the Train page or python -m riskmodel resume {kept.run.id}"
    )
    more = workspace.runs.continue_run(kept.run.id, 5)
    assert more.config.training.epochs == 7
    assert [epoch.epoch for epoch in workspace.runs.epochs(more.id)] == [1, 2]
    assert len(Checkpoint.read(more.folder / CHECKPOINT_FILE).history) == 2


def test_a_failed_run_without_a_checkpoint_cannot_be_continued(workspace: Workspace) -> None:
    run_id = begin(workspace)
    workspace.execution.runs.fail(run_id, "why")
    assert workspace.runs.get(run_id).error == "why"
    with pytest.raises(WorkspaceError, match="is failed, so there is nothing to continue from"):
        workspace.runs.continue_run(run_id, 5)


ENSEMBLE = RunConfig.from_dict(
    {"network": {"architecture": "logistic"}, "training": {"epochs": 3, "batch_size": 128}, "ensemble": {"folds": 2}}
)


def test_an_ensemble_whose_trainer_died_is_continued_to_the_model_of_an_uninterrupted_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, failing = (submit(workspace, ENSEMBLE, name=name) for name in ("whole", "first"))
    with monkeypatch.context() as patch:
        patch.setattr(run_files.MemberKeeper, "is_due", lambda *_: True)
        patch.setattr(trainer, "keep_trained", lambda *_: os.abort())  # not reached
        patch.setattr(run_files.MemberKeeper, "write", die_after(4))
        workspace.runs.move(failing.id, 1)
        workspace.execution.runs.claim(identify())
        with pytest.raises(KeyboardInterrupt):
            trainer.train_run(workspace, failing.id, "cpu")
    failed = workspace.runs.get(failing.id)
    assert failed.state == "failed" and failed.why_not_continue == ""
    assert (failed.error or "").endswith(
        "The networks trained so far were saved. To continue the training from there, use Continue on the Train page "
        f"or python -m riskmodel resume {failed.id}"
    )
    with pytest.raises(ConfigError, match="Continue it without a number of epochs"):
        workspace.runs.continue_run(failed.id, 5)
    more = workspace.runs.continue_run(failed.id)
    assert (more.name, more.config, more.continues) == ("first, continued", ENSEMBLE, failed.id)
    assert 1 <= len(workspace.runs.epochs(more.id)) <= 5, "as many as were reported before the end"
    train_waiting(workspace)
    one, other = workspace.runs.get(whole.id), workspace.runs.get(more.id)
    assert (one.state, other.state, other.error) == ("finished", "finished", None)
    assert one.metrics == other.metrics
    assert pq.read_table(one.predictions_path).equals(pq.read_table(other.predictions_path))
    losses = [
        sorted((epoch.network, epoch.epoch, epoch.validation_loss) for epoch in workspace.runs.epochs(each.id))
        for each in (one, other)
    ]
    num_epochs = [len(own) for own in losses]
    assert losses[0] == losses[1] and num_epochs[0] % 3 == 0
    assert other.notes[0].startswith(f"Continues 'first' ({failed.id}): its trained networks were reused")
    assert not (other.folder / NETWORKS_FOLDER).exists() and (failed.folder / NETWORKS_FOLDER).is_dir()
    assert "only a run of a single network can be continued after its end" in other.why_not_continue


def die_after(writes: int) -> Callable[..., None]:
    """A `MemberKeeper.write` that simulates the end of the process after a number of writes."""
    write, calls = run_files.MemberKeeper.write, itertools.count()

    def write_or_die(*arguments: Any) -> None:
        if next(calls) >= writes:
            raise KeyboardInterrupt
        write(*arguments)

    return write_or_die


def test_networks_are_saved_once_trained_and_before_that_every_minute(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(run_files.time, "monotonic", lambda: now)
    keeper = run_files.MemberKeeper(workspace.runs.get(begin(workspace)))
    assert (keeper.is_due("0-0-0", False), keeper.is_due("0-0-0", True)) == (False, True)
    now += 61
    assert keeper.is_due("0-0-0", False)
    named, earlier = replace(epoch_result(1), network="0-0-0", position=1), epoch_result(1)
    keeper.write("0-0-0", [named, earlier], checkpoint(1))
    assert (keeper.is_due("0-0-0", False), keeper.is_due("0-1-0", False)) == (False, True)
    found = MemberFiles(keeper.folder)
    read = found.read("0-0-0")
    assert found.history == (named,), "means over networks, of an earlier version, are left out"
    assert read is not None and len(read.history) == 1
    assert found.read("0-1-0") is None


def test_networks_of_a_run_that_has_its_model_are_leftovers(workspace: Workspace) -> None:
    run = workspace.runs.get(begin(workspace))
    run_files.MemberKeeper(run).write("0-0-0", [epoch_result(1)], checkpoint(1))
    assert workspace.execution.runs.remove_networks() == []
    workspace.execution.runs.finish(run.id, stopped=False, best_epoch=1, metrics={})
    assert workspace.execution.runs.remove_networks() == [run.folder / NETWORKS_FOLDER]
    assert not (run.folder / NETWORKS_FOLDER).exists()
    (run.folder / NETWORKS_FOLDER).mkdir()
    workspace.clean_up()
    assert not (run.folder / NETWORKS_FOLDER).exists()

"""Checkpoints under way: the best weights so far are on the disk, and a failed run is continued from them."""

import errno
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.jobs import run_files
from riskmodel.jobs.reporter import Reporter
from riskmodel.jobs.run_files import CheckpointKeeper
from riskmodel.training.checkpoint import Checkpoint
from riskmodel.workspace.run_record import CHECKPOINT_FILE
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.jobs.test_trainer import begin, checkpoint
from tests.riskmodel.workspace.shelves import epoch_result


class Kept:
    """A keeper of a running run with a clock that is moved by hand."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(run_files.time, "monotonic", lambda: self.now)
        self.run = workspace.runs.get(begin(workspace))
        self.path = self.run.folder / CHECKPOINT_FILE
        self.reporter = Reporter(workspace.runs, self.run.id, workspace.reserve)
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
        workspace.runs.add_epoch(kept.run.id, epoch_result(epoch))
    workspace.runs.fail(kept.run.id, "The trainer was killed (SIGKILL).")
    failed = workspace.runs.get(kept.run.id)
    assert failed.error == (
        "The trainer was killed (SIGKILL). Its best weights so far were saved; train on from them with: "
        f"python -m riskmodel continue {kept.run.id} --epochs 10"
    )
    more = workspace.runs.continue_run(kept.run.id, 5)
    assert more.config.training.epochs == 7
    assert [epoch.epoch for epoch in workspace.runs.epochs(more.id)] == [1, 2]
    assert len(Checkpoint.read(more.folder / CHECKPOINT_FILE).history) == 2


def test_a_failed_run_without_a_checkpoint_cannot_be_continued(workspace: Workspace) -> None:
    run_id = begin(workspace)
    workspace.runs.fail(run_id, "why")
    assert workspace.runs.get(run_id).error == "why"
    with pytest.raises(WorkspaceError, match="is failed, so there is nothing to continue from"):
        workspace.runs.continue_run(run_id, 5)

"""Files of a run's training: checkpoints, model and predictions."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.errors import TrainingError, WorkspaceError
from riskmodel.jobs.reporter import Reporter
from riskmodel.training.ensembles.member_files import CURVE_FILE, MemberFiles
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.wording import size
from riskmodel.workspace.runs.predictions import write_stored_predictions
from riskmodel.workspace.runs.run_record import (
    CHECKPOINT_FILE,
    MODEL_FOLDER,
    NETWORKS_FOLDER,
    PREDICTIONS_FILE,
    RunRecord,
)
from riskmodel.workspace.storage.files import disk_errors, make_folder, write_file, write_text

if TYPE_CHECKING:
    from riskmodel.training.progress import EpochResult
    from riskmodel.training.trained_run import TrainedRun
    from riskmodel.workspace.runs.run_execution import RunExecution
    from riskmodel.workspace.runs.runs import Runs

SECONDS_BETWEEN_CHECKPOINTS = 60.0
_MAX_SHARE = 0.02
"""Maximum share of the training time for writing checkpoints."""

_log = logging.getLogger(__name__)


class CheckpointKeeper:
    """Writes checkpoints to disk, so that an interrupted training can be resumed.

    A checkpoint is written after the first epoch, then once a minute if there is a better epoch, and after each better
    epoch while the database is unavailable. On a full disk the previous checkpoint stays.

    Args:
        run: with the target folder.
        reporter: of the run.
    """

    def __init__(self, run: RunRecord, reporter: Reporter) -> None:
        self._path, self._reporter = run.folder / CHECKPOINT_FILE, reporter
        self._is_better = False
        self._not_before = 0.0

    def on_epoch_end(self, is_best: bool, make: Callable[[], Checkpoint]) -> None:
        """Write a checkpoint if it is due.

        Args:
            is_best: whether the epoch is the best so far.
            make: makes the checkpoint.
        """
        self._is_better = self._is_better or is_best
        if self._is_better and (time.monotonic() >= self._not_before or self._reporter.is_waiting):
            self.keep(make())

    def keep(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint now."""
        started = time.monotonic()
        try:
            write_file(self._path, checkpoint.write)
            self._is_better = False
        except WorkspaceError as error:
            _log.warning("No checkpoint: %s", error)
        ended = time.monotonic()
        self._not_before = ended + max(SECONDS_BETWEEN_CHECKPOINTS, (ended - started) / _MAX_SHARE)


class MemberKeeper(MemberFiles):
    """Writes checkpoints of an ensemble's networks, so that resuming trains only the rest; a `MemberStore`.

    A network is written when trained, and once a minute before. On a full disk earlier files stay.

    Args:
        run: with the target folder, which may contain files of the run that it resumes.
    """

    def __init__(self, run: RunRecord) -> None:
        super().__init__(make_folder(run.folder / NETWORKS_FOLDER))
        self._begun = time.monotonic()
        self._not_before: dict[str, float] = {}

    def is_due(self, name: str, is_done: bool) -> bool:
        """Whether to write a network now, after an epoch."""
        return is_done or time.monotonic() >= self._not_before.get(name, self._begun + SECONDS_BETWEEN_CHECKPOINTS)

    def write(self, name: str, history: Sequence[EpochResult], checkpoint: Checkpoint) -> None:
        """Write the reported epochs, then a network."""
        started = time.monotonic()
        try:
            write_text(self.folder / CURVE_FILE, json.dumps([result.to_dict() for result in history]))
            write_file(self.path(name), checkpoint.write)
        except WorkspaceError as error:
            _log.warning("No checkpoint of network %s: %s", name, error)
        ended = time.monotonic()
        self._not_before[name] = ended + max(SECONDS_BETWEEN_CHECKPOINTS, (ended - started) / _MAX_SHARE)


def keep_trained(
    runs: RunExecution, run: RunRecord, trained: TrainedRun, continued: Sequence[str], reporter: Reporter
) -> None:
    """Write model, predictions and checkpoint, then the record, so that its files exist.

    Retries while the disk is full or the database is unavailable.

    Args:
        continued: notes on the resumed run.
    """
    reporter.call(lambda: _write_files(run, trained))
    reporter.post(lambda: runs.add_log(run.id, f"Saved the model{_describe_size(run.folder / CHECKPOINT_FILE)}."))
    reporter.call(
        lambda: runs.finish(
            run.id,
            stopped=trained.stopped,
            best_epoch=trained.best_epoch,
            metrics={part: metrics.to_dict() for part, metrics in trained.metrics.items()},
            notes=(*continued, *trained.notes),
        )
    )
    shutil.rmtree(run.folder / NETWORKS_FOLDER, ignore_errors=True)


def _write_files(run: RunRecord, trained: TrainedRun) -> None:
    with disk_errors("Saving the model", run.folder):
        if not (run.folder / MODEL_FOLDER).exists():  # it may exist if a full disk prevented the later files
            trained.model.save(run.folder / MODEL_FOLDER)
        write_file(run.folder / PREDICTIONS_FILE, lambda stream: write_stored_predictions(trained.predictions, stream))
        if trained.checkpoint is not None:
            write_file(run.folder / CHECKPOINT_FILE, trained.checkpoint.write)


def continued_notes(runs: Runs, run: RunRecord) -> tuple[str, ...]:
    """Notes on the resumed run and epoch; call before the training, while only its epochs are stored."""
    if not run.continues:
        return ()
    named = f"'{runs.get(run.continues).name}' ({run.continues})"
    if not run.config.ensemble.is_single:
        return (f"Continues {named}: its trained networks were reused, the others were trained.",)
    notes = [f"Continues {named} after its epoch {len(runs.epochs(run.id))}. That run and its model are unchanged."]
    if _was_enlarging(run):
        notes.append(
            "That run failed while a larger network was trained. This network is the largest that was completed; "
            "with 'Enlarge if still improving' on, a new run may find a better one."
        )
    training = run.config.training
    if training.schedule in ("cosine", "cycles"):
        notes.append(f"The learning rate then follows the schedule of a run of {training.epochs} epochs.")
    return tuple(notes)


def _was_enlarging(run: RunRecord) -> bool:
    """Whether the checkpoint that a run resumes was written before a larger network was trained."""
    try:
        return Checkpoint.read(run.folder / CHECKPOINT_FILE).config is not None
    except TrainingError:  # explained when the training resumes from it
        return False


def _describe_size(checkpoint: Path) -> str:
    if not checkpoint.is_file():
        return ""
    return f" and a checkpoint ({size(checkpoint.stat().st_size)})"

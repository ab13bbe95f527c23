"""Reports of trainers on runs: progress and result."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import TrainingError
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import DIVERGED, EpochResult
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.job_work import JobMessages
from riskmodel.workspace.runs.run_record import (
    CHECKPOINT_FILE,
    MODEL_FOLDER,
    NETWORKS_FOLDER,
    PREDICTIONS_FILE,
    RunRecord,
    check_run_id,
    read_record,
)
from riskmodel.workspace.storage import database as db

_CONTINUE = "To continue the training from there, use Continue on the Train page or python -m riskmodel continue"


class RunWork(JobQueue[RunRecord]):
    """Operations of trainers on runs, in addition to those on any job."""

    messages = JobMessages(
        noun="run",
        never_began="Stopped before it started; there is no model.",
        cancelled="Discarded; no model was kept.",
        retry="Train it again.",
        retry_short="Train again",
        listing="python -m riskmodel runs",
    )
    _table = db.runs

    def add_epoch(self, run_id: str, result: EpochResult) -> None:
        """Add the metrics of a finished epoch; a repeated epoch replaces the first."""
        values = {"run_id": run_id, "epoch": result.place, "result": json.dumps(result.to_dict())}
        with self._database.writing() as connection:
            self._update(connection, run_id, {"heartbeat_at": time.time()})
            connection.execute(
                sa.delete(db.epochs).where(db.epochs.c.run_id == run_id, db.epochs.c.epoch == result.place)
            )
            connection.execute(sa.insert(db.epochs).values(values))

    def finish(
        self,
        run_id: str,
        *,
        stopped: bool,
        best_epoch: int | None,
        metrics: Mapping[str, Mapping[str, Any]],
        notes: Sequence[str] = (),
    ) -> None:
        """Finish a run whose model and predictions are in its folder.

        Args:
            stopped: it was ended by the analyst.
            best_epoch: 1-based; None for several networks.
            metrics: part of the split to metric to value.
            notes: messages for the analyst.
        """
        self._report(
            run_id,
            state="stopped" if stopped else "finished",
            phase="",
            best_epoch=best_epoch,
            metrics=json.dumps({part: dict(figures) for part, figures in metrics.items()}),
            notes=json.dumps(list(notes), ensure_ascii=False),
            has_model=True,
            finished_at=time.time(),
        )

    def fail(self, run_id: str, reason: str) -> bool:
        """Mark a running run as failed, adding whether a checkpoint was saved; see `JobWork.fail`."""
        folder = self._job_folder(run_id)
        if reason.startswith(DIVERGED):
            return super().fail(run_id, reason)
        if (folder / CHECKPOINT_FILE).is_file():
            reason += f" {_describe_saved(folder / CHECKPOINT_FILE)} {_CONTINUE} {run_id} --epochs 10"
        elif any((folder / NETWORKS_FOLDER).glob("*.npz")):
            reason += f" The networks trained so far were saved. {_CONTINUE} {run_id}"
        return super().fail(run_id, reason)

    def discard_files(self, run_id: str) -> None:
        """Delete the model of a discarded run and its files; its configuration, curves and logs stay."""
        folder = self._job_folder(run_id)
        for name in (MODEL_FOLDER, NETWORKS_FOLDER):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in (PREDICTIONS_FILE, CHECKPOINT_FILE):
            (folder / name).unlink(missing_ok=True)

    def remove_leftovers(self) -> list[Path]:
        """As `JobQueue.remove_leftovers`; also the checkpoints that a run with a model no longer needs."""
        with self._database.reading() as connection:
            done = connection.scalars(sa.select(db.runs.c.id).where(db.runs.c.has_model)).all()
        folders = [self._job_folder(run_id) / NETWORKS_FOLDER for run_id in done]
        left = [folder for folder in folders if folder.is_dir()]
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return super().remove_leftovers() + left

    def _read(self, row: sa.Row[Any], place: int | None) -> RunRecord:
        return read_record(row, self._job_folder(row.id), place)

    def _checked(self, run_id: str) -> str:
        return check_run_id(run_id)


def _describe_saved(checkpoint: Path) -> str:
    """Describe the saved weights of a failed run: saved at most once a minute, so usually not of its last epoch."""
    try:
        return f"The weights of epoch {len(Checkpoint.read(checkpoint).history)} were saved."
    except TrainingError:
        return "Its last saved weights cannot be read."

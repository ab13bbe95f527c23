"""Execution of runs, for supervisors and trainers."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.errors import TrainingError, WorkspaceError
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.queue.job_queue import CONFIG_FILE
from riskmodel.workspace.runs.run_record import CHECKPOINT_FILE, NETWORKS_FOLDER, RunRecord
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import write_text

_SMALLER = (
    "The larger network was not completed. The run has the configuration and the epochs of the smaller one again, with "
    "'Enlarge if still improving' off."
)


class RunExecution(JobExecution[RunRecord]):
    """Execution of runs: that of any job, epochs and the result."""

    def add_epoch(self, run_id: str, result: EpochResult) -> None:
        """Add the metrics of a finished epoch; a repeated epoch replaces the first."""
        values = {"run_id": run_id, "epoch": result.place, "result": json.dumps(result.to_dict())}
        with self._jobs.database.writing() as connection:
            self.update(connection, run_id, {"heartbeat_at": time.time()})
            connection.execute(
                sa.delete(db.epochs).where(db.epochs.c.run_id == run_id, db.epochs.c.epoch == result.place)
            )
            connection.execute(sa.insert(db.epochs).values(values))

    def set_config(self, run_id: str, config: RunConfig, epochs: Sequence[EpochResult]) -> None:
        """Replace the configuration of a run whose network was enlarged, and all of its epochs."""
        rows = [{"run_id": run_id, "epoch": epoch.place, "result": json.dumps(epoch.to_dict())} for epoch in epochs]
        text = config.to_json()
        with self._jobs.database.writing() as connection:
            self.update(connection, run_id, {"config": text, "progress": None})
            connection.execute(sa.delete(db.epochs).where(db.epochs.c.run_id == run_id))
            if rows:
                connection.execute(sa.insert(db.epochs), rows)
        write_text(self._jobs.folder_of(run_id) / CONFIG_FILE, text + "\n")

    def fail(self, job_id: str, reason: str) -> bool:
        """As `JobExecution.fail`; a run that failed while a larger network was trained has the smaller one again."""
        with suppress(WorkspaceError):
            checkpoint = self._smaller(job_id)
            if checkpoint is not None and checkpoint.config is not None:
                self.set_config(job_id, checkpoint.config, checkpoint.history)
                self.add_log(job_id, _SMALLER)
        return super().fail(job_id, reason)

    def is_enlarging(self, job_id: str) -> bool:
        """Whether a larger network is trained than the one that the run falls back to."""
        return self._smaller(job_id) is not None

    def _smaller(self, run_id: str) -> Checkpoint | None:
        """The checkpoint of the smaller network while a larger one is trained; else None.

        The checkpoint of a run that has ended is not read: this is also asked after each normal end.
        """
        path = self._jobs.folder_of(run_id) / CHECKPOINT_FILE
        try:
            run = self.get(run_id)
            if run.state != "running" or not path.is_file():
                return None
            checkpoint = Checkpoint.read(path)
        except (TrainingError, WorkspaceError):
            return None
        is_other = checkpoint.config is not None and checkpoint.config.network != run.config.network
        return checkpoint if is_other else None

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
        self.report(
            run_id,
            state="stopped" if stopped else "finished",
            phase="",
            best_epoch=best_epoch,
            metrics=json.dumps({part: dict(figures) for part, figures in metrics.items()}),
            notes=json.dumps(list(notes), ensure_ascii=False),
            has_model=True,
            finished_at=time.time(),
        )

    def remove_networks(self) -> list[Path]:
        """Remove the checkpoints that runs with a model no longer need; returns the removed folders."""
        with self._jobs.database.reading() as connection:
            done = connection.scalars(sa.select(db.runs.c.id).where(db.runs.c.has_model)).all()
        folders = [self._jobs.folder_of(run_id) / NETWORKS_FOLDER for run_id in done]
        left = [folder for folder in folders if folder.is_dir()]
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return left

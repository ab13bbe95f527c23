"""The workers' side of the runs: a supervisor claims one, its trainer reports how it goes and how it ended."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.training.progress import EpochResult, SliceProgress
from riskmodel.workspace import database as db
from riskmodel.workspace.files import make_folder
from riskmodel.workspace.run_record import LIVE_STATES, RunRecord, check_run_id, read_record

NEVER_BEGAN = json.dumps(["Stopped before it began, so there is no model."])


class RunWork:
    """What workers write of a run.

    Only a running run can be reported on: once it has been marked as failed or deleted, its trainer's words come too
    late and raise `WorkspaceError`, so that no run ever ends twice.
    """

    def __init__(self, database: db.Database, folder: Path) -> None:
        self._database = database
        self._folder = make_folder(folder)

    def has_queued(self) -> bool:
        """Whether a run waits. Takes no lock, so that it may be asked many times a second."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.exists().where(db.runs.c.state == "queued"))) is True

    def claim(self, supervisor: str) -> RunRecord | None:
        """Take the run that has waited longest; None when none waits. Two supervisors never get the same run.

        Args:
            supervisor: who takes it, as `riskmodel.jobs.processes.identify` says it.
        """
        waiting = sa.select(db.runs.c.id).where(db.runs.c.state == "queued")
        first = waiting.order_by(db.runs.c.created_at, db.runs.c.id).limit(1).with_for_update(skip_locked=True)
        now = time.time()
        take = (
            sa.update(db.runs)
            .where(db.runs.c.id == first.scalar_subquery(), db.runs.c.state == "queued")
            .values(state="running", supervisor=supervisor, started_at=now, heartbeat_at=now, phase="Starting")
            .returning(*db.runs.c)
        )
        with self._database.writing() as connection:
            row = connection.execute(take).first()
        return None if row is None else read_record(row, self._run_folder(row.id), None)

    def running(self) -> dict[str, tuple[str, float]]:
        """Running runs: id to the supervisor that took it and its last heartbeat in seconds since 1970."""
        columns = db.runs.c.id, db.runs.c.supervisor, db.runs.c.heartbeat_at
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*columns).where(db.runs.c.state == "running")).all()
        return {row.id: (row.supervisor, row.heartbeat_at) for row in rows}

    def stop_wanted(self, run_id: str) -> bool:
        """Whether the analyst asked to stop, or the run is not to go on for another reason (failed, deleted)."""
        query = sa.select(db.runs.c.stop_requested).where(db.runs.c.id == run_id, db.runs.c.state == "running")
        with self._database.reading() as connection:
            return connection.scalar(query) is not False

    def heartbeat(self, run_id: str) -> None:
        """Say that the trainer is alive."""
        self._report(run_id, heartbeat_at=time.time())

    def set_device(self, run_id: str, used: str, note: str) -> None:
        """Say where the run is trained, ``"cpu"`` or ``"gpu"``, and why if not as asked."""
        self._report(run_id, device_used=used, device_note=note)

    def set_phase(self, run_id: str, text: str) -> None:
        """Say what is being done."""
        self._report(run_id, phase=text)

    def set_progress(self, run_id: str, progress: SliceProgress) -> None:
        """Say where the training stands."""
        self._report(run_id, phase=progress.phase, progress=json.dumps(progress.to_dict()))

    def add_epoch(self, run_id: str, result: EpochResult) -> None:
        """Add the figures of a finished epoch."""
        values = {"run_id": run_id, "epoch": result.epoch, "result": json.dumps(result.to_dict())}
        with self._database.writing() as connection:
            self._update(connection, run_id, {"heartbeat_at": time.time()})
            connection.execute(sa.insert(db.epochs).values(values))

    def finish(
        self,
        run_id: str,
        *,
        stopped: bool,
        best_epoch: int,
        metrics: Mapping[str, Mapping[str, Any]],
        notes: Sequence[str] = (),
    ) -> None:
        """End a run whose model and predictions lie in its folder.

        Args:
            stopped: it ended because the analyst asked to.
            best_epoch: 1-based.
            metrics: part of the split to figure to value.
            notes: what the analyst should know.
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

    def end_without_model(self, run_id: str) -> bool:
        """Mark a live run as stopped before it began; false if it had ended already."""
        return self._end(run_id, state="stopped", notes=NEVER_BEGAN, stop_requested=True)

    def fail(self, run_id: str, reason: str) -> bool:
        """Mark a live run as failed, with the reason in words; false if it had ended already."""
        return self._end(run_id, state="failed", error=reason)

    def _end(self, run_id: str, **values: object) -> bool:
        live = sa.update(db.runs).where(db.runs.c.id == check_run_id(run_id), db.runs.c.state.in_(LIVE_STATES))
        with self._database.writing() as connection:
            done = connection.execute(live.values(phase="", finished_at=time.time(), **values))
        return done.rowcount == 1

    def _report(self, run_id: str, **values: object) -> None:
        with self._database.writing() as connection:
            self._update(connection, run_id, values)

    def _update(self, connection: sa.Connection, run_id: str, values: Mapping[str, object]) -> None:
        running = sa.update(db.runs).where(db.runs.c.id == check_run_id(run_id), db.runs.c.state == "running")
        if connection.execute(running.values(**values)).rowcount == 0:
            raise WorkspaceError(f"{run_id} is no longer running: it was ended or deleted meanwhile.")

    def _run_folder(self, run_id: str) -> Path:
        return self._folder / check_run_id(run_id)

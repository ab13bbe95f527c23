"""Execution of jobs, for supervisors and trainers: claim, report, end."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Generic

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.training.progress import SliceProgress
from riskmodel.workspace.queue import queue_order
from riskmodel.workspace.queue.heartbeats import Heartbeats
from riskmodel.workspace.queue.job_kind import Record
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.storage.tables import LIVE_STATES


class JobExecution(Generic[Record]):
    """Execution of the jobs of one kind, for supervisors and trainers.

    Only a running job accepts reports: once it is marked as failed or discarded or was deleted, its trainer's
    reports raise `WorkspaceError`, so that no job ends twice.

    Attributes:
        kind: of the jobs.
        heartbeats: of jobs of other machines, as observed by this process.
    """

    def __init__(self, jobs: JobTable[Record]) -> None:
        self.kind = jobs.kind
        self.heartbeats = Heartbeats()
        self._jobs = jobs

    def get(self, job_id: str) -> Record:
        """A job.

        Raises:
            WorkspaceError: the id is unknown.
        """
        return self._jobs.get(job_id)

    def has_queued(self) -> bool:
        """Whether a job is queued. Takes no lock, so that it may be called many times per second."""
        return self.oldest_queued() is not None

    def oldest_queued(self) -> float | None:
        """Sort key of the next queued job, comparable between kinds; smaller is sooner; None if none is queued.

        It is the submission time in seconds since 1970, unless a job was moved. Takes no lock.
        """
        rows = self._jobs.rows
        with self._jobs.database.reading() as connection:
            oldest = sa.select(sa.func.min(queue_order.order_of(rows))).where(rows.c.state == "queued")
            return connection.scalar(oldest)

    def claim(self, supervisor: str) -> Record | None:
        """Claim the next queued job; None if none is queued. Two supervisors never get the same job.

        A job that cannot be read is marked as failed; the result is None.

        Args:
            supervisor: identity of the claiming process, from `riskmodel.jobs.processes.identify`.
        """
        rows = self._jobs.rows
        waiting = sa.select(rows.c.id).where(rows.c.state == "queued")
        first = waiting.order_by(queue_order.order_of(rows), rows.c.id).limit(1).with_for_update(skip_locked=True)
        now = time.time()
        take = (
            sa.update(rows)
            .where(rows.c.id == first.scalar_subquery(), rows.c.state == "queued")
            .values(state="running", supervisor=supervisor, started_at=now, heartbeat_at=now, phase="Starting")
            .returning(*rows.c)
        )
        with self._jobs.database.writing() as connection:
            row = connection.execute(take).first()
        if row is None:
            return None
        try:
            return self._jobs.read(row)
        except WorkspaceError as error:
            self.fail(row.id, str(error))
            return None

    def running(self) -> dict[str, tuple[str, float]]:
        """Running jobs: id to supervisor and last heartbeat in seconds since 1970."""
        rows = self._jobs.rows
        columns = rows.c.id, rows.c.supervisor, rows.c.heartbeat_at
        with self._jobs.database.reading() as connection:
            found = connection.execute(sa.select(*columns).where(rows.c.state == "running")).all()
        return {row.id: (row.supervisor, row.heartbeat_at) for row in found}

    def stop_wanted(self, job_id: str) -> bool:
        """Whether the job must stop: by request of the analyst, or because it failed or was deleted."""
        rows = self._jobs.rows
        query = sa.select(rows.c.stop_requested).where(self._jobs.with_id(job_id), rows.c.state == "running")
        with self._jobs.database.reading() as connection:
            return connection.scalar(query) is not False

    def is_discarded(self, job_id: str) -> bool:
        """Whether the analyst discarded it. Takes no lock."""
        with self._jobs.database.reading() as connection:
            state = connection.scalar(sa.select(self._jobs.rows.c.state).where(self._jobs.with_id(job_id)))
        return state == "cancelled"

    def add_log(self, job_id: str, text: str) -> None:
        """Append a line to its log. The log has a maximum size."""
        self._jobs.log_of(job_id).add(text)

    def heartbeat(self, job_id: str) -> None:
        """Record that the trainer is alive."""
        self.report(job_id, heartbeat_at=time.time())

    def set_device(self, job_id: str, used: str, note: str) -> None:
        """Record the device, ``"cpu"`` or ``"gpu"``, and why it differs from the requested one."""
        self.report(job_id, device_used=used, device_note=note)

    def set_phase(self, job_id: str, text: str) -> None:
        """Record the current phase."""
        self.report(job_id, phase=text)

    def set_progress(self, job_id: str, progress: SliceProgress) -> None:
        """Record the progress."""
        self.report(job_id, phase=progress.phase, progress=json.dumps(progress.to_dict()))

    def report(self, job_id: str, **values: object) -> None:
        """Write columns of a running job.

        Raises:
            WorkspaceError: it is not running.
        """
        with self._jobs.database.writing() as connection:
            self.update(connection, job_id, values)

    def update(self, connection: sa.Connection, job_id: str, values: Mapping[str, object]) -> None:
        """As `report`, within a transaction."""
        rows = self._jobs.rows
        running = sa.update(rows).where(self._jobs.with_id(job_id), rows.c.state == "running")
        if connection.execute(running.values(**values)).rowcount == 0:
            raise WorkspaceError(f"{job_id} is no longer running: it was ended or deleted.")

    def end_without_model(self, job_id: str) -> bool:
        """Mark a live job as stopped before it started; False if it had already ended."""
        return self._jobs.end(job_id, LIVE_STATES, **self._jobs.never_started())

    def fail(self, job_id: str, reason: str) -> bool:
        """Mark a running job as failed, with the reason; False if it had already ended.

        The kind of job completes the reason, such as with the command that resumes a run from its checkpoint.
        A queued job is unchanged: it may have been resumed before the supervisor saw its trainer end.
        """
        reason = self.kind.explain_failure(job_id, self._jobs.folder_of(job_id), reason)
        ended = self._jobs.end(job_id, ("running",), state="failed", error=reason)
        if ended:
            self.add_log(job_id, f"Failed: {reason}")
        return ended

    def is_enlarging(self, job_id: str) -> bool:
        """Whether a running job can fall back to a smaller network that is trained."""
        return False

    def discard_files(self, job_id: str) -> None:
        """Delete the results of a discarded job; its configuration, curves and logs stay."""
        self.kind.discard_results(self._jobs.folder_of(job_id))

    def remove_leftovers(self) -> list[Path]:
        """Remove the folders of interrupted submissions; returns the removed paths."""
        return self._jobs.remove_leftovers()

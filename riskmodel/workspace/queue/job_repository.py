"""Jobs as they are now, for analysts."""

from __future__ import annotations

from typing import Generic

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.queue.job_kind import Record
from riskmodel.workspace.queue.job_log import LogLine
from riskmodel.workspace.queue.job_table import JobTable, places_of_waiting
from riskmodel.workspace.queue.orphans import fail_orphans


class JobRepository(Generic[Record]):
    """Reads the jobs of one kind; those whose supervisor died are marked as failed before.

    Args:
        jobs: to read.
        execution: of the same jobs; marks them as failed.
    """

    def __init__(self, jobs: JobTable[Record], execution: JobExecution[Record]) -> None:
        self._jobs = jobs
        self._execution = execution

    def get(self, job_id: str) -> Record:
        """A job.

        Raises:
            WorkspaceError: the id is unknown.
        """
        record = self._jobs.get(job_id)
        return self._jobs.get(job_id) if record.state == "running" and self.fail_orphans() else record

    def newest(self, limit: int = 100) -> list[Record]:
        """The newest jobs, newest first, without unreadable ones (`Jobs.unreadable`)."""
        self.fail_orphans()
        columns = self._jobs.rows.c
        newest = sa.select(self._jobs.rows).order_by(columns.created_at.desc(), columns.id.desc()).limit(limit)
        with self._jobs.database.reading() as connection:
            rows, places = connection.execute(newest).all(), places_of_waiting(connection)
        return self._jobs.read_all(rows, places)

    def unreadable(self) -> dict[str, str]:
        """By id, errors of the jobs that the lists of this process left out, because they cannot be read.

        Deleted ones are left out, too: another process may have deleted them.
        """
        found = dict(self._jobs.unreadable)
        if not found:
            return {}
        columns = self._jobs.rows.c
        present = sa.select(columns.id).where(columns.id.in_(found))
        if "deleted_at" in columns:
            present = present.where(columns.deleted_at.is_(None))
        with self._jobs.database.reading() as connection:
            return {job_id: found[job_id] for job_id in connection.scalars(present)}

    def log(self, job_id: str, after: int = 0) -> list[LogLine]:
        """The lines of its log after line ``after`` (1-based), in order.

        Raises:
            WorkspaceError: the id is invalid.
        """
        return self._jobs.log_of(job_id).read(after)

    def fail_orphans(self) -> list[str]:
        """Mark running jobs whose supervisor died as failed; returns their ids.

        If the database is not writable, the next call retries.
        """
        try:
            return fail_orphans(self._execution)
        except WorkspaceError:
            return []

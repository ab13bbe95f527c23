"""Names and permanent deletion of jobs, for analysts."""

from __future__ import annotations

from typing import Generic

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.deletion.deletions import record_deleted
from riskmodel.workspace.queue.job_kind import Record
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.storage.tables import LIVE_STATES


class JobCatalog(Generic[Record]):
    """Management of the existing jobs of one kind.

    Args:
        jobs: to manage.
        repository: of the same jobs.
    """

    def __init__(self, jobs: JobTable[Record], repository: JobRepository[Record]) -> None:
        self._jobs = jobs
        self._repository = repository

    def rename(self, job_id: str, name: str) -> Record:
        """Rename the job.

        Raises:
            WorkspaceError: the name is empty, or the id is unknown.
        """
        if not name.strip():
            raise WorkspaceError(f"The name of {job_id} must not be empty. Give it a name.")
        return self.write(job_id, name=name.strip())

    def write(self, job_id: str, **values: object) -> Record:
        """Write columns of a job; returns the job.

        Raises:
            WorkspaceError: the id is unknown.
        """
        with self._jobs.database.writing() as connection:
            connection.execute(sa.update(self._jobs.rows).where(self._jobs.with_id(job_id)).values(**values))
        return self._repository.get(job_id)

    def delete(self, job_id: str) -> None:
        """Permanently delete an ended job with its files.

        Raises:
            WorkspaceError: it is live, or the id is unknown.
        """
        ended = self._jobs.rows.c.state.not_in(LIVE_STATES)
        noun = self._jobs.kind.noun

        def delete_row() -> int:
            with self._jobs.database.writing() as connection:
                deleted = connection.execute(sa.delete(self._jobs.rows).where(self._jobs.with_id(job_id), ended))
                record_deleted(connection, noun, [job_id] * deleted.rowcount)
                return deleted.rowcount

        if self._jobs.reserve.spend(delete_row) == 0:
            state = self._repository.get(job_id).state
            raise WorkspaceError(f"{job_id} is {state}; only an ended {noun} can be deleted. Stop it first.")
        self._jobs.remove_folders([job_id])

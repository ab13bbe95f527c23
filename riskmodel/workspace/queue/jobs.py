"""The operations of analysts that runs and searches share."""

from __future__ import annotations

import builtins
from typing import Generic

from riskmodel.workspace.queue.job_catalog import JobCatalog
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.queue.job_kind import Record
from riskmodel.workspace.queue.job_log import LogLine
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable


class Jobs(Generic[Record]):
    """Jobs of one kind, for analysts.

    Every method calls the one of the same name of a part with one responsibility, which documents arguments and errors.
    """

    def __init__(self, jobs: JobTable[Record], execution: JobExecution[Record]) -> None:
        self._repository = JobRepository(jobs, execution)
        self._queue = JobQueue(jobs, self._repository)
        self._names = JobCatalog(jobs, self._repository)

    def unreadable(self) -> dict[str, str]:
        """By id, errors of the jobs that the lists left out; see `JobRepository.unreadable`."""
        return self._repository.unreadable()

    def get(self, job_id: str) -> Record:
        """A job; see `JobRepository.get`."""
        return self._repository.get(job_id)

    def log(self, job_id: str, after: int = 0) -> builtins.list[LogLine]:
        """The lines of a job's log after line ``after`` (1-based), in order; see `JobRepository.log`."""
        return self._repository.log(job_id, after)

    def request_stop(self, job_id: str) -> bool:
        """Request a stop; returns whether the job was live. See `JobQueue.request_stop`."""
        return self._queue.request_stop(job_id)

    def request_cancel(self, job_id: str) -> bool:
        """Discard a job; returns whether it was live. See `JobQueue.request_cancel`."""
        return self._queue.request_cancel(job_id)

    def move(self, job_id: str, place: int) -> Record:
        """Move a queued job to a position in the queue, 1 is next; see `JobQueue.move`."""
        return self._queue.move(job_id, place)

    def move_up(self, job_id: str) -> Record:
        """Swap a queued job with the one before it; see `JobQueue.move_up`."""
        return self._queue.move_up(job_id)

    def move_down(self, job_id: str) -> Record:
        """Swap a queued job with the one after it; see `JobQueue.move_down`."""
        return self._queue.move_down(job_id)

    def rename(self, job_id: str, name: str) -> Record:
        """Rename a job; see `JobCatalog.rename`."""
        return self._names.rename(job_id, name)

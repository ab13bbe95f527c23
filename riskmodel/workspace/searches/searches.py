"""The workspace's searches, for analysts."""

from __future__ import annotations

import builtins

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.queue.job_catalog import JobCatalog
from riskmodel.workspace.queue.job_log import LogLine
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.searches.search_execution import SearchExecution
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.searches.search_repository import SearchRepository
from riskmodel.workspace.searches.search_submission import SearchSubmission


class Searches:
    """The workspace's searches, for analysts. They share the queue with the runs.

    Every method calls the one of the same name of a part with one responsibility, which documents arguments and errors;
    supervisors and trainers use `SearchExecution`.

    Example:
        >>> search = SearchConfig(fields=("network.dropout",), trials=10)
        >>> record = workspace.searches.submit(dataset.id, preset("fast"), search)  # doctest: +SKIP
        >>> workspace.searches.best_config(record.id)  # doctest: +SKIP
    """

    def __init__(self, jobs: JobTable[SearchRecord], execution: SearchExecution) -> None:
        repository = JobRepository(jobs, execution)
        self._searches = SearchRepository(jobs, repository)
        self._queue = JobQueue(jobs, repository)
        self._submission = SearchSubmission(jobs, self._queue, self._searches)
        self._catalog = JobCatalog(jobs, repository)

    def submit(
        self, dataset_id: str, config: RunConfig, search: SearchConfig, name: str = "", device: str = "auto"
    ) -> SearchRecord:
        """Put a search in the queue; see `SearchSubmission.submit`."""
        return self._submission.submit(dataset_id, config, search, name, device)

    def resume(self, search_id: str, trials: int | None = None, minutes: float | None = None) -> SearchRecord:
        """Resume an ended search, whose ended trials are kept; see `SearchSubmission.resume`."""
        return self._submission.resume(search_id, trials, minutes)

    def get(self, job_id: str) -> SearchRecord:
        """A search; WorkspaceError for an unknown id."""
        return self._searches.get(job_id)

    def list(self, limit: int = 100) -> builtins.list[SearchRecord]:
        """The newest searches, newest first."""
        return self._searches.newest(limit)

    def trials(self, search_id: str) -> builtins.list[TrialResult]:
        """The trials so far, in order; see `SearchRepository.trials`."""
        return self._searches.trials(search_id)

    def best_config(self, search_id: str) -> RunConfig:
        """Configuration of the best trial so far; see `SearchRepository.best_config`."""
        return self._searches.best_config(search_id)

    def log(self, job_id: str, after: int = 0) -> builtins.list[LogLine]:
        """The lines of a search's log after line ``after`` (1-based), in order."""
        return self._searches.log(job_id, after)

    def request_stop(self, job_id: str) -> bool:
        """Request a stop; returns whether the search was live. See `JobQueue.request_stop`."""
        return self._queue.request_stop(job_id)

    def request_cancel(self, job_id: str) -> bool:
        """Discard a search; returns whether it was live. See `JobQueue.request_cancel`."""
        return self._queue.request_cancel(job_id)

    def move(self, job_id: str, place: int) -> SearchRecord:
        """Move a queued search to a position in the queue, 1 is next; see `JobQueue.move`."""
        return self._queue.move(job_id, place)

    def move_up(self, job_id: str) -> SearchRecord:
        """Swap a queued search with the job before it; see `JobQueue.move_up`."""
        return self._queue.move_up(job_id)

    def move_down(self, job_id: str) -> SearchRecord:
        """Swap a queued search with the job after it; see `JobQueue.move_down`."""
        return self._queue.move_down(job_id)

    def rename(self, job_id: str, name: str) -> SearchRecord:
        """Rename a search; WorkspaceError for an empty name."""
        return self._catalog.rename(job_id, name)

    def delete(self, job_id: str) -> None:
        """Permanently delete an ended search with its files; see `JobCatalog.delete`."""
        self._catalog.delete(job_id)

"""The workspace's searches, for analysts."""

from __future__ import annotations

import builtins

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.queue.jobs import Jobs
from riskmodel.workspace.searches.search_execution import SearchExecution
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.searches.search_repository import SearchRepository
from riskmodel.workspace.searches.search_submission import SearchSubmission


class Searches(Jobs[SearchRecord]):
    """The workspace's searches, for analysts. They share the queue with the runs.

    Every method calls the one of the same name of a part with one responsibility, which documents arguments and errors;
    supervisors and trainers use `SearchExecution`.

    Example:
        >>> search = SearchConfig(fields=("network.dropout",), trials=10)
        >>> record = workspace.searches.submit(dataset.id, preset("fast"), search)  # doctest: +SKIP
        >>> workspace.searches.best_config(record.id)  # doctest: +SKIP
    """

    def __init__(self, jobs: JobTable[SearchRecord], execution: SearchExecution) -> None:
        super().__init__(jobs, execution)
        self._searches = SearchRepository(jobs, self._repository)
        self._submission = SearchSubmission(jobs, self._queue, self._searches)

    def submit(
        self, dataset_id: str, config: RunConfig, search: SearchConfig, name: str = "", device: str = "auto"
    ) -> SearchRecord:
        """Put a search in the queue; see `SearchSubmission.submit`."""
        return self._submission.submit(dataset_id, config, search, name, device)

    def resume(self, search_id: str, trials: int | None = None, minutes: float | None = None) -> SearchRecord:
        """Resume an ended search, whose ended trials are kept; see `SearchSubmission.resume`."""
        return self._submission.resume(search_id, trials, minutes)

    def list(self, limit: int = 100) -> builtins.list[SearchRecord]:
        """The newest searches, newest first."""
        return self._searches.newest(limit)

    def trials(self, search_id: str) -> builtins.list[TrialResult]:
        """The trials so far, in order; see `SearchRepository.trials`."""
        return self._searches.trials(search_id)

    def best_config(self, search_id: str) -> RunConfig:
        """Configuration of the best trial so far; see `SearchRepository.best_config`."""
        return self._searches.best_config(search_id)

    def delete(self, job_id: str) -> None:
        """Permanently delete an ended search with its files; see `JobCatalog.delete`."""
        self._names.delete(job_id)

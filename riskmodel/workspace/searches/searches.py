"""The workspace's searches, for analysts."""

from __future__ import annotations

from riskmodel.workspace.queue.job_catalog import JobCatalog
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.searches.search_execution import SearchExecution
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.searches.search_repository import SearchRepository
from riskmodel.workspace.searches.search_submission import SearchSubmission


class Searches:
    """The workspace's searches, for analysts. They share the queue with the runs.

    Every method is one of a part that has one responsibility; supervisors and trainers use `SearchExecution`.

    Attributes:
        submit, resume: as in `SearchSubmission`.
        get, log, list, trials, best_config: as in `SearchRepository`; ``list`` is its ``newest``.
        request_stop, request_cancel, move, move_up, move_down: as in `JobQueue`.
        rename, delete: as in `JobCatalog`.

    Example:
        >>> search = SearchConfig(fields=("network.dropout",), trials=10)
        >>> record = workspace.searches.submit(dataset.id, preset("fast"), search)  # doctest: +SKIP
        >>> workspace.searches.best_config(record.id)  # doctest: +SKIP
    """

    def __init__(self, jobs: JobTable[SearchRecord], execution: SearchExecution) -> None:
        repository = JobRepository(jobs, execution)
        searches = SearchRepository(jobs, repository)
        queue = JobQueue(jobs, repository)
        submission = SearchSubmission(jobs, queue, searches)
        catalog = JobCatalog(jobs, repository)
        self.submit, self.resume = submission.submit, submission.resume
        self.get, self.list, self.log = searches.get, searches.newest, searches.log
        self.trials, self.best_config = searches.trials, searches.best_config
        self.request_stop, self.request_cancel = queue.request_stop, queue.request_cancel
        self.move, self.move_up, self.move_down = queue.move, queue.move_up, queue.move_down
        self.rename, self.delete = catalog.rename, catalog.delete

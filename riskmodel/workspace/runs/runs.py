"""The workspace's runs, for analysts."""

from __future__ import annotations

from riskmodel.workspace.queue.job_catalog import JobCatalog
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.runs.run_bin import RunBin
from riskmodel.workspace.runs.run_catalog import RunCatalog
from riskmodel.workspace.runs.run_execution import RunExecution
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.run_repository import RunRepository
from riskmodel.workspace.runs.run_submission import RunSubmission


class Runs:
    """The workspace's runs, for analysts. Runs are queued in order of submission; one is trained at a time.

    Every method is one of a part that has one responsibility; supervisors and trainers use `RunExecution`.

    Attributes:
        submit, continue_run: as in `RunSubmission`.
        get, log, list, epochs: as in `RunRepository`; ``list`` is its ``find``.
        request_stop, request_cancel, move, move_up, move_down: as in `JobQueue`.
        rename: as in `JobCatalog`.
        set_tags, change_tags, set_notes, archive, unarchive: as in `RunCatalog`.
        delete, restore, remove, purge: as in `RunBin`.

    Example:
        >>> run = workspace.runs.submit(dataset.id, preset("mission"))  # doctest: +SKIP
        >>> workspace.runs.get(run.id).state  # doctest: +SKIP
        'queued'
    """

    def __init__(self, jobs: JobTable[RunRecord], execution: RunExecution) -> None:
        repository = JobRepository(jobs, execution)
        runs = RunRepository(jobs, repository)
        queue = JobQueue(jobs, repository)
        submission = RunSubmission(queue, runs)
        names = JobCatalog(jobs, repository)
        catalog = RunCatalog(jobs, names)
        deleted = RunBin(jobs)
        self.submit, self.continue_run = submission.submit, submission.continue_run
        self.get, self.list, self.epochs, self.log = runs.get, runs.find, runs.epochs, runs.log
        self.request_stop, self.request_cancel = queue.request_stop, queue.request_cancel
        self.move, self.move_up, self.move_down = queue.move, queue.move_up, queue.move_down
        self.rename = names.rename
        self.set_tags, self.change_tags, self.set_notes = catalog.set_tags, catalog.change_tags, catalog.set_notes
        self.archive, self.unarchive = catalog.archive, catalog.unarchive
        self.delete, self.restore = deleted.delete, deleted.restore
        self.remove, self.purge = deleted.remove, deleted.purge

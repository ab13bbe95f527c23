"""The workspace's runs, for analysts."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from riskmodel.config.run import RunConfig
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.queue.job_record import JobState
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.queue.jobs import Jobs
from riskmodel.workspace.runs.run_bin import DAYS_IN_BIN, RunBin
from riskmodel.workspace.runs.run_catalog import RunCatalog
from riskmodel.workspace.runs.run_execution import RunExecution
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.run_repository import RunRepository
from riskmodel.workspace.runs.run_submission import RunSubmission


class Runs(Jobs[RunRecord]):
    """The workspace's runs, for analysts. Runs are queued in order of submission; one is trained at a time.

    Every method calls the one of the same name of a part with one responsibility, which documents arguments and errors;
    supervisors and trainers use `RunExecution`.

    Example:
        >>> run = workspace.runs.submit(dataset.id, preset("mission"))  # doctest: +SKIP
        >>> workspace.runs.get(run.id).state  # doctest: +SKIP
        'queued'
    """

    def __init__(self, jobs: JobTable[RunRecord], execution: RunExecution) -> None:
        super().__init__(jobs, execution)
        self._runs = RunRepository(jobs, self._repository)
        self._submission = RunSubmission(self._queue, self._runs)
        self._catalog = RunCatalog(jobs, self._names)
        self._bin = RunBin(jobs)

    def submit(
        self, dataset_id: str, config: RunConfig, name: str = "", device: str = "auto", tags: Sequence[str] = ()
    ) -> RunRecord:
        """Put a run in the queue; see `RunSubmission.submit`."""
        return self._submission.submit(dataset_id, config, name, device, tags)

    def continue_run(self, run_id: str, epochs: int | None = None, name: str = "", device: str = "") -> RunRecord:
        """Submit a run that resumes the training of an ended run; see `RunSubmission.continue_run`."""
        return self._submission.continue_run(run_id, epochs, name, device)

    def list(
        self,
        limit: int = 100,
        *,
        archived: bool | None = False,
        deleted: bool = False,
        dataset_id: str | None = None,
        states: Sequence[JobState] = (),
        tags: Sequence[str] = (),
        text: str = "",
    ) -> builtins.list[RunRecord]:
        """The newest runs, newest first; see `RunRepository.find`."""
        return self._runs.find(
            limit, archived=archived, deleted=deleted, dataset_id=dataset_id, states=states, tags=tags, text=text
        )

    def epochs(self, run_id: str, after: int = 0) -> builtins.list[EpochResult]:
        """The epochs of a run after position ``after``, in order; see `RunRepository.epochs`."""
        return self._runs.epochs(run_id, after)

    def number(self, run: RunRecord) -> int:
        """Position of a run among those of its dataset, from 1; see `RunRepository.number`."""
        return self._runs.number(run)

    def set_tags(self, run_id: str, tags: Sequence[str]) -> RunRecord:
        """Replace the tags of a run; see `RunCatalog.set_tags`."""
        return self._catalog.set_tags(run_id, tags)

    def change_tags(self, *run_ids: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Add tags to several runs and remove others; see `RunCatalog.change_tags`."""
        self._catalog.change_tags(*run_ids, add=add, remove=remove)

    def set_notes(self, run_id: str, remarks: str) -> RunRecord:
        """Replace the analyst's notes on a run; see `RunCatalog.set_notes`."""
        return self._catalog.set_notes(run_id, remarks)

    def archive(self, *run_ids: str) -> None:
        """Archive ended runs: lists exclude them by default; see `RunCatalog.archive`."""
        self._catalog.archive(*run_ids)

    def unarchive(self, *run_ids: str) -> None:
        """Restore archived runs to the lists; see `RunCatalog.unarchive`."""
        self._catalog.unarchive(*run_ids)

    def delete(self, *run_ids: str) -> None:
        """Move ended runs to the bin; see `RunBin.delete`."""
        self._bin.delete(*run_ids)

    def restore(self, *run_ids: str) -> None:
        """Restore deleted runs from the bin; see `RunBin.restore`."""
        self._bin.restore(*run_ids)

    def remove(self, *run_ids: str) -> None:
        """Permanently remove deleted runs with their models and files; see `RunBin.remove`."""
        self._bin.remove(*run_ids)

    def purge(self, older_than_days: float = DAYS_IN_BIN, *, by_use: bool = False) -> builtins.list[str]:
        """Permanently remove runs deleted at least ``older_than_days`` ago; returns their ids. See `RunBin.purge`."""
        return self._bin.purge(older_than_days, by_use=by_use)

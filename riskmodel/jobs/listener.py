"""Listeners that report a training or search to its workspace."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from riskmodel.config.run import RunConfig
from riskmodel.jobs.reporter import Reporter
from riskmodel.training.progress import EpochResult, SliceProgress
from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.runs.run_execution import RunExecution
from riskmodel.workspace.searches.search_execution import SearchExecution

_SECONDS_BETWEEN_SLICES = 0.2  # pages refresh four times a second; small files have hundreds of slices in that time

_log = logging.getLogger(__name__)


class JobListener:
    """Reports on a run or search, and checks for a stop request.

    Phases also go to the trainer's log, so that after a crash its last line shows the phase.

    Args:
        reporter: writes the reports.
        jobs: the execution of the workspace's runs or searches.
        job_id: id of the running job.

    Attributes:
        reporter: as given.
    """

    def __init__(self, reporter: Reporter, jobs: JobExecution[Any], job_id: str) -> None:
        self.reporter = reporter
        self._jobs = jobs
        self._job_id = job_id
        self._next_slice_at = 0.0

    def on_phase(self, text: str) -> None:
        """Report the phase."""
        _log.info("%s", text)
        self.reporter.post(lambda: self._jobs.set_phase(self._job_id, text))

    def on_log(self, text: str) -> None:
        """Append to the job's log."""
        self.reporter.post(lambda: self._jobs.add_log(self._job_id, text))

    def on_slice(self, progress: SliceProgress) -> None:
        """Report the progress: a few times a second, and at the end."""
        now = time.monotonic()
        if now < self._next_slice_at and progress.rows_done < progress.rows_total:
            return
        self._next_slice_at = now + _SECONDS_BETWEEN_SLICES
        self.reporter.post(lambda: self._jobs.set_progress(self._job_id, progress), replaces=True)

    def should_stop(self) -> bool:
        """Whether the analyst requested a stop, or the job was ended elsewhere."""
        return self.reporter.stop_wanted


class WorkspaceListener(JobListener):
    """A `TrainingListener` for a run of a workspace.

    Args:
        reporter: writes the reports.
        runs: the execution of the workspace's runs.
        run_id: the run being trained.
        on_first_epoch: called once, after the first epoch has been written.
    """

    def __init__(
        self, reporter: Reporter, runs: RunExecution, run_id: str, on_first_epoch: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(reporter, runs, run_id)
        self._runs = runs
        self._on_first_epoch = on_first_epoch
        self._has_learned = False

    def on_config(self, config: RunConfig, epochs: Sequence[EpochResult]) -> None:
        """Replace the run's configuration and epochs."""
        _log.info("A larger network, %d epochs", config.training.epochs)
        self.reporter.post(lambda: self._runs.set_config(self._job_id, config, epochs))

    def on_epoch(self, result: EpochResult) -> None:
        """Add the epoch."""
        _log.info("Epoch %d of %d, loss %.4f", result.epoch, result.num_epochs, result.validation_loss)
        self.reporter.post(lambda: self._runs.add_epoch(self._job_id, result))
        if not self._has_learned:
            self._has_learned = True
            self.reporter.post(self._on_first_epoch)


class WorkspaceSearchListener(JobListener):
    """A `SearchListener` for a search of a workspace.

    Args:
        reporter: writes the reports.
        searches: the execution of the workspace's searches.
        search_id: id of the running search.
        on_first_epoch: called once, after the first epoch of any trial has been written.
    """

    def __init__(
        self,
        reporter: Reporter,
        searches: SearchExecution,
        search_id: str,
        on_first_epoch: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(reporter, searches, search_id)
        self._searches = searches
        self._on_first_epoch = on_first_epoch
        self._has_learned = False

    def on_trial(self, result: TrialResult) -> None:
        """Report the current state of the trial."""
        if result.state != "running":
            _log.info("Trial %d %s, loss %s", result.number, result.state, result.loss)
        self.reporter.post(lambda: self._searches.add_trial(self._job_id, result))
        if result.losses and not self._has_learned:
            self._has_learned = True
            self.reporter.post(self._on_first_epoch)

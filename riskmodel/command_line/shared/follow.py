"""Waiting for a run or search, with progress on the terminal."""

from __future__ import annotations

import signal
import time
from abc import ABC, abstractmethod
from types import FrameType
from typing import Any, Generic, Protocol, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from riskmodel.command_line.shared.options import DETACHED
from riskmodel.config.network_name import NetworkName
from riskmodel.config.run import RunConfig
from riskmodel.errors import UnavailableError
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.training.progress import EpochResult
from riskmodel.training.searching.trial import TrialResult, best_trial
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.runs import Runs
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.searches.searches import Searches
from riskmodel.workspace.storage.files import describe_disk, disk_is_full
from riskmodel.workspace.workspace import Workspace

POLL_SECONDS = 0.2
SUPERVISOR_CHECK_SECONDS = 5.0


class Interrupts:
    """Counts Ctrl-C while a job is followed: the first requests a stop, the second detaches."""

    def __init__(self) -> None:
        self.count = 0
        self._previous: Any = None

    def __enter__(self) -> Interrupts:
        self._previous = signal.signal(signal.SIGINT, self._count)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._previous)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.count += 1


class _Job(Protocol):
    """Fields shown for runs and searches."""

    @property
    def is_live(self) -> bool: ...

    @property
    def phase(self) -> str: ...

    @property
    def device_note(self) -> str: ...

    @property
    def queue_position(self) -> int | None: ...


_Followed = TypeVar("_Followed", bound=_Job)
_Found = TypeVar("_Found", covariant=True)


class _Jobs(Protocol[_Found]):
    """What is called for runs and searches."""

    def get(self, job_id: str) -> _Found: ...

    def request_stop(self, job_id: str) -> bool: ...


class JobFollower(ABC, Generic[_Followed]):
    """Shows one run or search until it has ended or the user detaches.

    Args:
        workspace: With the job.
        job_id: Id of the job.
        console: For the progress.
    """

    def __init__(self, workspace: Workspace, job_id: str, console: Console) -> None:
        self.workspace = workspace
        self.job_id = job_id
        self.console = console
        self._stop_asked = False
        self._device_reported = False
        self._problem = ""
        self._next_check = 0.0

    @abstractmethod
    def _describe_stopping(self) -> str:
        """Message on the effects of the first and second Ctrl-C."""

    @property
    @abstractmethod
    def jobs(self) -> _Jobs[_Followed]:
        """The workspace's runs, or its searches."""

    @abstractmethod
    def _show_figures(self, job: _Followed, progress: Progress, task: TaskID) -> None:
        """Print new results and update the progress bar."""

    def wait(self) -> _Followed:
        """Return the job once it has ended, or its current state after a second Ctrl-C."""
        progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
        )
        self._next_check = time.monotonic() + SUPERVISOR_CHECK_SECONDS
        with Interrupts() as interrupts, progress:
            task = progress.add_task("Waiting", total=None, figures="")
            while True:
                try:
                    job = self._poll(progress, task, interrupts.count)
                except UnavailableError as error:  # the trainer keeps training
                    self._report_problem(str(error))
                    job = None
                if job is not None:
                    return job
                if interrupts.count > 1:
                    raise typer.Exit(DETACHED)
                time.sleep(POLL_SECONDS)

    def _poll(self, progress: Progress, task: TaskID, interrupts: int) -> _Followed | None:
        """The job once waiting is over, else None."""
        job = self.jobs.get(self.job_id)
        self._show(job, progress, task)
        if not job.is_live or self._handle_interrupts(interrupts):
            return job
        if time.monotonic() >= self._next_check:
            self._next_check = time.monotonic() + SUPERVISOR_CHECK_SECONDS
            if disk_is_full(self.workspace.home):
                self._report_problem(
                    f"There is no space left on the disk{describe_disk(self.workspace.home)}. "
                    "Delete files; the model is saved once there is space."
                )
            else:
                self._problem = ""
            ensure_supervisor(self.workspace)  # without one the job would wait forever
        return None

    def _report_problem(self, words: str) -> None:
        """Print a problem once; its figure of free space may change between calls."""
        kind = words.partition("(")[0]
        if kind != self._problem:
            self._problem = kind
            self.console.print(f"{words} Still waiting for {self.job_id}.", markup=False, soft_wrap=True)

    def _handle_interrupts(self, interrupts: int) -> bool:
        """Handle Ctrl-C; True to detach."""
        if interrupts and not self._stop_asked:
            self.jobs.request_stop(self.job_id)
            self._stop_asked = True
            self.console.print(self._describe_stopping(), soft_wrap=True)
        if interrupts > 1:
            self.console.print(f"Detached from {self.job_id}; list it with: {self._listing}", soft_wrap=True)
        return interrupts > 1

    @property
    def _listing(self) -> str:
        return "python -m riskmodel runs"

    def _show(self, job: _Followed, progress: Progress, task: TaskID) -> None:
        if job.device_note and not self._device_reported:
            self._device_reported = True
            self.console.print(job.device_note, soft_wrap=True)
        position = f", place {job.queue_position} in the queue" if job.queue_position else ""
        progress.update(task, description=f"{job.phase or 'Waiting for a trainer'}{position}")
        self._show_figures(job, progress, task)


class Follower(JobFollower[RunRecord]):
    """Follows a run: one line per epoch."""

    def __init__(self, workspace: Workspace, job_id: str, console: Console) -> None:
        super().__init__(workspace, job_id, console)
        self._epochs_shown = 0
        self._config: RunConfig | None = None

    def _describe_stopping(self) -> str:
        config = self.workspace.runs.get(self.job_id).config
        kept = "the weights" if config.ensemble.is_single else "each network's weights"
        return (
            f"Stopping: {kept} with the {config.training.best_means} are kept. Press Ctrl-C again to leave without "
            "waiting; the run still stops."
        )

    @property
    def jobs(self) -> Runs:
        """The workspace's runs."""
        return self.workspace.runs

    def _show_new_config(self, config: RunConfig, old: RunConfig) -> None:
        """Report that a larger network is trained, or that the smaller one is kept."""
        larger = len(config.learners) > len(old.learners) or config.training.epochs > old.training.epochs
        text = "Still improving: a larger network is trained." if larger else "The smaller network is kept."
        self.console.print(text, soft_wrap=True)
        if config.ensemble.is_single:
            self._epochs_shown = 0 if larger else config.training.epochs

    def _show_figures(self, run: RunRecord, progress: Progress, task: TaskID) -> None:
        if self._config is not None and self._config != run.config:
            self._show_new_config(run.config, self._config)
        self._config = run.config
        for epoch in self.workspace.runs.epochs(self.job_id, after=self._epochs_shown):
            self._epochs_shown = epoch.place
            self.console.print(describe_epoch(epoch, run.config), soft_wrap=True)
        if run.progress is not None:
            slice_ = run.progress
            loss = "" if slice_.train_loss is None else f", loss {slice_.train_loss:.4f}"
            place = f"epoch {slice_.epoch}/{slice_.num_epochs}{loss}"
            if slice_.num_networks > 1:
                place = f"{slice_.networks_done} of {slice_.num_networks} networks trained"
            figures = f"{place}, {slice_.rows_per_second:,.0f} rows/s"
            progress.update(task, completed=slice_.rows_done, total=slice_.rows_total, figures=figures)


class SearchFollower(JobFollower[SearchRecord]):
    """Follows a search: one line per ended trial."""

    def __init__(self, workspace: Workspace, job_id: str, console: Console) -> None:
        super().__init__(workspace, job_id, console)
        # Trials of an earlier part of the search are in the final table.
        self._shown = {trial.number for trial in workspace.searches.trials(job_id) if trial.state != "stopped"}

    def _describe_stopping(self) -> str:
        return "Stopping: ended trials are kept. Press Ctrl-C again to leave without waiting."

    @property
    def jobs(self) -> Searches:
        """The workspace's searches."""
        return self.workspace.searches

    @property
    def _listing(self) -> str:
        return "python -m riskmodel searches"

    def _show_figures(self, search: SearchRecord, progress: Progress, task: TaskID) -> None:
        trials = self.workspace.searches.trials(self.job_id)
        ended = [trial for trial in trials if trial.state != "running"]
        for place, trial in enumerate(ended, start=1):
            if trial.number not in self._shown and not (trial.state == "stopped" and search.is_live):
                self._shown.add(trial.number)
                self.console.print(describe_trial(trial, search.search.trials, ended[:place]), soft_wrap=True)
        max_trials = search.search.trials
        figures = f"epoch {search.progress.epoch}/{search.progress.num_epochs}" if search.progress else ""
        progress.update(task, completed=len(ended), total=max_trials, figures=figures)


def describe_trial(trial: TrialResult, max_trials: int | None, so_far: list[TrialResult]) -> str:
    """One line: state, metrics, values."""
    of = f"/{max_trials}" if max_trials else ""
    figures = "" if trial.loss is None else f"  validation loss {trial.loss:.5f}  validation AUC {trial.auc:.4f}"
    best = best_trial(so_far)
    mark = "  lowest validation loss so far" if best is not None and best.number == trial.number else ""
    tried = ", ".join(f"{path.partition('.')[2]} {describe_value(value)}" for path, value in trial.values.items())
    why = f"  {trial.error}" if trial.error else ""
    return f"trial {trial.number:>{len(str(max_trials or ''))}}{of}  {trial.state}{figures}  {tried}{mark}{why}"


def describe_value(value: Any) -> str:
    """A field's value as in the options: ``128,64``, ``on``, ``0.0003``."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def describe_epoch(epoch: EpochResult, config: RunConfig) -> str:
    """One line of metrics, training before validation; for an ensemble, with the network."""
    training, network = config.training, ""
    if epoch.network:
        name = NetworkName.parse(epoch.network)
        training, network = config.learners[name.learner].training, f"{name.describe(config)}  "
    best = f"  {training.best_means} so far" if epoch.is_best else ""
    return (
        f"{network}epoch {epoch.epoch:>{len(str(epoch.num_epochs))}}/{epoch.num_epochs}"
        f"  train loss {epoch.train_loss:.4f} AUC {epoch.train_auc:.4f}"
        f"  validation loss {epoch.validation_loss:.4f} AUC {epoch.validation_auc:.4f}{best}"
    )

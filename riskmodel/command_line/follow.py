"""Waiting for a run with its progress on the terminal."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.runs import RunRecord
from riskmodel.workspace.workspace import Workspace

POLL_SECONDS = 0.2
SUPERVISOR_CHECK_SECONDS = 5.0


class Interrupts:
    """Counts Ctrl-C while a run is followed: the first asks the run to stop, the second leaves it alone."""

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


class Follower:
    """Shows one run until it has ended or the user has had enough of watching it.

    Args:
        workspace: Where the run is.
        run_id: The run to follow.
        console: Where progress goes.
    """

    def __init__(self, workspace: Workspace, run_id: str, console: Console) -> None:
        self.workspace = workspace
        self.run_id = run_id
        self.console = console
        self._epochs_shown = 0
        self._stop_asked = False
        self._device_told = False

    def wait(self) -> RunRecord:
        """Return the run once it has ended, or as it stands after a second Ctrl-C."""
        progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
        )
        next_check = time.monotonic() + SUPERVISOR_CHECK_SECONDS
        with Interrupts() as interrupts, progress:
            task = progress.add_task("Waiting", total=None, figures="")
            while True:
                run = self.workspace.runs.get(self.run_id)
                self._show(run, progress, task)
                if not run.is_live or self._obey(interrupts.count):
                    return run
                if time.monotonic() >= next_check:  # a supervisor that died would leave the run waiting for ever
                    ensure_supervisor(self.workspace)
                    next_check = time.monotonic() + SUPERVISOR_CHECK_SECONDS
                time.sleep(POLL_SECONDS)

    def _obey(self, interrupts: int) -> bool:
        """Act on Ctrl-C; true when the user no longer wants to watch."""
        if interrupts and not self._stop_asked:
            self.workspace.runs.request_stop(self.run_id)
            self._stop_asked = True
            self.console.print("Stopping; the best weights so far are kept. Ctrl-C again leaves the run to itself.")
        if interrupts > 1:
            self.console.print(f"Left {self.run_id}; see it with: python -m riskmodel runs")
        return interrupts > 1

    def _show(self, run: RunRecord, progress: Progress, task: TaskID) -> None:
        if run.device_note and not self._device_told:
            self._device_told = True
            self.console.print(run.device_note, markup=False)
        for epoch in self.workspace.runs.epochs(self.run_id, after=self._epochs_shown):
            self._epochs_shown = epoch.epoch
            self.console.print(describe_epoch(epoch), markup=False)
        position = f", place {run.queue_position} in the queue" if run.queue_position else ""
        progress.update(task, description=f"{run.phase or 'Waiting for a trainer'}{position}")
        if run.progress is not None:
            slice_ = run.progress
            loss = "" if slice_.train_loss is None else f", loss {slice_.train_loss:.4f}"
            figures = f"epoch {slice_.epoch}/{slice_.num_epochs}{loss}, {slice_.rows_per_second:,.0f} rows/s"
            progress.update(task, completed=slice_.rows_done, total=slice_.rows_total, figures=figures)


def describe_epoch(epoch: EpochResult) -> str:
    """One line of figures, training before validation."""
    best = "  best so far" if epoch.is_best else ""
    return (
        f"epoch {epoch.epoch:>{len(str(epoch.num_epochs))}}/{epoch.num_epochs}"
        f"  loss {epoch.train_loss:.4f} / {epoch.validation_loss:.4f}"
        f"  AUC {epoch.train_auc:.4f} / {epoch.validation_auc:.4f}{best}"
    )

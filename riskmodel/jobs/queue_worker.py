"""Processes the queues of a workspace: one run or search at a time, each in a warm trainer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from riskmodel.config.sections.backend import Backend
from riskmodel.errors import RiskModelError, UnavailableError, WorkspaceError
from riskmodel.jobs.devices import DeviceKind, choose_device
from riskmodel.jobs.failures import reduce_words
from riskmodel.jobs.trainer_process import TrainerProcess
from riskmodel.sizing.backend_choice import check_backend
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.queue.job_record import JobRecord
from riskmodel.workspace.queue.orphans import fail_orphans
from riskmodel.workspace.storage.process_identity import identify
from riskmodel.workspace.workspace import Workspace

StartTrainer = Callable[[DeviceKind, Backend], TrainerProcess]

SECONDS_BETWEEN_ORPHANS = 5.0
CANCEL_POLL_SECONDS = 0.25
_LONGEST_WAIT_TO_WARM = 60.0

_log = logging.getLogger(__name__)


@dataclass
class _Job:
    queue: JobExecution[Any]
    job_id: str
    trainer: TrainerProcess


class QueueWorker:
    """The state of one supervisor.

    The next trainer warms up once the current job has finished its first epoch or ended: warming up takes a full
    core for seconds and would delay the first point of the curve. It has the device and backend of the last
    job.

    Args:
        workspace: with the queues.
        start_trainer: starts a trainer for the CPU or the GPU, on a backend.
        keeps_warm: whether a trainer waits for the next job, or each job starts its own.

    Attributes:
        idle_since: end of the last job in seconds of the monotonic clock; None during a job.
    """

    def __init__(self, workspace: Workspace, start_trainer: StartTrainer, keeps_warm: bool = True) -> None:
        self._queues = workspace.execution
        self._start_trainer = start_trainer
        self._keeps_warm = keeps_warm
        self._identity = identify()
        self._job: _Job | None = None
        self._claimed: tuple[JobExecution[Any], JobRecord] | None = None
        self._warm: TrainerProcess | None = None
        self._warm_kind: DeviceKind = choose_device("auto").kind
        self._warm_backend: Backend = "tensorflow"
        self._warm_failures = 0
        self._warm_not_before = 0.0
        self._next_orphans_at = 0.0
        self._next_cancel_poll = 0.0
        self.idle_since: float | None = time.monotonic()

    @property
    def trainer_state(self) -> str:
        """State of the trainer for the next job: ``"absent"``, ``"warming"`` or ``"ready"``."""
        if self._warm is None:
            return "absent"
        return "ready" if self._warm.is_ready else "warming"

    def step(self) -> None:
        """Process all pending events once; takes milliseconds.

        Raises:
            WorkspaceError: the database cannot be reached or written to. The next step continues.
        """
        if self._job is not None:
            self._watch(self._job)
        if self._job is None:
            self._begin_next()
        if self._keeps_warm:
            self._keep_one_warm()
        now = time.monotonic()
        if now >= self._next_orphans_at:
            self._next_orphans_at = now + SECONDS_BETWEEN_ORPHANS
            for queue in self._queues:
                fail_orphans(queue, self._identity, self._working_on)
        if self._job is not None:
            self.idle_since = None
        elif self.idle_since is None:
            self.idle_since = now

    def close(self) -> None:
        """End the trainers; a running job is marked as failed."""
        if self._warm is not None:
            self._warm.end(keep_log=False)
            self._warm = None
        if self._job is not None:
            job, self._job = self._job, None
            job.trainer.end()
            kind = job.queue.kind
            with suppress(UnavailableError):  # the next client detects that this supervisor has ended
                job.queue.fail(job.job_id, f"The supervisor was stopped during this {kind.noun}. {kind.retry}")

    @property
    def _working_on(self) -> str | None:
        if self._job is not None:
            return self._job.job_id
        return self._claimed[1].id if self._claimed is not None else None

    def _watch(self, job: _Job) -> None:
        if job.trainer.poll() is not None:
            if job.queue.fail(job.job_id, self._explain_end(job)):
                _log.warning("%s: its trainer (process %d) died", job.job_id, job.trainer.pid)
            else:
                _log.info("%s has ended", job.job_id)
            self._end_job(job)
        elif not job.trainer.is_ready and job.queue.stop_wanted(job.job_id):
            # No epoch is complete, so there is nothing to wait for.
            job.trainer.end()
            job.queue.end_without_model(job.job_id)
            self._end_job(job)
        elif time.monotonic() >= self._next_cancel_poll:
            self._next_cancel_poll = time.monotonic() + CANCEL_POLL_SECONDS
            if job.queue.is_discarded(job.job_id):
                _log.info("%s was discarded", job.job_id)
                self._end_job(job)

    def _explain_end(self, job: _Job) -> str:
        kind = job.queue.kind
        if job.queue.is_enlarging(job.job_id):
            end = job.trainer.explain_end(noun=kind.noun, retry="")
            return f"While a larger network was trained: {end[:1].lower()}{end[1:]}"
        try:
            reduce = reduce_words(job.queue.get(job.job_id).config)
        except UnavailableError:
            raise
        except WorkspaceError:  # its record cannot be read
            reduce = reduce_words(None)
        return job.trainer.explain_end(noun=kind.noun, retry=kind.retry_short, reduce=reduce)

    def _end_job(self, job: _Job) -> None:
        job.trainer.end()
        self._job = None
        if job.queue.is_discarded(job.job_id):
            job.queue.discard_files(job.job_id)

    def _begin_next(self) -> None:
        if self._claimed is None:
            self._claimed = self._claim_next()
        if self._claimed is None:
            return
        queue, job = self._claimed
        try:
            self._job = _Job(queue, job.id, self._start_job(queue, job))
        except UnavailableError:
            raise  # the next step starts it
        except (OSError, RiskModelError) as error:
            _log.warning("%s cannot start: %s", job.id, error)
            queue.fail(job.id, f"The {queue.kind.noun} could not start: {error}")
        self._claimed = None

    def _claim_next(self) -> tuple[JobExecution[Any], JobRecord] | None:
        waiting = [(since, queue) for queue in self._queues if (since := queue.oldest_queued()) is not None]
        if not waiting:
            return None
        _, queue = min(waiting, key=lambda entry: entry[0])
        job = queue.claim(self._identity)
        return None if job is None else (queue, job)

    def _start_job(self, queue: JobExecution[Any], job: JobRecord) -> TrainerProcess:
        backend = job.config.backend
        check_backend(backend)
        choice = choose_device(job.device_requested)
        queue.set_device(job.id, choice.kind, choice.note)
        trainer, self._warm, self._warm_kind, self._warm_backend = self._warm, None, choice.kind, backend
        asked_for = (choice.kind, backend)
        if trainer is not None and (trainer.poll() is not None or (trainer.kind, trainer.backend) != asked_for):
            trainer.end(keep_log=False)
            trainer = None
        if trainer is None:
            trainer = self._start_trainer(choice.kind, backend)
        if not trainer.is_ready:
            with suppress(UnavailableError):
                queue.set_phase(job.id, "Starting a trainer")
        trainer.begin(job.id, job.log_path)
        _log.info("%s is trained on the %s by process %d", job.id, choice.kind.upper(), trainer.pid)
        return trainer

    def _keep_one_warm(self) -> None:
        now = time.monotonic()
        if self._warm is not None:
            code = self._warm.poll()
            if self._warm.is_ready:
                self._warm_failures = 0
            if code is not None:
                _log.warning("A waiting trainer died: %s", self._warm.explain_end())
                self._warm.end()
                self._warm = None
                self._warm_failures += 1
                self._warm_not_before = now + min(2.0**self._warm_failures, _LONGEST_WAIT_TO_WARM)
        may_warm = self._job is None or self._job.trainer.is_learning
        if self._warm is None and may_warm and now >= self._warm_not_before:
            try:
                self._warm = self._start_trainer(self._warm_kind, self._warm_backend)
            except OSError as error:
                _log.warning("No trainer could be started: %s", error)
                self._warm_not_before = now + _LONGEST_WAIT_TO_WARM

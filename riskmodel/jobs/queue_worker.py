"""Works off the queue of a workspace: one run at a time, each in a trainer that was warm before its run was known."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from riskmodel.config.backend import Backend
from riskmodel.errors import RiskModelError
from riskmodel.jobs.devices import DeviceKind, choose_device
from riskmodel.jobs.orphans import fail_orphans
from riskmodel.jobs.processes import identify
from riskmodel.jobs.trainer_process import TrainerProcess
from riskmodel.networks.backend_choice import check_backend
from riskmodel.workspace.run_record import LOG_FILE, RunRecord
from riskmodel.workspace.workspace import Workspace

StartTrainer = Callable[[DeviceKind, Backend], TrainerProcess]

SECONDS_BETWEEN_ORPHANS = 5.0
_LONGEST_WAIT_TO_WARM = 60.0

_log = logging.getLogger(__name__)


@dataclass
class _Job:
    run_id: str
    trainer: TrainerProcess


class QueueWorker:
    """The state of one supervisor.

    The next trainer gets warm once the present run has had its first epoch or has ended: getting warm takes a whole
    core for seconds, which would be taken from the first point of the curve. It is of the kind that the last run asked
    for: the CPU's or the GPU's, on TensorFlow or on JAX.

    Args:
        workspace: whose queue it works off.
        start_trainer: starts a trainer for the CPU or the GPU, on a backend.

    Attributes:
        idle_since: when there was last something to do, in seconds of the monotonic clock; None while a run is trained.
    """

    def __init__(self, workspace: Workspace, start_trainer: StartTrainer) -> None:
        self._runs = workspace.runs
        self._start_trainer = start_trainer
        self._identity = identify()
        self._job: _Job | None = None
        self._warm: TrainerProcess | None = None
        self._warm_kind: DeviceKind = choose_device("auto").kind
        self._warm_backend: Backend = "tensorflow"
        self._warm_failures = 0
        self._warm_not_before = 0.0
        self._next_orphans_at = 0.0
        self.idle_since: float | None = time.monotonic()

    @property
    def trainer_state(self) -> str:
        """Of the trainer that waits for the next run: ``"absent"``, ``"warming"`` or ``"ready"``."""
        if self._warm is None:
            return "absent"
        return "ready" if self._warm.is_ready else "warming"

    def turn(self) -> None:
        """Look once at everything there is to do; takes milliseconds.

        Raises:
            WorkspaceError: the database cannot be reached or written to. The next turn takes up where this one ended.
        """
        if self._job is not None:
            self._watch(self._job)
        if self._job is None and self._runs.has_queued():
            self._begin_next()
        self._keep_one_warm()
        now = time.monotonic()
        if now >= self._next_orphans_at:
            self._next_orphans_at = now + SECONDS_BETWEEN_ORPHANS
            fail_orphans(self._runs, supervisor=self._identity, working_on=self._job.run_id if self._job else None)
        if self._job is not None:
            self.idle_since = None
        elif self.idle_since is None:
            self.idle_since = now

    def close(self) -> None:
        """End the trainers; a run that is being trained is marked as failed."""
        if self._warm is not None:
            self._warm.end(keep_log=False)
            self._warm = None
        if self._job is not None:
            job, self._job = self._job, None
            job.trainer.end()
            self._runs.fail(job.run_id, "The worker was ended while it trained this run. Train it again.")

    def _watch(self, job: _Job) -> None:
        if job.trainer.look() is not None:
            if self._runs.fail(job.run_id, job.trainer.explain_end()):
                _log.warning("%s: its trainer (process %d) died", job.run_id, job.trainer.pid)
            else:
                _log.info("%s has ended", job.run_id)
            self._end_job(job)
        elif not job.trainer.is_ready and self._runs.stop_wanted(job.run_id):
            # Nothing has been learned yet, so there is nothing to wait for.
            job.trainer.end()
            self._runs.end_without_model(job.run_id)
            self._end_job(job)

    def _end_job(self, job: _Job) -> None:
        job.trainer.end()
        self._job = None

    def _begin_next(self) -> None:
        run = self._runs.claim(self._identity)
        if run is None:
            return
        try:
            self._job = _Job(run.id, self._hand_over(run))
        except (OSError, RiskModelError) as error:
            _log.warning("%s cannot begin: %s", run.id, error)
            self._runs.fail(run.id, f"The run could not begin: {error}")

    def _hand_over(self, run: RunRecord) -> TrainerProcess:
        backend = run.config.backend
        check_backend(backend)
        choice = choose_device(run.device_requested)
        self._runs.set_device(run.id, choice.kind, choice.note)
        trainer, self._warm, self._warm_kind, self._warm_backend = self._warm, None, choice.kind, backend
        asked_for = (choice.kind, backend)
        if trainer is not None and (trainer.look() is not None or (trainer.kind, trainer.backend) != asked_for):
            trainer.end(keep_log=False)
            trainer = None
        if trainer is None:
            trainer = self._start_trainer(choice.kind, backend)
        if not trainer.is_ready:
            self._runs.set_phase(run.id, "Starting a trainer")
        trainer.begin(run.id, run.folder / LOG_FILE)
        _log.info("%s is trained on the %s by process %d", run.id, choice.kind.upper(), trainer.pid)
        return trainer

    def _keep_one_warm(self) -> None:
        now = time.monotonic()
        if self._warm is not None:
            code = self._warm.look()
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

"""What a training tells its workspace while it goes on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from riskmodel.errors import WorkspaceError
from riskmodel.training.progress import EpochResult, SliceProgress
from riskmodel.workspace.run_work import RunWork

HEARTBEAT_SECONDS = 2.0
_SECONDS_BETWEEN_SLICES = 0.2  # a page looks twice a second; small files have hundreds of slices in that time

_log = logging.getLogger(__name__)


class WorkspaceListener:
    """A `TrainingListener` that writes what it hears to the run's record and reads there whether to stop.

    Phases and epochs also go to the trainer's log: should it crash, its last line says where.

    Args:
        runs: the workspace's runs.
        run_id: the run being trained.
        on_first_epoch: called once, after the first epoch has been written.
    """

    def __init__(self, runs: RunWork, run_id: str, on_first_epoch: Callable[[], None] = lambda: None) -> None:
        self._runs = runs
        self._run_id = run_id
        self._on_first_epoch = on_first_epoch
        self._next_slice_at = 0.0

    def on_phase(self, text: str) -> None:
        """Write what is being done."""
        _log.info("%s", text)
        self._runs.set_phase(self._run_id, text)

    def on_slice(self, progress: SliceProgress) -> None:
        """Write where the training stands: a few times a second, and at the end."""
        now = time.monotonic()
        if now < self._next_slice_at and progress.rows_done < progress.rows_total:
            return
        self._next_slice_at = now + _SECONDS_BETWEEN_SLICES
        self._runs.set_progress(self._run_id, progress)

    def on_epoch(self, result: EpochResult) -> None:
        """Add the epoch."""
        _log.info("Epoch %d of %d, loss %.4f", result.epoch, result.num_epochs, result.validation_loss)
        self._runs.add_epoch(self._run_id, result)
        if result.epoch == 1:
            self._on_first_epoch()

    def should_stop(self) -> bool:
        """Whether the analyst asked to stop, or the run was ended by others."""
        return self._runs.stop_wanted(self._run_id)


class Heartbeat:
    """Within this context, the run's record is told every two seconds that its trainer is alive."""

    def __init__(self, runs: RunWork, run_id: str, seconds: float = HEARTBEAT_SECONDS) -> None:
        self._runs, self._run_id, self._seconds = runs, run_id, seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self._runs.heartbeat(self._run_id)
            except WorkspaceError as error:  # the training itself hears of it at its next word
                _log.warning("No heartbeat: %s", error)

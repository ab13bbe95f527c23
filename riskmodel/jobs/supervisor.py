"""The supervisor: one process per workspace that processes its queue. Started when none is alive.

It is independent of terminals and tabs: runs continue when the studio is closed. It ends after half an hour without
jobs.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.jobs.lock import SupervisorLock
from riskmodel.jobs.queue_worker import QueueWorker
from riskmodel.jobs.reporter import persist
from riskmodel.jobs.trainer_process import PROJECT_FOLDER, TrainerProcess, last_line
from riskmodel.workspace.storage.files import disk_errors, make_folder, write_text
from riskmodel.workspace.storage.process_identity import identify, is_alive, is_here
from riskmodel.workspace.workspace import Workspace

POLL_SECONDS = 0.05
IDLE_SECONDS = 30 * 60.0
SECONDS_BETWEEN_CLEANING = 600.0
STATUS_FILE = "supervisor.json"
LOG_FILE = "logs/supervisor.log"
_LARGEST_LOG_BYTES = 1_000_000
# A supervisor releases its lock just before its process ends.
_LAST_SECONDS = 2.0

_log = logging.getLogger(__name__)

# Kept so that the exit code of a started supervisor can be read.
_started: list[tuple[Path, subprocess.Popen[bytes]]] = []


@dataclass(frozen=True)
class SupervisorStatus:
    """Status of a living supervisor.

    Attributes:
        pid: its process id.
        trainer: state of the trainer for the next run: ``"absent"``, ``"warming"`` or ``"ready"``.
    """

    pid: int
    trainer: str


def ensure_supervisor(workspace: Workspace) -> None:
    """Start a supervisor unless one is alive, and return at once; orphaned runs are marked as failed.

    Raises:
        ConfigError: see `keeps_warm_trainer`.
        WorkspaceError: the workspace is not writable, or the last started supervisor crashed; another
            one was started then.
    """
    keeps_warm_trainer()
    lock = SupervisorLock.acquire(workspace.home)
    if lock is None:
        return
    try:
        crashed = _take_ended(workspace.home)
        workspace.fail_orphans()
        _start(workspace.home, lock)
    finally:
        lock.release()  # the started supervisor holds it
    if crashed:
        log_path = workspace.home / LOG_FILE
        raise WorkspaceError(
            f"The supervisor crashed: {last_line(log_path)} Its log is {log_path}. Another one was "
            "started and continues the queue."
        )


def supervisor_status(home: Path) -> SupervisorStatus | None:
    """Last status of a workspace's supervisor; None if none is alive or its file is missing or damaged."""
    try:
        values = json.loads((home / STATUS_FILE).read_text(encoding="utf-8"))
        if not (is_here(values["supervisor"]) and is_alive(values["supervisor"])):
            return None
        return SupervisorStatus(int(values["supervisor"].rsplit("/", 2)[1]), values["trainer"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def run_supervisor(home: Path | None = None, lock: SupervisorLock | None = None) -> None:
    """Process the queue of a workspace until ended (SIGTERM, Ctrl-C) or idle for half an hour.

    Args:
        home: the workspace's folder, as for `Workspace.open`.
        lock: if already held.

    Raises:
        ConfigError: see `keeps_warm_trainer`.
        WorkspaceError: another supervisor serves the workspace.
    """
    keeps_warm = keeps_warm_trainer()
    workspace = Workspace.open(home) if lock is None else persist(lambda: Workspace.open(home))
    lock = lock or SupervisorLock.acquire(workspace.home)
    if lock is None:
        raise WorkspaceError(
            f"Another supervisor already serves the workspace {workspace.home}; one is enough. "
            "End that one first, or choose another workspace with --home."
        )
    worker = QueueWorker(
        workspace, lambda kind, backend: TrainerProcess(workspace.home, kind, backend=backend), keeps_warm
    )
    try:
        _work(workspace, worker)
    finally:
        worker.close()
        (workspace.home / STATUS_FILE).unlink(missing_ok=True)
        lock.release()
        workspace.close()


def keeps_warm_trainer() -> bool:
    """Whether a trainer waits for the next run (`RISKMODEL_WARM_TRAINER`, ``"on"`` by default).

    It holds about 0.5 GB; without it, every run waits some seconds for TensorFlow to start.

    Raises:
        ConfigError: the variable is neither ``"on"`` nor ``"off"``.
    """
    text = os.environ.get("RISKMODEL_WARM_TRAINER", "on")
    if text not in ("on", "off"):
        raise ConfigError(f"RISKMODEL_WARM_TRAINER must be 'on' or 'off'; received '{text}'.")
    return text == "on"


def _work(workspace: Workspace, worker: QueueWorker) -> None:
    reported = status = ""
    next_cleaning = 0.0
    with _Requests() as requests:
        while not requests.to_end and not _is_idle(worker) and workspace.home.is_dir():
            try:
                if time.monotonic() >= next_cleaning:
                    next_cleaning = time.monotonic() + SECONDS_BETWEEN_CLEANING
                    workspace.clean_up()
                worker.step()
                reported = ""
                if worker.trainer_state != status:
                    status = worker.trainer_state
                    _write_status(workspace.home, status)
            except WorkspaceError as error:  # e.g. a full disk: the write is retried
                if str(error) != reported:
                    reported = str(error)
                    _log.warning("%s", reported)
                time.sleep(1.0)
            time.sleep(POLL_SECONDS)
        _log.info("Ending: %s", "requested" if requests.to_end else "nothing to do")


class _Requests:
    """Context in which SIGTERM and Ctrl-C set a flag instead of ending the process."""

    def __init__(self) -> None:
        self.to_end = False
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> _Requests:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._previous[number] = signal.signal(number, self._record)
        return self

    def __exit__(self, *_: object) -> None:
        for number, previous in self._previous.items():
            signal.signal(number, previous)

    def _record(self, number: int, frame: FrameType | None) -> None:
        self.to_end = True


def _is_idle(worker: QueueWorker) -> bool:
    return worker.idle_since is not None and time.monotonic() - worker.idle_since > IDLE_SECONDS


def _write_status(home: Path, trainer: str) -> None:
    write_text(home / STATUS_FILE, json.dumps({"supervisor": identify(), "trainer": trainer}) + "\n")


def _start(home: Path, lock: SupervisorLock) -> None:
    """Start a supervisor that inherits the lock and nothing else: no terminal, no session, no open file."""
    log_path = home / LOG_FILE
    make_folder(log_path.parent)
    too_long = log_path.is_file() and log_path.stat().st_size > _LARGEST_LOG_BYTES
    # A pipe as log raises an error instead of blocking.
    flags = os.O_CREAT | os.O_WRONLY | os.O_NONBLOCK | (os.O_TRUNC if too_long else os.O_APPEND)
    words = ["-m", "riskmodel.jobs.supervisor", "--home", str(home), "--lock", str(lock.descriptor)]
    with (
        disk_errors("Starting a supervisor"),
        open(log_path, "ab", opener=lambda path, _: os.open(path, flags, 0o600)) as log,
    ):
        process = subprocess.Popen(
            [sys.executable, *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT_FOLDER,
            pass_fds=(lock.descriptor,),
            start_new_session=True,
        )
    _started.append((home, process))


def _take_ended(home: Path) -> bool:
    """Forget ended supervisors started by this process; whether one of this workspace crashed.

    The caller holds the lock of ``home``, so the previous holder has ended or is about to.
    """
    for place, process in _started:
        if place == home:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LAST_SECONDS)
    ended = [(place, process) for place, process in _started if process.poll() is not None]
    for supervisor in ended:
        _started.remove(supervisor)
    return any(place == home and process.returncode > 0 for place, process in ended)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `ensure_supervisor`: ``python -m riskmodel.jobs.supervisor --home H --lock N``."""
    parser = argparse.ArgumentParser(prog="python -m riskmodel.jobs.supervisor")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--lock", type=int, required=True, help="descriptor of the lock, inherited")
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    run_supervisor(options.home, SupervisorLock(options.lock))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The supervisor: one process per workspace that works off its queue. The studio starts it when none is alive.

It belongs to no terminal and no tab: when the studio is closed, a run goes on. It ends by itself when there has been
nothing to do for half an hour.
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

from riskmodel.errors import WorkspaceError
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
# A supervisor lets its lock go a moment before its process is gone.
_LAST_SECONDS = 2.0

_log = logging.getLogger(__name__)

# Held so that whoever started a supervisor learns how it ended.
_started: list[tuple[Path, subprocess.Popen[bytes]]] = []


@dataclass(frozen=True)
class SupervisorStatus:
    """What a living supervisor says of itself.

    Attributes:
        pid: its process number.
        trainer: of the trainer that waits for the next run: ``"absent"``, ``"warming"`` or ``"ready"``.
    """

    pid: int
    trainer: str


def ensure_supervisor(workspace: Workspace) -> None:
    """Start a supervisor unless one is alive, and return at once; runs left behind by a dead one are marked as failed.

    Raises:
        WorkspaceError: the workspace cannot be written to, or the supervisor that was started last broke down; another
            one has been started then.
    """
    lock = SupervisorLock.acquire(workspace.home)
    if lock is None:
        return
    try:
        broke_down = _take_ended(workspace.home)
        for jobs in workspace.queues:
            jobs.fail_orphans()
        _start(workspace.home, lock)
    finally:
        lock.let_go()  # the started supervisor holds it
    if broke_down:
        log_path = workspace.home / LOG_FILE
        raise WorkspaceError(
            f"The worker that trains runs broke down: {last_line(log_path)} Its log is {log_path}. Another one was "
            "started; queued runs go on once one works."
        )


def supervisor_alive(workspace: Workspace) -> bool:
    """Whether a supervisor serves the workspace."""
    lock = SupervisorLock.acquire(workspace.home)
    if lock is not None:
        lock.let_go()
    return lock is None


def supervisor_status(workspace: Workspace) -> SupervisorStatus | None:
    """What the supervisor last said of itself; None where none is alive, or its file is missing or damaged."""
    try:
        values = json.loads((workspace.home / STATUS_FILE).read_text(encoding="utf-8"))
        if not (is_here(values["supervisor"]) and is_alive(values["supervisor"])):
            return None
        return SupervisorStatus(int(values["supervisor"].rsplit("/", 2)[1]), values["trainer"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def run_supervisor(home: Path | None = None, lock: SupervisorLock | None = None) -> None:
    """Work off the queue of a workspace until ended (SIGTERM, Ctrl-C) or idle for half an hour.

    Args:
        home: the workspace's folder, as `Workspace.open` takes it.
        lock: where it is held already.

    Raises:
        WorkspaceError: another supervisor serves the workspace.
    """
    workspace = Workspace.open(home) if lock is None else persist(lambda: Workspace.open(home))
    lock = lock or SupervisorLock.acquire(workspace.home)
    if lock is None:
        raise WorkspaceError(
            f"Another worker already serves the workspace {workspace.home}; one is enough. "
            "End that one first, or choose another workspace with --home."
        )
    worker = QueueWorker(workspace, lambda kind, backend: TrainerProcess(workspace.home, kind, backend=backend))
    try:
        _work(workspace, worker)
    finally:
        worker.close()
        (workspace.home / STATUS_FILE).unlink(missing_ok=True)
        lock.let_go()
        workspace.close()


def _work(workspace: Workspace, worker: QueueWorker) -> None:
    said = status = ""
    next_cleaning = 0.0
    with _Requests() as requests:
        while not requests.to_end and not _is_idle(worker) and workspace.home.is_dir():
            try:
                if time.monotonic() >= next_cleaning:
                    next_cleaning = time.monotonic() + SECONDS_BETWEEN_CLEANING
                    workspace.clean_up()
                worker.turn()
                said = ""
                if worker.trainer_state != status:
                    status = worker.trainer_state
                    _write_status(workspace.home, status)
            except WorkspaceError as error:  # such as a full disk: what could not be written is tried again
                if str(error) != said:
                    said = str(error)
                    _log.warning("%s", said)
                time.sleep(1.0)
            time.sleep(POLL_SECONDS)
        _log.info("Ending: %s", "asked to" if requests.to_end else "nothing to do")


class _Requests:
    """Within this context, SIGTERM and Ctrl-C are noted instead of ending the process at once."""

    def __init__(self) -> None:
        self.to_end = False
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> _Requests:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._previous[number] = signal.signal(number, self._take_note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, previous in self._previous.items():
            signal.signal(number, previous)

    def _take_note(self, number: int, frame: FrameType | None) -> None:
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
    # A pipe in its place is an error at once instead of a wait for a reader.
    flags = os.O_CREAT | os.O_WRONLY | os.O_NONBLOCK | (os.O_TRUNC if too_long else os.O_APPEND)
    words = ["-m", "riskmodel.jobs.supervisor", "--home", str(home), "--lock", str(lock.descriptor)]
    with (
        disk_errors("Starting a worker"),
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
    """Forget the ended supervisors that this process has started; whether one of this workspace broke down.

    The caller holds the lock of ``home``, so whoever held it has ended or is about to.
    """
    for place, process in _started:
        if place == home:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LAST_SECONDS)
    ended = [(place, process) for place, process in _started if process.poll() is not None]
    for each in ended:
        _started.remove(each)
    return any(place == home and process.returncode > 0 for place, process in ended)


def main(arguments: Sequence[str] | None = None) -> int:
    """What `ensure_supervisor` starts: ``python -m riskmodel.jobs.supervisor --home H --lock N``."""
    parser = argparse.ArgumentParser(prog="python -m riskmodel.jobs.supervisor")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--lock", type=int, required=True, help="descriptor of the lock, inherited")
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    run_supervisor(options.home, SupervisorLock(options.lock))
    return 0


if __name__ == "__main__":
    sys.exit(main())

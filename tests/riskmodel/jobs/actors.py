"""Stand-ins for trainers: small real processes with correct and faulty behavior, without TensorFlow."""

import os
import sys
from pathlib import Path

from riskmodel.config.sections.backend import Backend
from riskmodel.jobs.devices import DeviceKind
from riskmodel.jobs.lock import SupervisorLock
from riskmodel.jobs.trainer_process import TrainerProcess
from riskmodel.workspace.workspace import Workspace

_BEGINNING = """
import os, signal, sys, time
home, device = sys.argv[2], sys.argv[4]
print("ready", flush=True)
run_id = sys.stdin.readline().strip()
if not run_id:
    sys.exit(0)
print("learning", flush=True)
"""

_OPENING = """
from riskmodel.workspace.workspace import Workspace
runs = Workspace.open(home).execution.runs
"""
"""Only for the roles that report: it takes most of a second."""

ROLES = {
    "finishes": f"{_OPENING}runs.finish(run_id, stopped=False, best_epoch=1, metrics={{}})",
    "is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "fails": "raise ValueError('the sky fell')",
    "saves and waits": (
        f"{_OPENING}(runs.get(run_id).folder / 'model').mkdir()\n"
        "(runs.get(run_id).folder / 'predictions.parquet').write_bytes(b'rows')\n"
        "runs.set_phase(run_id, 'Saving')\ntime.sleep(60)"
    ),
    "waits": "time.sleep(60)",
    "tells its device": (
        _OPENING + "runs.set_phase(run_id, f\"{device} {os.environ.get('CUDA_VISIBLE_DEVICES')}\")\ntime.sleep(60)"
    ),
}


def command(role: str) -> list[str]:
    """Command that starts a trainer of this role; `ROLES`, or ``"never gets warm"`` or ``"breaks while warming"``."""
    if role == "never gets warm":
        return [sys.executable, "-c", "import time; time.sleep(60)"]
    if role == "breaks while warming":
        return [sys.executable, "-c", "raise ImportError('no tensorflow here')"]
    return [sys.executable, "-c", _BEGINNING + ROLES[role]]


class Cast:
    """Starts trainers of a role that can be changed, and ends all of them."""

    def __init__(self, home: Path, role: str) -> None:
        self.home, self.role = home, role
        self.started: list[TrainerProcess] = []

    def __call__(self, kind: DeviceKind, backend: Backend) -> TrainerProcess:
        self.started.append(TrainerProcess(self.home, kind, command(self.role), backend))
        return self.started[-1]

    def end(self) -> None:
        for trainer in self.started:
            trainer.end()


def supervisor_alive(workspace: Workspace) -> bool:
    """Whether a supervisor serves the workspace."""
    lock = SupervisorLock.acquire(workspace.home)
    if lock is not None:
        lock.release()
    return lock is None


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

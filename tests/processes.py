"""Ends the processes that a test has started: supervisors and trainers outlive the command that started them."""

import contextlib
from pathlib import Path

import psutil


def end_processes_of(home: Path) -> None:
    """End every process of the workspace ``home``; a test's temporary folder, so no other process can match."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(home) in process.cmdline():
                found.append(process)
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(found, timeout=10)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=10)

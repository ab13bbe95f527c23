"""Which process of which machine took a job, and whether it is still running."""

from __future__ import annotations

import socket

import psutil

_SAME_START_SECONDS = 0.05
"""The system counts hundredths of seconds."""
_FIRST_START_SINCE_1970 = 1e9
"""Earlier versions stored starts in seconds since 1970, which are larger; no machine runs for 30 years."""


def identify(pid: int | None = None) -> str:
    """``host/pid/start`` of a process: numbers of processes are given again, a start time with them is not.

    The start is in seconds since the machine was booted, so that setting the clock does not change it.

    Args:
        pid: of a living process; default this one.
    """
    process = psutil.Process(pid)
    return f"{socket.gethostname()}/{process.pid}/{_seconds_after_boot(process):.2f}"


def is_here(identity: str) -> bool:
    """Whether the process is or was of this machine, so that `is_alive` can tell."""
    return identity.rsplit("/", 2)[0] == socket.gethostname()


def is_alive(identity: str) -> bool:
    """Whether the very process that `identify` named still runs on this machine."""
    _, pid, start = identity.rsplit("/", 2)
    try:
        process = psutil.Process(int(pid))
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        known = float(start)
        if known >= _FIRST_START_SINCE_1970:
            return abs(process.create_time() - known) < 1.0
        return abs(_seconds_after_boot(process) - known) < _SAME_START_SECONDS
    except psutil.NoSuchProcess:
        return False


def _seconds_after_boot(process: psutil.Process) -> float:
    # psutil adds the time of the boot, which follows the clock, to what the system says.
    return process.create_time() - psutil.boot_time()

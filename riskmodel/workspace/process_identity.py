"""Which process of which machine took a job, and whether it is still running."""

from __future__ import annotations

import socket

import psutil

_SAME_START_SECONDS = 1.0


def identify(pid: int | None = None) -> str:
    """``host/pid/start`` of a process: numbers of processes are given again, a start time with them is not.

    Args:
        pid: of a living process; default this one.
    """
    process = psutil.Process(pid)
    return f"{socket.gethostname()}/{process.pid}/{process.create_time():.2f}"


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
        return abs(process.create_time() - float(start)) < _SAME_START_SECONDS
    except psutil.NoSuchProcess:
        return False

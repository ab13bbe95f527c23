"""Identity of a process across machines and reboots."""

from __future__ import annotations

import socket

import psutil

_SAME_START_SECONDS = 0.05
"""Tolerance in seconds: the system's resolution is 0.01 s."""
_FIRST_START_SINCE_1970 = 1e9
"""Earlier versions stored start times in seconds since 1970; larger values are of that kind."""


def identify(pid: int | None = None) -> str:
    """``host/pid/start`` of a process: process ids are reused, but not with the same start time.

    The start is in seconds since boot, independent of the clock.

    Args:
        pid: of a living process; default this one.
    """
    process = psutil.Process(pid)
    return f"{socket.gethostname()}/{process.pid}/{_seconds_after_boot(process):.2f}"


def is_here(identity: str) -> bool:
    """Whether the process is or was on this machine, as `is_alive` requires."""
    return identity.rsplit("/", 2)[0] == socket.gethostname()


def is_alive(identity: str) -> bool:
    """Whether exactly this process still runs on this machine."""
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
    # psutil adds the boot time, which depends on the clock, to the system's value.
    return process.create_time() - psutil.boot_time()

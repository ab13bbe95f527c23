"""Who a process is, whether it lives, and what its end means."""

from __future__ import annotations

import ctypes
import os
import platform
import select
import signal
import socket
import sys
import threading

import psutil

_PR_SET_PDEATHSIG = 1
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


def die_with_parent() -> None:
    """End this process when its parent ends, however that ends: a trainer never outlives its supervisor.

    Linux does it by itself; elsewhere the end is seen on standard input, which the parent holds open. Call it first
    thing, and `watch_standard_input` once nothing more is read from there.
    """
    if platform.system() == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if _input_has_ended():  # the parent died before, so that no signal will come
            os.kill(os.getpid(), signal.SIGKILL)


def watch_standard_input() -> None:
    """End this process once standard input ends; where `die_with_parent` has done it, nothing is needed."""
    if platform.system() == "Linux":
        return
    threading.Thread(target=_end_with_standard_input, name="parent-watch", daemon=True).start()


def _input_has_ended() -> bool:
    """Whether nobody holds the other end of standard input any more, and nothing is left in it."""
    poll = select.poll()
    poll.register(0, select.POLLIN)
    return any(event & select.POLLHUP and not event & select.POLLIN for _, event in poll.poll(0))


def _end_with_standard_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def explain_exit(
    code: int,
    last_line: str,
    noun: str = "run",
    again: str = "Train again",
    reduce: str = "Use a smaller batch or network or fewer rows",
) -> str:
    """Why a trainer that ended in the middle of its work did so, in words.

    Args:
        code: as `subprocess` gives it: negative is the signal that ended it.
        last_line: what it wrote last; may be empty.
        noun: what it worked on.
        again: what mends it.
        reduce: what to do where memory did not suffice, as `riskmodel.jobs.failures.reduce_words` says it.

    Example:
        >>> explain_exit(-11, "")
        'The trainer crashed (SIGSEGV). Train again; if it happens again, its log is in the folder of the run.'
    """
    if code == -signal.SIGKILL:
        return (
            "The trainer was killed (SIGKILL). If nobody did so by hand, the machine ran out of memory. "
            f"{reduce}, or close other programs. Then {again[:1].lower()}{again[1:]}."
        )
    said = f" It last wrote: {last_line}" if last_line else ""
    mend = f" {again}; if it happens again, its log is in the folder of the {noun}."
    if code < 0:
        return f"The trainer crashed ({_signal_name(-code)}).{said}{mend}"
    return f"The trainer ended in the middle of the {noun} (exit code {code}).{said}{mend}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

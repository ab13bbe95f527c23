"""A process that ends with its parent, and what the end of a process means."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """End this process when its parent ends, however that ends: a trainer never outlives its supervisor.

    Linux does it by itself; elsewhere the end is seen on standard input, which the parent holds open. Call it first
    thing, and `watch_standard_input` once nothing more is read from there.

    Args:
        parent: process number of the parent; if it has died already, no signal will come, and this process ends now.
    """
    if platform.system() == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def watch_standard_input() -> None:
    """End this process once standard input ends; where `die_with_parent` has done it, nothing is needed."""
    if platform.system() == "Linux":
        return
    threading.Thread(target=_end_with_standard_input, name="parent-watch", daemon=True).start()


def _end_with_standard_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def explain_exit(
    code: int,
    last_line: str,
    noun: str = "run",
    retry: str = "Train again",
    reduce: str = "Use a smaller batch or network or fewer rows",
) -> str:
    """Why a trainer that ended in the middle of its work did so, in words.

    Args:
        code: as `subprocess` gives it: negative is the signal that ended it.
        last_line: what it wrote last; may be empty.
        noun: what it worked on.
        retry: advice.
        reduce: what to do where memory did not suffice, as `riskmodel.jobs.failures.reduce_words` says it.

    Example:
        >>> explain_exit(-11, "")
        'The trainer crashed (SIGSEGV). Train again; if it happens again, its log is in the folder of the run.'
    """
    if code == -signal.SIGKILL:
        return (
            "The trainer was killed (SIGKILL). If nobody did so by hand, the machine ran out of memory. "
            f"{reduce}, or close other programs. Then {retry[:1].lower()}{retry[1:]}."
        )
    said = f" It last wrote: {last_line}" if last_line else ""
    hint = f" {retry}; if it happens again, its log is in the folder of the {noun}."
    if code < 0:
        return f"The trainer crashed ({_signal_name(-code)}).{said}{hint}"
    return f"The trainer ended in the middle of the {noun} (exit code {code}).{said}{hint}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

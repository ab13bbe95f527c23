"""Processes that end with their parent, and explanations of exit codes."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """End this process when its parent ends: a trainer never outlives its supervisor.

    Linux supports it directly; elsewhere the end is detected on standard input, which the parent holds open. Call it
    first, and `watch_standard_input` once nothing more is read from standard input.

    Args:
        parent: process id of the parent; if it has already ended, this process ends now.
    """
    if platform.system() == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def watch_standard_input() -> None:
    """End this process once standard input ends; no effect if `die_with_parent` suffices."""
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
    """Message on the unexpected end of a trainer.

    Args:
        code: exit code from `subprocess`; negative is a signal.
        last_line: its last output; may be empty.
        noun: ``run`` or ``search``.
        retry: advice; empty for none.
        reduce: advice on insufficient memory, from `riskmodel.jobs.failures.reduce_words`.

    Example:
        >>> explain_exit(-11, "")
        'The trainer crashed (SIGSEGV). Train again; if it happens again, its log is in the folder of the run.'
    """
    if code == -signal.SIGKILL:
        advice = f" {reduce}, or close other programs. Then {retry[:1].lower()}{retry[1:]}." if retry else ""
        return (
            f"The trainer was killed (SIGKILL). Unless it was killed manually, the machine ran out of memory.{advice}"
        )
    output = f" Its last output: {last_line}" if last_line else ""
    hint = f" {retry}; if it happens again, its log is in the folder of the {noun}." if retry else ""
    if code < 0:
        return f"The trainer crashed ({_signal_name(-code)}).{output}{hint}"
    return f"The trainer ended in the middle of the {noun} (exit code {code}).{output}{hint}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

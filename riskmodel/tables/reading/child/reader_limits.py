"""Limits of memory and time for a process that reads an untrusted file, and messages for its termination."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

_MEBIBYTE = 1 << 20
_PR_SET_PDEATHSIG = 1
_CORES_WAITED = 4


@dataclass(frozen=True)
class ReaderLimits:
    """Resource limits of one reader process.

    Attributes:
        memory_bytes: Private memory beyond that at the start of reading.
        cpu_seconds: Processor time for opening the file, and again for each pass over its rows.
    """

    memory_bytes: int
    cpu_seconds: int

    @classmethod
    def of_file(cls, num_bytes: int, is_parquet: bool = False) -> ReaderLimits:
        """Limits for a file of the given size in bytes.

        A sheet of a workbook is held in memory as a whole, at up to 40 times the file's compressed size; of a Parquet
        file, one compressed row group. Half a gibibyte and 20 seconds are always allowed, since small files
        vary more.
        """
        free = 512 * _MEBIBYTE
        return cls(
            memory_bytes=free + 2 * num_bytes if is_parquet else max(free, 40 * num_bytes),
            cpu_seconds=20 + num_bytes // _MEBIBYTE,
        )

    @property
    def wait_seconds(self) -> float:
        """Timeout of the caller in seconds; longer than the processor time, since the machine may be shared."""
        return float(_CORES_WAITED * self.cpu_seconds)

    def describe_death(self, status: int) -> str:
        """Message for a process that exceeded its limits or crashed.

        Args:
            status: Its exit status as returned by `subprocess`; negative for a signal.
        """
        if status == -signal.SIGXCPU:
            return f"reading it took more than {self.cpu_seconds:,} seconds of processor time"
        if status in {-signal.SIGABRT, -signal.SIGKILL}:
            return f"{self.describe_memory()}, or its content crashed the reader"
        if status >= 0:
            return f"its reader ended with status {status}; the machine may lack memory"
        return f"its content crashed the reader ({signal.Signals(-status).name})"

    def describe_memory(self) -> str:
        """Message for insufficient memory."""
        return f"reading it needed more than {self.memory_bytes // _MEBIBYTE:,} MiB of memory"


def confine_process(parent: int) -> None:
    """Bind this process to its parent's lifetime and forbid writing files and core dumps.

    Raises:
        SystemExit: The parent has already exited.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def limit_memory(num_bytes: int) -> None:
    """Limit the memory to the given number of bytes beyond the current private memory."""
    _lower(resource.RLIMIT_DATA, _private_bytes() + num_bytes)


def limit_cpu(seconds: int) -> None:
    """Limit the processor time to the given number of further seconds; then the process is killed."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + seconds + 1)


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _private_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")

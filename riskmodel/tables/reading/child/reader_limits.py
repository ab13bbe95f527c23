"""Limits of memory and time for a process that reads a foreign file, and what its death means."""

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
    """What one reading may use.

    Attributes:
        memory_bytes: Private memory beyond what the process holds when it starts to read.
        cpu_seconds: Processor time of opening the file, and again of each pass over its rows.
    """

    memory_bytes: int
    cpu_seconds: int

    @classmethod
    def of_file(cls, num_bytes: int, is_parquet: bool = False) -> ReaderLimits:
        """Limits for a file of so many bytes.

        A sheet of a workbook is held in memory whole, at up to 40 times the file's compressed size; of a Parquet file
        only a group of rows is, compressed. Half a gibibyte and 20 seconds are always allowed, since small files
        differ more.
        """
        free = 512 * _MEBIBYTE
        return cls(
            memory_bytes=free + 2 * num_bytes if is_parquet else max(free, 40 * num_bytes),
            cpu_seconds=20 + num_bytes // _MEBIBYTE,
        )

    @property
    def wait_seconds(self) -> float:
        """How long a caller waits for the processor time to be used up: the machine may be shared."""
        return float(_CORES_WAITED * self.cpu_seconds)

    def describe_death(self, status: int) -> str:
        """Why a process ended that exceeded its limits or crashed, in words.

        Args:
            status: Its exit status as `subprocess` gives it; negative for a signal.
        """
        if status == -signal.SIGXCPU:
            return f"reading it took more than {self.cpu_seconds:,} seconds of processor time"
        if status in {-signal.SIGABRT, -signal.SIGKILL}:
            return f"{self.describe_memory()}, or its content crashed the reader"
        if status >= 0:
            return f"its reader ended with status {status}; the machine may lack memory"
        return f"its content crashed the reader ({signal.Signals(-status).name})"

    def describe_memory(self) -> str:
        """That the memory was not enough, in words."""
        return f"reading it needed more than {self.memory_bytes // _MEBIBYTE:,} MiB of memory"


def confine_process(parent: int) -> None:
    """Tie this process to its parent's life and take away what a reader does not need: files to write, core dumps.

    Raises:
        SystemExit: The parent has ended already.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def limit_memory(num_bytes: int) -> None:
    """Allow so many bytes beyond the private memory that this process has now."""
    _lower(resource.RLIMIT_DATA, _private_bytes() + num_bytes)


def limit_cpu(seconds: int) -> None:
    """Allow so many more seconds of processor time; then the process is killed."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + seconds + 1)


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _private_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")

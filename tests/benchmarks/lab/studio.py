"""The running studio, with its processor time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.browser.running import running_studio


@dataclass(frozen=True)
class Studio:
    """A studio that answers.

    Attributes:
        url: where.
        process: the web process, without the supervisor and its trainers.
    """

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Processor time of the web process since its start, of all its threads."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Resident memory of the web process in bytes."""
        return int(self.process.memory_info().rss)


@contextmanager
def open_studio(home: Path) -> Iterator[Studio]:
    """The studio on a free port with the workspace ``home``."""
    with running_studio(home) as studio:
        yield Studio(studio.url, psutil.Process(studio.pid))

"""The real studio as a process of its own: started, asked for its processor time and memory, ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 120


@dataclass(frozen=True)
class Studio:
    """A studio that answers.

    Attributes:
        port: of this machine.
        process: the web process, without the supervisor and its trainers.
    """

    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Processor time of the web process since its start, of all its threads."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Resident memory of the web process in bytes."""
        return int(self.process.memory_info().rss)


@contextmanager
def open_studio(home: Path) -> Iterator[Studio]:
    """``streamlit run app.py`` on a free port with the workspace ``home``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["streamlit", "run", "app.py", "--server.headless", "true", "--server.port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RISKMODEL_", "STREAMLIT_"))}
    log = home.parent / "studio.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env={**kept, "RISKMODEL_HOME": str(home)},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/_stcore/health", log)
            yield Studio(port, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_until_it_answers(url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    sys.exit(f"The studio did not answer within {START_SECONDS} s:\n{log.read_text()}")

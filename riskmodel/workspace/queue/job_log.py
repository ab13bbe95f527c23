"""The log of a run or search: a readable text file with one event per line."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage.files import PRIVATE_FILE, disk_errors

EVENTS_FILE = "events.log"

MAX_BYTES = 64_000
"""Maximum size, so that no training can fill a disk or a page."""

_MAX_CHARACTERS = 1_000
_FULL = "The log is full; further events are not recorded."


@dataclass(frozen=True)
class LogLine:
    """One event.

    Attributes:
        number: 1-based.
        at: time (UTC).
        text: one or two sentences.
    """

    number: int
    at: datetime
    text: str


class JobLog:
    """A log file of timestamped lines; several processes may write to it.

    Args:
        path: the file, created with the first line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, text: str) -> None:
        """Append a line; ignored if the log is full or its folder was deleted."""
        text = " ".join(text.split())
        text = text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]} …"
        with disk_errors(f"Writing {self._path.name}"):
            try:
                file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, PRIVATE_FILE)
            except FileNotFoundError:  # the job was deleted
                return
            try:
                size = os.fstat(file).st_size
                if size > MAX_BYTES:
                    return
                line = _line(text)
                if size + len(line) > MAX_BYTES:
                    line += _line(_FULL)  # exceeds the limit, so that it is written once
                os.write(file, line)  # one write call, so that lines of two processes do not mix
            finally:
                os.close(file)

    def read(self, after: int = 0) -> list[LogLine]:
        """The lines after line ``after`` (1-based), in order; empty without a log.

        A damaged line gets the time of the line before it.

        Raises:
            WorkspaceError: the file cannot be read.
        """
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
            last = self._path.stat().st_mtime
        except FileNotFoundError:
            return []
        except OSError as error:
            raise WorkspaceError(f"The log {self._path} cannot be read: {error.strerror}. Remove it.") from error
        lines: list[LogLine] = []
        for number, line in enumerate((entry for entry in text.split("\n") if entry.strip()), start=1):
            at, _, text = line.strip().partition(" ")
            time_of = _time(at)
            if time_of is None:
                time_of, text = (
                    lines[-1].at if lines else datetime.fromtimestamp(last, UTC),
                    f"(damaged) {line.strip()}",
                )
            lines.append(LogLine(number, time_of, text))
        return lines[after:]


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo is None else found


def _line(text: str) -> bytes:
    at = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
    return f"{at} {text}\n".encode()

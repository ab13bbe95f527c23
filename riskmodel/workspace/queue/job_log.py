"""The log of a run or search: what was done with it, line by line, in a file that a person can read too."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage.files import PRIVATE_FILE, disk_errors

EVENTS_FILE = "events.log"

MOST_BYTES = 64_000
"""A longer log is not written on, so that no training, however odd, fills a disk or a page."""

_MOST_LETTERS = 400
_FULL = "The log is full; what happens from here on is not written down."


@dataclass(frozen=True)
class LogLine:
    """One event.

    Attributes:
        number: 1-based.
        at: when (UTC).
        text: what happened, one or two sentences.
    """

    number: int
    at: datetime
    text: str


class JobLog:
    """A file of lines, each with its time; several processes may write to it.

    Args:
        path: where it is, or will be with its first line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, text: str) -> None:
        """Write a line down; a log that is full, or whose folder has gone, is left as it is."""
        words = " ".join(text.split())
        words = words if len(words) <= _MOST_LETTERS else f"{words[:_MOST_LETTERS]} …"
        with disk_errors(f"Writing {self._path.name}"):
            try:
                file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, PRIVATE_FILE)
            except FileNotFoundError:  # the job was deleted meanwhile
                return
            try:
                size = os.fstat(file).st_size
                if size > MOST_BYTES:
                    return
                line = _line(words)
                if size + len(line) > MOST_BYTES:
                    line += _line(_FULL)  # beyond the limit now, so that it is said once
                os.write(file, line)  # in one piece, so that lines of two processes do not mix
            finally:
                os.close(file)

    def read(self, after: int = 0) -> list[LogLine]:
        """The lines that come after line ``after`` (1-based), in order; none where nothing was written.

        A line that a crash has damaged has the time of the line before it.

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
        for number, line in enumerate((each for each in text.split("\n") if each.strip()), start=1):
            at, _, words = line.strip().partition(" ")
            time_of = _time(at)
            if time_of is None:
                time_of, words = (
                    lines[-1].at if lines else datetime.fromtimestamp(last, UTC),
                    f"(damaged) {line.strip()}",
                )
            lines.append(LogLine(number, time_of, words))
        return lines[after:]


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo is None else found


def _line(words: str) -> bytes:
    at = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
    return f"{at} {words}\n".encode()

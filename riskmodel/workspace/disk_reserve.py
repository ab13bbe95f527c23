"""A little room on the disk, kept so that a full disk can still be recorded."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from riskmodel.workspace.files import disk_is_full, write_file

RESERVE_FILE = ".reserve"
RESERVE_BYTES = 1 << 20
"""Room for the reasons of hundreds of runs, and for the pages of a database that they are written to."""

_MIN_FREE_BYTES = 64 * RESERVE_BYTES


class DiskReserve:
    """A file of random bytes, which a file system cannot compress, that is deleted when the disk is full.

    Args:
        home: the workspace's folder.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / RESERVE_FILE

    @property
    def is_disk_full(self) -> bool:
        """Whether there is no more space than what was released leaves."""
        return disk_is_full(self._path.parent)

    def hold(self) -> None:
        """Write the file unless it is there, where the disk has room to spare."""
        with suppress(OSError):
            if not self._path.exists() and shutil.disk_usage(self._path.parent).free > _MIN_FREE_BYTES:
                write_file(self._path, lambda stream: stream.write(os.urandom(RESERVE_BYTES)))

    def release(self) -> None:
        """Delete the file, so that something can be written again."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

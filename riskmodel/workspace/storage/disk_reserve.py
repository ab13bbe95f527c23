"""A little room on the disk, kept so that on a full disk things can be deleted and failures recorded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from riskmodel.errors import DiskFullError, WorkspaceError
from riskmodel.workspace.storage.files import disk_is_full, write_file

RESERVE_FILE = ".reserve"
RESERVE_BYTES = 1 << 20
"""Room for the reasons of hundreds of runs, and for the pages of a database that they are written to."""

_MIN_RESERVE_BYTES = 1 << 16
_FREE_SHARE = 4  # the reserve takes at most this part of the free space: 1/4

Result = TypeVar("Result")


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
        """Write the file unless it is there: smaller on a small disk, and not at all on a full one."""
        with suppress(OSError, WorkspaceError):
            held = self._path.stat().st_size if self._path.exists() else 0
            wanted = min(RESERVE_BYTES, (shutil.disk_usage(self._path.parent).free + held) // _FREE_SHARE)
            grows = held < wanted // 2 or held < wanted == RESERVE_BYTES
            if grows and wanted >= _MIN_RESERVE_BYTES:
                write_file(self._path, lambda stream: stream.write(os.urandom(wanted)))

    def spend(self, action: Callable[[], Result]) -> Result:
        """Do something that must succeed on a full disk: the file is deleted if there is no other space.

        Args:
            action: does it; called again if the disk was full.

        Raises:
            DiskFullError: what the file left was too little as well.
        """
        try:
            return action()
        except DiskFullError:
            self.release()
            return action()

    def release(self) -> None:
        """Delete the file, so that something can be written again."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

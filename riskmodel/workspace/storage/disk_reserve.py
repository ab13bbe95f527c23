"""Reserved disk space for deletions and failure records on a full disk."""

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
"""Space for the messages of hundreds of runs and their database pages."""

_MIN_RESERVE_BYTES = 1 << 16
_FREE_SHARE = 4  # the reserve takes at most 1/4 of the free space

Result = TypeVar("Result")


class DiskReserve:
    """A file of incompressible random bytes that is deleted when the disk is full.

    Args:
        home: the workspace's folder.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / RESERVE_FILE

    @property
    def is_disk_full(self) -> bool:
        """Whether the free space is at most the released reserve."""
        return disk_is_full(self._path.parent)

    def hold(self) -> None:
        """Write the file unless it exists: smaller on a small disk, not at all on a full one."""
        with suppress(OSError, WorkspaceError):
            held = self._path.stat().st_size if self._path.exists() else 0
            wanted = min(RESERVE_BYTES, (shutil.disk_usage(self._path.parent).free + held) // _FREE_SHARE)
            grows = held < wanted // 2 or held < wanted == RESERVE_BYTES
            if grows and wanted >= _MIN_RESERVE_BYTES:
                write_file(self._path, lambda stream: stream.write(os.urandom(wanted)))

    def spend(self, action: Callable[[], Result]) -> Result:
        """Run an action that must succeed on a full disk; deletes the file if needed.

        Args:
            action: the action; retried if the disk was full.

        Raises:
            DiskFullError: the reserve was too small.
        """
        try:
            return action()
        except DiskFullError:
            self.release()
            return action()

    def release(self) -> None:
        """Delete the file to free its space."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

"""Atomic additions: a file and its database row are added together or not at all, even after a crash.

The file gets its final name just before the row is committed. A marker, a locked file next to it, exists from before
the rename until after the commit. A marker without a lock means an interrupted addition; the file is removed unless the
database has its row.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.deletion.deletions import remove_unrecorded
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.files import disk_errors, is_owned, sync
from riskmodel.workspace.storage.leftovers import SETTLE_SECONDS, age_of

_MARK = re.compile(r"\.adding-([0-9a-f]{16})\.[a-z0-9_]{8}")


class Additions:
    """Atomic additions of one kind.

    Args:
        database: of the workspace.
        folder: of the kind, in the workspace's folder.
        kind: what is added.
    """

    def __init__(self, database: Database, folder: Path, kind: Literal["source", "dataset"]) -> None:
        self._database, self._folder, self._kind = database, folder, kind

    @contextmanager
    def adding(self, new_id: str) -> Iterator[sa.Connection]:
        """A connection for writing the row of ``new_id``; move its file into place within this context.

        Both are kept on exit; on an error neither is, unless the row already existed.

        Raises:
            WorkspaceError: disk full or no permission, or the database is unavailable.
        """
        with disk_errors("Adding a file", self._folder):
            descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=f".adding-{new_id}.")
        mark = Path(name)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            sync(self._folder)
            added = False
            try:
                with self._database.writing() as connection:
                    yield connection
                added = True
                mark.unlink(missing_ok=True)
            finally:
                if not added:
                    with suppress(WorkspaceError, OSError):  # on failure the marker stays for a later retry
                        self._settle(mark)
        finally:
            os.close(descriptor)

    def remove_leftovers(self) -> list[Path]:
        """Remove the remains of interrupted additions; returns their markers.

        Raises:
            WorkspaceError: the database is unavailable.
        """
        left = [path for path in self._folder.glob(".adding-*") if age_of(path) > SETTLE_SECONDS and not is_owned(path)]
        for mark in left:
            self._settle(mark)
        return left

    def _settle(self, mark: Path) -> None:
        found = _MARK.fullmatch(mark.name)
        if found is not None:
            same = self._folder.glob(f".adding-{found[1]}.*")
            if not any(other != mark and is_owned(other) for other in same):  # handled by that addition
                with self._database.writing() as connection:
                    remove_unrecorded(connection, self._folder.parent, self._kind, found[1])
        mark.unlink(missing_ok=True)

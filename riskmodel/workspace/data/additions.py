"""Additions: a file is put into its place together with its row, both or none, whatever a crash cuts short.

The file takes its name just before the row is committed. A mark, a locked file next to it, is there from before the one
until after the other. A mark that no process holds shows that the addition did not end; the file is removed unless the
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
from riskmodel.workspace.queue.deletion import remove_unrecorded
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.files import disk_errors, is_owned, sync
from riskmodel.workspace.storage.leftovers import SETTLE_SECONDS, age_of

_MARK = re.compile(r"\.adding-([0-9a-f]{16})\.[a-z0-9_]{8}")


class Additions:
    """The additions of one kind.

    Args:
        database: of the workspace.
        folder: of the kind, in the workspace's folder.
        kind: what is added.
    """

    def __init__(self, database: Database, folder: Path, kind: Literal["source", "dataset"]) -> None:
        self._database, self._folder, self._kind = database, folder, kind

    @contextmanager
    def adding(self, new_id: str) -> Iterator[sa.Connection]:
        """A connection to write the row of ``new_id`` with, and the time to put its file in its place.

        Both are kept on leaving; on an error neither is, unless the database had the row before.

        Raises:
            WorkspaceError: the disk or the database refuses.
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
                    with suppress(WorkspaceError, OSError):  # else the mark stays, and the next worker tries again
                        self._settle(mark)
        finally:
            os.close(descriptor)

    def remove_leftovers(self) -> list[Path]:
        """Remove what additions that a crash has cut short have left; the marks of those.

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
            if not any(each != mark and is_owned(each) for each in same):  # that addition settles it
                with self._database.writing() as connection:
                    remove_unrecorded(connection, self._folder.parent, self._kind, found[1])
        mark.unlink(missing_ok=True)

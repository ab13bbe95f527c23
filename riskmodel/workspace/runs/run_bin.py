"""The bin of deleted runs."""

from __future__ import annotations

import time
from collections.abc import Sequence

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.deletion.deletions import record_deleted
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.runs.run_catalog import lock_runs
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.identity import count_use

DAYS_IN_BIN = 30.0
"""Days for which a deleted run can be restored."""


class RunBin:
    """Deletion of runs: deleted ones can be restored for `DAYS_IN_BIN` days.

    An operation on several runs applies to all of them or, on an error, to none.

    Args:
        jobs: the runs.
    """

    def __init__(self, jobs: JobTable[RunRecord]) -> None:
        self._jobs = jobs

    def delete(self, *run_ids: str) -> None:
        """Move ended runs to the bin; `restore` reverts this.

        Raises:
            WorkspaceError: one is live, or an id is unknown.
        """
        self._jobs.reserve.spend(lambda: self._move(run_ids, time.time(), ended="deleted"))

    def restore(self, *run_ids: str) -> None:
        """Restore deleted runs from the bin.

        Raises:
            WorkspaceError: an id is unknown or was removed.
        """
        self._move(run_ids, None)

    def remove(self, *run_ids: str) -> None:
        """Permanently remove deleted runs with their models and files; files scored with them stay.

        Raises:
            WorkspaceError: one is not deleted, or an id is unknown.
        """

        def delete_rows() -> None:
            with self._jobs.database.writing() as connection:
                for row in lock_runs(self._jobs, connection, run_ids):
                    if row.deleted_at is None:
                        raise WorkspaceError(f"{row.id} ({row.name}) is not a deleted run. Delete it first.")
                connection.execute(sa.delete(db.runs).where(db.runs.c.id.in_(run_ids)))
                record_deleted(connection, "run", run_ids)

        self._jobs.reserve.spend(delete_rows)
        self._jobs.remove_folders(run_ids)

    def purge(self, older_than_days: float = DAYS_IN_BIN, *, by_use: bool = False) -> list[str]:
        """Permanently remove runs deleted at least ``older_than_days`` ago; returns their ids.

        Args:
            older_than_days: by the clock.
            by_use: whether the workspace must also have been in use for that time, which a wrong clock cannot
                simulate: of the time between two uses at most a day counts.
        """
        days = older_than_days * 86_400
        old = sa.delete(db.runs).where(db.runs.c.deleted_at <= time.time() - days).returning(db.runs.c.id)

        def delete_rows() -> list[str]:
            with self._jobs.database.writing() as connection:
                used = (db.runs.c.deleted_in_use <= count_use(connection) - days,) if by_use else ()
                gone = list(connection.scalars(old.where(*used)))
                record_deleted(connection, "run", gone)
                return gone

        # The reserve is not spent if only the time in use is updated.
        gone = delete_rows() if by_use else self._jobs.reserve.spend(delete_rows)
        if gone:
            self._jobs.remove_folders(gone)
        return gone

    def _move(self, run_ids: Sequence[str], deleted_at: float | None, ended: str = "") -> None:
        """Move runs into the bin, except those already in it, or without a time out of it."""
        moved = sa.update(db.runs).where(db.runs.c.id.in_(run_ids))
        if deleted_at is not None:
            moved = moved.where(db.runs.c.deleted_at.is_(None))
        with self._jobs.database.writing() as connection:
            lock_runs(self._jobs, connection, run_ids, ended)
            connection.execute(moved.values(deleted_at=deleted_at, deleted_in_use=count_use(connection)))

"""The run catalog: tags, notes and archive of runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.queue.job_catalog import JobCatalog
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.runs.run_kind import RUN
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.tags import clean_tags, write_tags
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.tables import LIVE_STATES

MAX_NOTES_CHARACTERS = 10_000


class RunCatalog:
    """Management of existing runs. Safe for several processes.

    Archived runs are hidden from lists. An operation on several runs applies to all of them or, on an error, to none.

    Args:
        jobs: the runs.
        catalog: of the same jobs.
    """

    def __init__(self, jobs: JobTable[RunRecord], catalog: JobCatalog[RunRecord]) -> None:
        self._jobs = jobs
        self._catalog = catalog

    def set_tags(self, run_id: str, tags: Sequence[str]) -> RunRecord:
        """Replace the tags of a run.

        Raises:
            WorkspaceError: a tag is too long, or the id is unknown.
        """
        return self._catalog.write(run_id, tags=write_tags(clean_tags(tags)))

    def set_notes(self, run_id: str, remarks: str) -> RunRecord:
        """Replace the analyst's notes on a run; empty removes them.

        Raises:
            WorkspaceError: they are too long, or the id is unknown.
        """
        words = remarks.strip()
        if len(words) > MAX_NOTES_CHARACTERS:
            raise WorkspaceError(
                f"The notes on {run_id} have {len(words):,} characters; at most {MAX_NOTES_CHARACTERS:,} are kept. "
                "Shorten them."
            )
        return self._catalog.write(run_id, remarks=words)

    def change_tags(self, *run_ids: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Add tags to several runs and remove others; further tags stay.

        Raises:
            WorkspaceError: a tag is too long, or an id is unknown.
        """
        added, removed = clean_tags(add), {tag.casefold() for tag in remove}
        with self._jobs.database.writing() as connection:
            for row in lock_runs(self._jobs, connection, run_ids):
                kept = [tag for tag in json.loads(row.tags) if tag.casefold() not in removed]
                values = {"tags": write_tags(clean_tags([*kept, *added]))}
                connection.execute(sa.update(db.runs).where(db.runs.c.id == row.id).values(values))

    def archive(self, *run_ids: str) -> None:
        """Archive ended runs: lists exclude them by default.

        Raises:
            WorkspaceError: one is live, or an id is unknown.
        """
        self._archive(run_ids, archived=True, ended="archived")

    def unarchive(self, *run_ids: str) -> None:
        """Restore archived runs to the lists.

        Raises:
            WorkspaceError: an id is unknown.
        """
        self._archive(run_ids, archived=False)

    def _archive(self, run_ids: Sequence[str], *, archived: bool, ended: str = "") -> None:
        with self._jobs.database.writing() as connection:
            lock_runs(self._jobs, connection, run_ids, ended)
            connection.execute(sa.update(db.runs).where(db.runs.c.id.in_(run_ids)).values(archived=archived))


def lock_runs(
    jobs: JobTable[RunRecord], connection: sa.Connection, run_ids: Sequence[str], ended: str = ""
) -> list[sa.Row[Any]]:
    """Rows of these runs, locked against other processes until the transaction ends.

    Args:
        jobs: the runs.
        connection: for writing.
        run_ids: of the rows.
        ended: Name of the operation if it requires ended runs.

    Raises:
        WorkspaceError: one is live although ended runs are required, or an id is unknown.
    """
    ids = [RUN.check_id(run_id) for run_id in run_ids]
    columns = (db.runs.c[name] for name in ("id", "name", "state", "tags", "deleted_at"))
    # A write without changes: only a write takes the lock, and a read before it could be outdated.
    same = sa.update(db.runs).where(db.runs.c.id.in_(ids)).values(tags=db.runs.c.tags).returning(*columns)
    rows = connection.execute(same).all()
    unknown = set(ids) - {row.id for row in rows}
    if unknown:
        raise jobs.unknown(min(unknown))
    for row in rows:
        if ended and row.state in LIVE_STATES:
            raise WorkspaceError(
                f"{row.id} ({row.name}) is {row.state}; only an ended run can be {ended}. Stop it first."
            )
    return list(rows)

"""The run catalog: names, tags, notes, archive and bin of runs."""

from __future__ import annotations

import builtins
import json
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.queue.deletion import record_deleted
from riskmodel.workspace.queue.job_work import LIVE_STATES, places_of_waiting
from riskmodel.workspace.runs.run_record import RunRecord, RunState
from riskmodel.workspace.runs.run_work import RunWork
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.identity import count_use

DAYS_IN_BIN = 30.0
"""Days for which a deleted run can be restored."""

LONGEST_TAG = 50
LONGEST_REMARKS = 10_000


class RunCatalog(RunWork):
    """Management of existing runs. Safe for several processes.

    Archived runs are hidden from lists. Deleted runs are in the bin, from which they can be restored for
    `DAYS_IN_BIN` days. An operation on several runs applies to all of them or, on an error, to none.
    """

    def list(
        self,
        limit: int = 100,
        *,
        archived: bool | None = False,
        deleted: bool = False,
        dataset_id: str | None = None,
        states: Sequence[RunState] = (),
        tags: Sequence[str] = (),
        text: str = "",
    ) -> builtins.list[RunRecord]:
        """The newest runs, newest first; those whose supervisor died are marked as failed.

        Args:
            archived: True: only archived runs, False: only others, None: both.
            deleted: runs in the bin instead of the others.
            dataset_id: only runs of this dataset.
            states: only runs in one of these; empty: all.
            tags: only runs with all of these, ignoring case.
            text: only runs with all its words in name, tags or notes, ignoring case.
        """
        self.fail_orphans()
        table = db.runs
        wanted = sa.select(table).where(table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None))
        if archived is not None and not deleted:
            wanted = wanted.where(table.c.archived.is_(archived))
        if dataset_id is not None:
            wanted = wanted.where(table.c.dataset_id == dataset_id)
        if states:
            wanted = wanted.where(table.c.state.in_(states))
        newest = wanted.order_by(table.c.created_at.desc(), table.c.id.desc())
        words, marks = text.casefold().split(), {tag.casefold() for tag in clean_tags(tags)}
        with self._database.reading() as connection:
            if not words and not marks:
                rows = builtins.list(connection.execute(newest.limit(limit)))
            else:  # filtered here: SQLite compares Ä and ä as different letters
                rows = [row for row in connection.execute(newest) if _has(row, words, marks)][:limit]
            places = places_of_waiting(connection)
        return [self._read(row, places.get(row.id)) for row in rows]

    def set_tags(self, run_id: str, tags: Sequence[str]) -> RunRecord:
        """Replace the tags of a run.

        Raises:
            WorkspaceError: a tag is too long, or the id is unknown.
        """
        return self._write(run_id, tags=_as_json(clean_tags(tags)))

    def set_remarks(self, run_id: str, remarks: str) -> RunRecord:
        """Replace the analyst's notes on a run; empty removes them.

        Raises:
            WorkspaceError: they are too long, or the id is unknown.
        """
        words = remarks.strip()
        if len(words) > LONGEST_REMARKS:
            raise WorkspaceError(
                f"The notes on {run_id} have {len(words):,} characters; at most {LONGEST_REMARKS:,} are kept. "
                "Shorten them."
            )
        return self._write(run_id, remarks=words)

    def change_tags(self, *run_ids: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Add tags to several runs and remove others; further tags stay.

        Raises:
            WorkspaceError: a tag is too long, or an id is unknown.
        """
        added, removed = clean_tags(add), {tag.casefold() for tag in remove}
        with self._database.writing() as connection:
            for row in self._locked(connection, run_ids):
                kept = [tag for tag in json.loads(row.tags) if tag.casefold() not in removed]
                values = {"tags": _as_json(clean_tags([*kept, *added]))}
                connection.execute(sa.update(db.runs).where(db.runs.c.id == row.id).values(values))

    def archive(self, *run_ids: str) -> None:
        """Archive ended runs: lists exclude them by default.

        Raises:
            WorkspaceError: one is live, or an id is unknown.
        """
        self._change(run_ids, "archived", archived=True)

    def unarchive(self, *run_ids: str) -> None:
        """Restore archived runs to the lists.

        Raises:
            WorkspaceError: an id is unknown.
        """
        self._change(run_ids, None, archived=False)

    def delete(self, *run_ids: str) -> None:
        """Move ended runs to the bin; `restore` reverts this.

        Raises:
            WorkspaceError: one is live, or an id is unknown.
        """
        only = db.runs.c.deleted_at.is_(None)
        self._reserve.spend(lambda: self._change(run_ids, "deleted", only, deleted_at=time.time()))

    def restore(self, *run_ids: str) -> None:
        """Restore deleted runs from the bin.

        Raises:
            WorkspaceError: an id is unknown or was removed.
        """
        self._change(run_ids, None, deleted_at=None)

    def remove(self, *run_ids: str) -> None:
        """Permanently remove deleted runs with their models and files; files scored with them stay.

        Raises:
            WorkspaceError: one is not deleted, or an id is unknown.
        """

        def delete_rows() -> None:
            with self._database.writing() as connection:
                for row in self._locked(connection, run_ids):
                    if row.deleted_at is None:
                        raise WorkspaceError(f"{row.id} ({row.name}) is not in the bin. Delete it first.")
                connection.execute(sa.delete(db.runs).where(db.runs.c.id.in_(run_ids)))
                record_deleted(connection, "run", run_ids)

        self._reserve.spend(delete_rows)
        self._remove_folders(run_ids)

    def empty_bin(self, older_than_days: float = DAYS_IN_BIN, *, by_use: bool = False) -> builtins.list[str]:
        """Permanently remove runs deleted at least ``older_than_days`` ago; returns their ids.

        Args:
            older_than_days: by the clock.
            by_use: whether the workspace must also have been in use for that time, which a wrong clock cannot
                simulate: of the time between two uses at most a day counts.
        """
        days = older_than_days * 86_400
        old = sa.delete(db.runs).where(db.runs.c.deleted_at <= time.time() - days).returning(db.runs.c.id)

        def delete_rows() -> builtins.list[str]:
            with self._database.writing() as connection:
                used = (db.runs.c.deleted_in_use <= count_use(connection) - days,) if by_use else ()
                gone = builtins.list(connection.scalars(old.where(*used)))
                record_deleted(connection, "run", gone)
                return gone

        gone = delete_rows() if by_use else self._reserve.spend(delete_rows)  # not for updating the time in use only
        if gone:
            self._remove_folders(gone)
        return gone

    def _write(self, run_id: str, **values: object) -> RunRecord:
        with self._database.writing() as connection:
            connection.execute(sa.update(db.runs).where(self._is(run_id)).values(**values))
        return self.get(run_id)

    def _change(
        self, run_ids: Sequence[str], ended: str | None, only: sa.ColumnElement[bool] | None = None, **values: object
    ) -> None:
        """Write the same values to several runs.

        Args:
            ended: Name of the operation if it requires ended runs.
            only: Condition on the runs to write.
        """
        change = sa.update(db.runs).where(db.runs.c.id.in_(run_ids))
        if only is not None:
            change = change.where(only)
        with self._database.writing() as connection:
            for row in self._locked(connection, run_ids):
                if ended and row.state in LIVE_STATES:
                    raise WorkspaceError(
                        f"{row.id} ({row.name}) is {row.state}; only an ended run can be {ended}. Stop it first."
                    )
            if "deleted_at" in values:
                values["deleted_in_use"] = count_use(connection)
            connection.execute(change.values(**values))

    def _locked(self, connection: sa.Connection, run_ids: Sequence[str]) -> builtins.list[sa.Row[Any]]:
        """Rows of these runs, locked against other processes until the transaction ends."""
        ids = [self._checked(run_id) for run_id in run_ids]
        columns = (db.runs.c[name] for name in ("id", "name", "state", "tags", "deleted_at"))
        # A write without changes: only a write takes the lock, and a read before it could be outdated.
        same = sa.update(db.runs).where(db.runs.c.id.in_(ids)).values(tags=db.runs.c.tags).returning(*columns)
        rows = connection.execute(same).all()
        unknown = set(ids) - {row.id for row in rows}
        if unknown:
            raise self._unknown(min(unknown))
        return builtins.list(rows)


def clean_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags with normalized whitespace, unique ignoring case, in order.

    Raises:
        WorkspaceError: one is longer than `LONGEST_TAG`.

    Example:
        >>> clean_tags([" champion ", "Q3  model", "Champion", ""])
        ('champion', 'Q3 model')
    """
    found: dict[str, str] = {}
    for tag in tags:
        words = " ".join(tag.split())
        if len(words) > LONGEST_TAG:
            raise WorkspaceError(
                f"A tag has at most {LONGEST_TAG} characters; {words[:20]!r}… has {len(words)}. Put it into the notes."
            )
        if words:
            found.setdefault(words.casefold(), words)
    return tuple(found.values())


def _as_json(tags: Sequence[str]) -> str:
    return json.dumps(builtins.list(tags), ensure_ascii=False)


def _has(row: sa.Row[Any], words: Sequence[str], marks: set[str]) -> bool:
    tags = [tag.casefold() for tag in json.loads(row.tags)]
    searched = "\n".join([row.name.casefold(), *tags, row.remarks.casefold()])
    return marks <= set(tags) and all(word in searched for word in words)

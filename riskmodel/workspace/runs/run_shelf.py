"""The runs as a shelf: named, tagged, remarked on, archived, deleted and brought back."""

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
"""How long a deleted run can be brought back."""

LONGEST_TAG = 50
LONGEST_REMARKS = 10_000


class RunShelf(RunWork):
    """What an analyst does with runs once they are there. Several processes may do so at once.

    An archived run is out of the way, a deleted one in the bin, from which it can be brought back until it has lain
    there for `DAYS_IN_BIN`. What is done to several runs is done to all of them or, on an error, to none.
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
            archived: only archived ones, or only others; None takes both.
            deleted: those in the bin, archived or not, instead of the others.
            dataset_id: only those that learned from it.
            states: only those in one of these; empty takes all.
            tags: only those that have every one of these, upper or lower case.
            text: only those with every one of its words in name, tags or remarks, likewise.
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
            else:  # not in the database's language: SQLite takes Ä and ä for different letters
                rows = [row for row in connection.execute(newest) if _has(row, words, marks)][:limit]
            places = places_of_waiting(connection)
        return [self._read(row, places.get(row.id)) for row in rows]

    def set_tags(self, run_id: str, tags: Sequence[str]) -> RunRecord:
        """Give a run these tags in place of those it has.

        Raises:
            WorkspaceError: a tag is too long, or the id is not one of ours.
        """
        return self._write(run_id, tags=_as_json(clean_tags(tags)))

    def set_remarks(self, run_id: str, remarks: str) -> RunRecord:
        """Keep the analyst's words on a run in place of those there were; empty removes them.

        Raises:
            WorkspaceError: they are too long, or the id is not one of ours.
        """
        words = remarks.strip()
        if len(words) > LONGEST_REMARKS:
            raise WorkspaceError(
                f"The notes on {run_id} have {len(words):,} characters; at most {LONGEST_REMARKS:,} are kept. "
                "Shorten them."
            )
        return self._write(run_id, remarks=words)

    def change_tags(self, *run_ids: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Give tags to several runs and take others from them; their further tags stay.

        Raises:
            WorkspaceError: a tag is too long, or an id is not one of ours.
        """
        added, removed = clean_tags(add), {tag.casefold() for tag in remove}
        with self._database.writing() as connection:
            for row in self._locked(connection, run_ids):
                kept = [tag for tag in json.loads(row.tags) if tag.casefold() not in removed]
                values = {"tags": _as_json(clean_tags([*kept, *added]))}
                connection.execute(sa.update(db.runs).where(db.runs.c.id == row.id).values(values))

    def archive(self, *run_ids: str) -> None:
        """Put runs that have ended out of the way: lists leave them out unless asked.

        Raises:
            WorkspaceError: one is live, or an id is not one of ours.
        """
        self._change(run_ids, "archived", archived=True)

    def unarchive(self, *run_ids: str) -> None:
        """Bring archived runs back into the lists.

        Raises:
            WorkspaceError: an id is not one of ours.
        """
        self._change(run_ids, None, archived=False)

    def delete(self, *run_ids: str) -> None:
        """Put runs that have ended into the bin, from which `restore` brings them back as they were.

        Raises:
            WorkspaceError: one is live, or an id is not one of ours.
        """
        only = db.runs.c.deleted_at.is_(None)
        self._reserve.spend(lambda: self._change(run_ids, "deleted", only, deleted_at=time.time()))

    def restore(self, *run_ids: str) -> None:
        """Bring deleted runs back as they were.

        Raises:
            WorkspaceError: an id is not one of ours, or no longer.
        """
        self._change(run_ids, None, deleted_at=None)

    def remove(self, *run_ids: str) -> None:
        """Remove deleted runs for good, with their models and files; files scored with them stay.

        Raises:
            WorkspaceError: one is not deleted, or an id is not one of ours.
        """

        def delete_rows() -> None:
            with self._database.writing() as connection:
                for row in self._locked(connection, run_ids):
                    if row.deleted_at is None:
                        raise WorkspaceError(f"{row.id} ({row.name}) is not deleted, so it stays. Delete it first.")
                connection.execute(sa.delete(db.runs).where(db.runs.c.id.in_(run_ids)))
                record_deleted(connection, "run", run_ids)

        self._reserve.spend(delete_rows)
        self._remove_folders(run_ids)

    def empty_bin(self, older_than_days: float = DAYS_IN_BIN, *, by_use: bool = False) -> builtins.list[str]:
        """Remove for good what was deleted so many days ago or earlier; the ids of what was removed.

        Args:
            older_than_days: by the clock.
            by_use: whether the workspace must have been in use for so long since, too, which a wrong clock cannot
                feign: of the time between two uses at most a day counts.
        """
        days = older_than_days * 86_400
        old = sa.delete(db.runs).where(db.runs.c.deleted_at <= time.time() - days).returning(db.runs.c.id)

        def delete_rows() -> builtins.list[str]:
            with self._database.writing() as connection:
                used = (db.runs.c.deleted_in_use <= count_use(connection) - days,) if by_use else ()
                gone = builtins.list(connection.scalars(old.where(*used)))
                record_deleted(connection, "run", gone)
                return gone

        gone = delete_rows() if by_use else self._reserve.spend(delete_rows)  # not for counting use alone
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
        """Write the same to several runs.

        Args:
            ended: What is done to them, where it can only be done to runs that have ended.
            only: Which of them are to be written to.
        """
        change = sa.update(db.runs).where(db.runs.c.id.in_(run_ids))
        if only is not None:
            change = change.where(only)
        with self._database.writing() as connection:
            for row in self._locked(connection, run_ids):
                if ended and row.state in LIVE_STATES:
                    raise WorkspaceError(
                        f"{row.id} ({row.name}) is {row.state}; only a run that has ended can be {ended}. "
                        "Stop it first."
                    )
            if "deleted_at" in values:
                values["deleted_in_use"] = count_use(connection)
            connection.execute(change.values(**values))

    def _locked(self, connection: sa.Connection, run_ids: Sequence[str]) -> builtins.list[sa.Row[Any]]:
        """Rows of these runs, which no other process changes before the connection's changes are kept."""
        ids = [self._checked(run_id) for run_id in run_ids]
        columns = (db.runs.c[name] for name in ("id", "name", "state", "tags", "deleted_at"))
        # Written as they are: only a write takes the lock, and reading before it could read what is then overwritten.
        same = sa.update(db.runs).where(db.runs.c.id.in_(ids)).values(tags=db.runs.c.tags).returning(*columns)
        rows = connection.execute(same).all()
        unknown = set(ids) - {row.id for row in rows}
        if unknown:
            raise self._unknown(min(unknown))
        return builtins.list(rows)


def clean_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags without superfluous blanks, each once whatever its upper and lower case, in their order.

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
    said = "\n".join([row.name.casefold(), *tags, row.remarks.casefold()])
    return marks <= set(tags) and all(word in said for word in words)

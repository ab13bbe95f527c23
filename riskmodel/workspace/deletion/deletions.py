"""Permanent deletion: items with their dependents, rows and files, completed even after a crash.

The order is rows, then files. One transaction deletes the rows and records each deleted item in the table
``deletions``; only then are files removed. A crash before the transaction leaves everything; a crash after it leaves
files that `Deletions.finish` removes at the next opening of the workspace.
"""

from __future__ import annotations

import os
import shutil
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from riskmodel.errors import DataWarning, DiskFullError, UnavailableError, WorkspaceError
from riskmodel.wording import plural
from riskmodel.workspace.deletion.dependents import (
    NOUNS,
    TABLES,
    Dependent,
    Kind,
    describe_counts,
    exists,
    find_dependents,
    list_items,
    read_item,
)
from riskmodel.workspace.storage import tables
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.disk_reserve import DiskReserve
from riskmodel.workspace.storage.files import describe_disk

Deletable = Literal["source", "dataset", "scoring"]
"""Kinds that can be deleted directly; a run goes through the bin (`riskmodel.workspace.runs.run_bin`)."""

_FILES: dict[Kind, str] = {
    "scoring": "scorings/{}",
    "run": "runs/{}",
    "search": "searches/{}",
    "dataset": "datasets/{}.parquet",
    "source": "sources/{}",
}


class Deletions:
    """Permanent deletion of sources, datasets and scored files, with their dependents.

    Dependency rules: `riskmodel.workspace.deletion.dependents.find_dependents`.
    """

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._home = home
        self._reserve = DiskReserve(home)

    def items(self) -> tuple[Dependent, ...]:
        """Everything that can be deleted: uploaded files, datasets and scored files, each oldest first."""
        kinds: tuple[Deletable, ...] = ("source", "dataset", "scoring")
        with self._database.reading() as connection:
            return tuple(item for kind in kinds for item in list_items(connection, kind))

    def dependents(self, kind: Deletable, item_id: str) -> tuple[Dependent, ...]:
        """Direct and indirect dependents of an item; sources first, scored files last.

        Raises:
            WorkspaceError: the item does not exist.
        """
        with self._database.reading() as connection:
            return tuple(find_dependents(connection, read_item(connection, kind, item_id)))

    def delete(self, kind: Deletable, item_id: str, *, with_dependents: bool = False) -> tuple[Dependent, ...]:
        """Permanently delete an item: rows, files, and their traces in the database's files.

        On a full disk the reserved space is used. A `DataWarning` is issued if it is too small to overwrite the traces;
        the next opening of the workspace retries.

        Args:
            kind: kind of item.
            item_id: id of the item.
            with_dependents: also delete everything that depends on it; if False, dependents are an error.

        Returns:
            The dependents that were deleted with it.

        Raises:
            WorkspaceError: the item does not exist, it has dependents, or one of them is a live run or search: nothing
                is deleted then. Or a file cannot be removed: the rows are deleted, and the next opening retries.
        """
        item, found = self._reserve.spend(lambda: self._record_deletion(kind, item_id, with_dependents))
        try:
            self._reserve.spend(self.finish)
        except DiskFullError:
            warnings.warn(
                f"{item.describe()} was deleted. The disk{describe_disk(self._home)} is too full to overwrite the "
                "deleted rows in the database; this is done at the next opening of the workspace.",
                DataWarning,
                stacklevel=2,
            )
        except UnavailableError as error:
            raise WorkspaceError(
                f"The deletion is recorded, but the files are not removed yet: {error} They are removed when the "
                "workspace is opened next."
            ) from error
        finally:
            self._reserve.hold()
        return tuple(found)

    def _record_deletion(
        self, kind: Deletable, item_id: str, with_dependents: bool
    ) -> tuple[Dependent, list[Dependent]]:
        """Delete the rows of an item and its dependents; returns the dependents."""
        try:
            with self._database.writing() as connection:
                _lock(connection, kind, item_id)
                item = read_item(connection, kind, item_id)
                found = find_dependents(connection, item)
                _refuse_if_live(item, found)
                if found and not with_dependents:
                    raise WorkspaceError(_name_dependents(item, found))
                _delete_rows(connection, [item, *found])
        except sa.exc.IntegrityError as error:
            raise WorkspaceError(
                f"Something new depends on {item_id} since its dependents were listed; nothing was deleted. Try again."
            ) from error
        return item, found

    def newest(self) -> int:
        """Number of the last deletion, 0 before the first: once it changes, caches may contain deleted items."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.max(tables.deletions.c.number))) or 0

    def finish(self) -> None:
        """Remove the files of all items whose rows were deleted; costs one query if none is pending.

        Raises:
            DiskFullError: the files are removed, but there is no space to record it.
            WorkspaceError: a file cannot be removed; all others are.
        """
        with self._database.reading() as connection:
            if connection.execute(_pending().limit(1)).first() is None:
                return
        try:
            self._truncate_log()
        except DiskFullError:
            self._remove_files(is_recorded=False)  # frees space
            self._truncate_log()
        self._remove_files(is_recorded=True)

    def _truncate_log(self) -> None:
        """Truncate the write-ahead log, so that deleted rows leave the disk before their files."""
        with self._database.reading() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def _remove_files(self, *, is_recorded: bool) -> None:
        log = tables.deletions.c
        failed: list[OSError] = []
        done: list[int] = []
        with self._database.writing() as connection:
            _lock(connection)  # prevents adding an equal item while files are removed
            for number, kind, item_id in connection.execute(_pending()).all():
                try:
                    remove_unrecorded(connection, self._home, kind, item_id)
                except OSError as error:
                    failed.append(error)
                    continue
                if is_recorded:
                    done.append(number)
            if done:
                connection.execute(sa.update(tables.deletions).where(log.number.in_(done)).values(files_removed=True))
        if failed:
            raise WorkspaceError(
                f"The deletion is recorded, but {failed[0].filename} could not be removed: {failed[0].strerror}. Give "
                "this user the right to write there; it is removed when the workspace is opened next."
            )


def _pending() -> sa.Select[Any]:
    log = tables.deletions.c
    return sa.select(log.number, log.kind, log.deleted_id).where(log.files_removed.is_(False))


def _lock(connection: sa.Connection, kind: Kind | None = None, item_id: str = "") -> None:
    """Block other writers until the transaction ends."""
    # SQLite locks the whole database at the first write; PostgreSQL locks the row.
    connection.execute(sa.update(tables.deletions).where(sa.false()).values(files_removed=True))
    if kind is not None:
        table = TABLES[kind]
        connection.execute(sa.select(table.c.id).where(table.c.id == item_id).with_for_update())


def _refuse_if_live(item: Dependent, found: Sequence[Dependent]) -> None:
    for dependent in found:
        if dependent.is_live:
            raise WorkspaceError(
                f"The {NOUNS[item.kind]} '{item.name}' cannot be deleted while {dependent.describe()} is "
                f"{dependent.state}. Stop or discard the {dependent.kind} first."
            )


def _name_dependents(item: Dependent, found: Sequence[Dependent]) -> str:
    return (
        f"The {NOUNS[item.kind]} '{item.name}' was not deleted: {describe_counts(found)} "
        f"{plural(len(found), 'depends', 'depend')} on it, the first being {found[0].describe()}. Delete them with "
        "it (with_dependents), or delete them first."
    )


def _delete_rows(connection: sa.Connection, items: Sequence[Dependent]) -> None:
    for kind, table in TABLES.items():
        ids = [item.id for item in items if item.kind == kind]
        if ids:
            column = table.c.dataset_id if kind == "draft" else table.c.id
            connection.execute(sa.delete(table).where(column.in_(ids)))
    for kind in _FILES:
        record_deleted(connection, kind, [item.id for item in items if item.kind == kind])


def record_deleted(connection: sa.Connection, kind: str, ids: Sequence[str]) -> None:
    """Record, in the transaction that deletes the rows, that the items' files must be removed."""
    now = time.time()
    rows = [{"kind": kind, "deleted_id": item_id, "deleted_at": now, "files_removed": False} for item_id in ids]
    if rows:
        connection.execute(sa.insert(tables.deletions), rows)


def record_removed(connection: sa.Connection, kind: str, ids: Sequence[str]) -> None:
    """Record that the items' files were removed."""
    log = tables.deletions.c
    done = sa.update(tables.deletions).where(log.kind == kind, log.deleted_id.in_(ids))
    connection.execute(done.values(files_removed=True))


def remove_unrecorded(connection: sa.Connection, home: Path, kind: Kind, item_id: str) -> None:
    """Remove the files of an item unless the database has it.

    Args:
        connection: for writing; blocks adding an equal item until its commit.
        home: the workspace's folder.
        kind: kind of item.
        item_id: id of the item.

    Raises:
        OSError: a file cannot be removed.
    """
    _lock(connection)
    if not exists(connection, kind, item_id):
        _remove(home / _FILES[kind].format(item_id))


def _remove(path: Path) -> None:
    """Durably remove a file or folder; a missing one is ignored."""
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

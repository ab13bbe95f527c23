"""From the tables of an earlier version of the program to those of this one, in numbered steps.

A step that changes tables which already exist stands in `STEPS` under the version it leads to; for a new table or index
the version alone suffices, since whatever is missing is made anyway. A released step is never changed. New columns have
a default in the database or may be null, so that a program of the version before, still open beside this one, can go on
writing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from riskmodel.workspace.storage.tables import datasets, metadata, runs, schema_version, scorings, searches, sources

Step = Callable[[sa.Connection], None]

_POSTGRESQL_LOCK = 0x7269736B  # any number that no other program of the same database takes


def _add_versions_and_remarks(connection: sa.Connection) -> None:
    """Versions of a dataset; where a source came from; a run's remarks, archive and waste bin."""
    add_columns(connection, datasets, "version_of", "version")
    add_columns(connection, sources, "origin")
    add_columns(connection, runs, "remarks", "archived", "deleted_at")


def _add_tables(_connection: sa.Connection) -> None:
    """Whole tables only, which are made before the steps."""


def _add_places_and_continuations(connection: sa.Connection) -> None:
    """Places in the queue that were chosen; the run that one goes on with; room for ``cancelled`` as a state."""
    for table in (runs, searches):
        add_columns(connection, table, "queue_key")
        if connection.dialect.name == "postgresql":  # SQLite keeps texts of any length in any column
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ALTER COLUMN state TYPE VARCHAR(16)")
    add_columns(connection, runs, "continues")


def _add_deletions(connection: sa.Connection) -> None:
    """The table of deletions; the uploaded file of a scored one."""
    add_columns(connection, scorings, "source_id")


def _add_identity(connection: sa.Connection) -> None:
    """The table that binds a database to its folder; when a run was deleted, by the workspace's time in use."""
    add_columns(connection, runs, "deleted_in_use")
    connection.execute(sa.update(runs).where(runs.c.deleted_at.is_not(None)).values(deleted_in_use=0.0))


STEPS: Mapping[int, Step] = {
    3: _add_versions_and_remarks,
    4: _add_tables,  # the steps of drafts
    5: _add_places_and_continuations,
    6: _add_deletions,
    7: _add_identity,
}
"""What leads to each version from the one before; versions 1 and 2 differ by whole tables only."""

SCHEMA_VERSION = max(STEPS)
"""Of this program's tables; kept in the database."""


def found_version(connection: sa.Connection) -> int:
    """The version of the database's tables; 0 when nothing has been made, or not to its end."""
    if not sa.inspect(connection).has_table(schema_version.name):
        return 0
    return int(connection.scalar(sa.select(sa.func.max(schema_version.c.version))) or 0)


def migrate(connection: sa.Connection, steps: Mapping[int, Step] = STEPS) -> int:
    """Make what is missing and take the steps that are not taken yet, all or none; the version found before.

    Another process that does the same waits for this one, and then finds nothing left to do. The tables of a newer
    program are left as they are.

    Args:
        connection: In no transaction yet; to be committed by the caller.
        steps: By the version that each leads to; the highest one is this program's.
    """
    _lock(connection)
    found, newest = found_version(connection), max(steps)
    if found >= newest:
        return found
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
    for version in sorted(steps):
        if version > found:
            steps[version](connection)
    # Indexes last: they may be of columns that a step has added.
    for index in (index for table in metadata.sorted_tables for index in table.indexes):
        connection.execute(CreateIndex(index, if_not_exists=True))
    connection.execute(sa.insert(schema_version).values(version=newest))
    return found


def add_columns(connection: sa.Connection, table: sa.Table, *names: str) -> None:
    """Add columns to an existing table, as its description here has them; those that are there are left alone."""
    there = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    quote = connection.dialect.identifier_preparer.quote
    for name in names:
        if name in there:  # the table has just been made
            continue
        column = table.c[name]
        words = str(CreateColumn(column).compile(dialect=connection.dialect))
        for key in column.foreign_keys:
            words += f" REFERENCES {quote(key.column.table.name)} ({quote(key.column.name)})"
        connection.exec_driver_sql(f"ALTER TABLE {quote(table.name)} ADD COLUMN {words}")


def _lock(connection: sa.Connection) -> None:
    """Until the end of the transaction, no other process takes steps."""
    if connection.dialect.name == "sqlite":
        # The driver begins a transaction before it writes rows, but not before it changes tables.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRESQL_LOCK)))

"""Numbered migrations of the database tables.

A step that changes existing tables is in `STEPS` under its target version; for a new table or index
the version suffices, since missing ones are always created. A released step is never changed. New columns have
a default in the database or may be null, so that a running program of the previous version can continue
writing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from riskmodel.workspace.storage.tables import datasets, metadata, runs, schema_version, scorings, searches, sources

Step = Callable[[sa.Connection], None]

_POSTGRESQL_LOCK = 0x7269736B  # arbitrary, unique among programs of the same database


def _add_versions_and_notes(connection: sa.Connection) -> None:
    """Dataset versions; origins of sources; notes, archive and bin of runs."""
    add_columns(connection, datasets, "version_of", "version")
    add_columns(connection, sources, "origin")
    add_columns(connection, runs, "remarks", "archived", "deleted_at")


def _add_tables(_connection: sa.Connection) -> None:
    """New tables only, created before the steps."""


def _add_places_and_continuations(connection: sa.Connection) -> None:
    """Queue positions; the resumed run; a wider column for states."""
    for table in (runs, searches):
        add_columns(connection, table, "queue_key")
        if connection.dialect.name == "postgresql":  # SQLite columns have no maximum length
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ALTER COLUMN state TYPE VARCHAR(16)")
    add_columns(connection, runs, "continues")


def _add_deletions(connection: sa.Connection) -> None:
    """The table of deletions; the source of a scored file."""
    add_columns(connection, scorings, "source_id")


def _add_identity(connection: sa.Connection) -> None:
    """The table that binds a database to its folder; deletion time of a run in the workspace's time in use."""
    add_columns(connection, runs, "deleted_in_use")
    connection.execute(sa.update(runs).where(runs.c.deleted_at.is_not(None)).values(deleted_in_use=0.0))


STEPS: Mapping[int, Step] = {
    3: _add_versions_and_notes,
    4: _add_tables,  # the steps of drafts
    5: _add_places_and_continuations,
    6: _add_deletions,
    7: _add_identity,
    8: _add_tables,  # the values of forms
}
"""Step to each version from the previous one; versions 1 and 2 differ by new tables only."""

SCHEMA_VERSION = max(STEPS)
"""Version of this program's tables, stored in the database."""


def found_version(connection: sa.Connection) -> int:
    """The version of the database's tables; 0 if tables are missing or incomplete."""
    if not sa.inspect(connection).has_table(schema_version.name):
        return 0
    return int(connection.scalar(sa.select(sa.func.max(schema_version.c.version))) or 0)


def migrate(connection: sa.Connection, steps: Mapping[int, Step] = STEPS) -> int:
    """Create missing tables and run pending steps in one transaction; returns the previous version.

    A concurrent migration waits for this one and then has nothing to do. The tables of a newer
    program are unchanged.

    Args:
        connection: without an open transaction; the caller commits.
        steps: By target version; the highest is this program's.
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
    # Indexes last: they may use columns added by a step.
    for index in (index for table in metadata.sorted_tables for index in table.indexes):
        connection.execute(CreateIndex(index, if_not_exists=True))
    connection.execute(sa.insert(schema_version).values(version=newest))
    return found


def add_columns(connection: sa.Connection, table: sa.Table, *names: str) -> None:
    """Add the named columns of a table's definition; existing ones are unchanged."""
    there = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    quote = connection.dialect.identifier_preparer.quote
    for name in names:
        if name in there:  # the table was just created
            continue
        column = table.c[name]
        words = str(CreateColumn(column).compile(dialect=connection.dialect))
        for key in column.foreign_keys:
            words += f" REFERENCES {quote(key.column.table.name)} ({quote(key.column.name)})"
        connection.exec_driver_sql(f"ALTER TABLE {quote(table.name)} ADD COLUMN {words}")


def _lock(connection: sa.Connection) -> None:
    """Block migrations of other processes until the transaction ends."""
    if connection.dialect.name == "sqlite":
        # The driver begins a transaction before writing rows, but not before changing tables.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRESQL_LOCK)))

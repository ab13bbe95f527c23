"""The workspace's database and the way to its tables: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.files import PRIVATE_FILE, disk_errors
from riskmodel.workspace.migrations import SCHEMA_VERSION, found_version, migrate
from riskmodel.workspace.tables import (
    datasets,
    draft_steps,
    epochs,
    runs,
    schema_version,
    scorings,
    searches,
    sources,
    trials,
)

__all__ = [
    "BUSY_SECONDS",
    "Database",
    "datasets",
    "draft_steps",
    "epochs",
    "runs",
    "schema_version",
    "scorings",
    "searches",
    "sources",
    "trials",
]

BUSY_SECONDS = 10.0
"""How long a write waits for another process's write before it gives up."""


class Database:
    """The workspace's database.

    Raises:
        WorkspaceError: it cannot be reached, is no database, or was written by a newer program.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = _make_engine(url)
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            raise WorkspaceError(
                f"RISKMODEL_DATABASE_URL cannot be used: {error}. Give a URL such as "
                "postgresql+psycopg://user@host/name and install its driver, or unset it for the built-in database."
            ) from error
        with ExitStack() as undo:
            undo.callback(self.engine.dispose)
            self._bring_up_to_date()
            undo.pop_all()

    @classmethod
    def in_folder(cls, home: Path) -> Database:
        """The SQLite database of a workspace folder, readable by its owner only."""
        path = home / "riskmodel.db"
        with disk_errors(f"Opening the workspace's database {path}"):
            # SQLite would follow the umask; the journal files take this file's rights.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))
        return cls(f"sqlite:///{path}")

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for reading."""
        with _database_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection whose changes are kept together on leaving, or not at all on an error."""
        with _database_errors(), self.engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _bring_up_to_date(self) -> None:
        with self.reading() as connection:
            found = found_version(connection)
        if found < SCHEMA_VERSION:
            with self.writing() as connection:
                found = migrate(connection)
        if found > SCHEMA_VERSION:
            raise WorkspaceError(
                f"The workspace's database has version {found}; this program knows versions up to {SCHEMA_VERSION}. "
                "Update the program, or choose another workspace with RISKMODEL_HOME."
            )


def _make_engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(
        url,
        # A write takes its lock at once: one that reads first could otherwise fail instead of waiting.
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": "IMMEDIATE"},
        pool_size=16,
        max_overflow=48,
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")  # safe in WAL: a power cut may lose the last moments, never the file
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except sa.exc.DBAPIError as error:
        raise WorkspaceError(_explain(str(error.orig))) from error


def _explain(words: str) -> str:
    if "disk is full" in words:
        return "The workspace's database cannot grow: there is no space left on the disk. Delete files and try again."
    if "locked" in words:
        return f"The workspace's database was busy for more than {BUSY_SECONDS:.0f} seconds. Try again in a moment."
    if "readonly" in words:
        return "The workspace's database cannot be written to: give this user the right to write in its folder."
    if "not a database" in words or "malformed" in words:
        return (
            f"The workspace's database is damaged or no database ({words}). Restore riskmodel.db from a copy, or "
            "choose another workspace with RISKMODEL_HOME."
        )
    return f"The workspace's database refused: {words}."

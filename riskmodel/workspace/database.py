"""The tables of the workspace and the way to them: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.files import PRIVATE_FILE, disk_errors

SCHEMA_VERSION = 2
"""Raised with every change of the tables; kept in the database."""

BUSY_SECONDS = 10.0
"""How long a write waits for another process's write before it gives up."""

metadata = sa.MetaData()

schema_version = sa.Table("schema_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("num_bytes", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
)

datasets = sa.Table(
    "datasets",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("source_id", sa.ForeignKey("sources.id")),
    sa.Column("num_rows", sa.BigInteger, nullable=False),
    sa.Column("num_columns", sa.Integer, nullable=False),
    sa.Column("num_bads", sa.BigInteger, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
)


def _job_columns() -> list[sa.Column[Any]]:
    """What is kept of everything that waits in a queue for a trainer, runs and searches alike."""
    return [
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.ForeignKey("datasets.id"), nullable=False),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("device_requested", sa.String(8), nullable=False),
        sa.Column("device_used", sa.String(8)),
        sa.Column("device_note", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("stop_requested", sa.Boolean, nullable=False),
        sa.Column("phase", sa.Text, nullable=False, server_default=""),
        sa.Column("progress", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("notes", sa.Text, nullable=False, server_default="[]"),
        sa.Column("supervisor", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("started_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("heartbeat_at", sa.Double),
    ]


# Times are seconds since 1970 (UTC); values with structure are JSON text, so that both databases keep them alike.
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(14), primary_key=True),
    *_job_columns(),
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("metrics", sa.Text),
    sa.Column("best_epoch", sa.Integer),
    sa.Column("has_model", sa.Boolean, nullable=False),
    sa.Index("runs_by_state", "state", "created_at"),
)

epochs = sa.Table(
    "epochs",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("result", sa.Text, nullable=False),
)

searches = sa.Table(
    "searches",
    metadata,
    sa.Column("id", sa.String(17), primary_key=True),
    *_job_columns(),
    sa.Column("search", sa.Text, nullable=False),
    sa.Column("queued_at", sa.Double, nullable=False),
    sa.Index("searches_by_state", "state", "queued_at"),
)

trials = sa.Table(
    "trials",
    metadata,
    sa.Column("search_id", sa.ForeignKey("searches.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("result", sa.Text, nullable=False),
)

scorings = sa.Table(
    "scorings",
    metadata,
    sa.Column("id", sa.String(18), primary_key=True),
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="SET NULL")),
    sa.Column("input_name", sa.Text, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
)


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
            self._create_tables()
            self._check_version()
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

    def _create_tables(self) -> None:
        with self.writing() as connection:
            for table in metadata.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
        try:
            with self.writing() as connection:
                known = connection.scalar(sa.select(sa.func.max(schema_version.c.version)))
                if known is None or known < SCHEMA_VERSION:  # the tables of before are as they were; some were added
                    connection.execute(sa.insert(schema_version).values(version=SCHEMA_VERSION))
        except sa.exc.IntegrityError:
            return  # another process wrote it between the look and the insert

    def _check_version(self) -> None:
        with self.reading() as connection:
            found = int(connection.scalar(sa.select(sa.func.max(schema_version.c.version))) or 0)
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

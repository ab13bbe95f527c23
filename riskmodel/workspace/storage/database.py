"""The workspace's database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from riskmodel.errors import DiskFullError, UnavailableError, WorkspaceError
from riskmodel.wording import listed
from riskmodel.workspace.storage.engines import BUSY_SECONDS, FORK_GATE, SharedEngine, share_engine
from riskmodel.workspace.storage.files import describe_disk, disk_is_full
from riskmodel.workspace.storage.migrations import SCHEMA_VERSION, found_version, migrate
from riskmodel.workspace.storage.tables import (
    column_sources,
    datasets,
    draft_steps,
    epochs,
    runs,
    schema_version,
    scorings,
    search_forms,
    searches,
    sources,
    trials,
)

__all__ = [
    "Database",
    "column_sources",
    "datasets",
    "draft_steps",
    "epochs",
    "runs",
    "schema_version",
    "scorings",
    "search_forms",
    "searches",
    "sources",
    "trials",
]


_KINDS = ("sources", "datasets", "runs", "searches", "scorings")
"""Folders of files with records in the database."""


class Database:
    """The workspace's database. Instances of one database in a process share their connections.

    Raises:
        WorkspaceError: it is unreachable, not a database, or of a newer program.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self._shared: SharedEngine | None
        try:
            self._shared = share_engine(url)
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            raise WorkspaceError(
                f"RISKMODEL_DATABASE_URL cannot be used: {error}. Give a URL such as "
                "postgresql+psycopg://user@host/name and install its driver, or unset it for the built-in database."
            ) from error
        with ExitStack() as undo:
            undo.callback(self.dispose)
            self._bring_up_to_date()
            undo.pop_all()

    @classmethod
    def in_folder(cls, home: Path) -> Database:
        """The SQLite database of a workspace folder, readable by its owner only.

        Raises:
            WorkspaceError: the folder has files of runs or datasets but their database is missing, or see `Database`.
        """
        path = home / "riskmodel.db"
        is_lost = not path.exists() or path.stat().st_size == 0
        found = next((entry for kind in _KINDS for entry in (home / kind).glob("[!.]*")), None) if is_lost else None
        if found is not None:
            fault = "empty" if path.exists() else "missing"
            raise WorkspaceError(
                f"The workspace's database {path} is {fault}, but the folder has files that it described, such as "
                f"{found.relative_to(home)}. Restore {path.name} from a copy. To start with an empty workspace, move "
                f"the folders {listed(_KINDS)} away, or choose another workspace with "
                "RISKMODEL_HOME."
            )
        return cls(sa.URL.create("sqlite", database=str(path)))

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database; None for a server."""
        url = self.engine.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @property
    def engine(self) -> sa.Engine:
        """The engine of this database's connections.

        Raises:
            WorkspaceError: the database was closed, or this process was forked during use.
        """
        if self._shared is None:
            raise WorkspaceError("The workspace was closed. Open it again with Workspace.open().")
        if not self._shared.is_usable:
            raise WorkspaceError(
                "This process was forked while its parent used the workspace's database, so it cannot use that "
                "database safely. Start it with multiprocessing.get_context('spawn'), or fork outside of any use."
            )
        return self._shared.engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for reading."""
        with FORK_GATE.use(), _database_errors(self.file), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection whose transaction commits on exit and rolls back on an error."""
        with FORK_GATE.use(), _database_errors(self.file), self.engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Release the connections; closed unless the database is open elsewhere in this process."""
        self._shared = None

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


@contextmanager
def _database_errors(file: Path | None) -> Iterator[None]:
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except sa.exc.DBAPIError as error:
        raise _explain(error, str(error.orig), file) from error
    except sa.exc.TimeoutError as error:  # all connections are in use
        raise UnavailableError(f"The workspace's database has no free connection ({error}). Try again.") from error


def _explain(error: sa.exc.DBAPIError, words: str, file: Path | None) -> WorkspaceError:
    passing = "disk I/O error" in words or "unable to open" in words
    no_room = passing and file is not None and disk_is_full(file.parent)  # for the files next to the database
    if no_room or "disk is full" in words or "No space left" in words:
        disk = "" if file is None else describe_disk(file)
        return DiskFullError(
            f"The workspace's database cannot grow: there is no space left on the disk{disk}. "
            "Free space on that disk and try again."
        )
    if "locked" in words:
        return UnavailableError(
            f"The workspace's database was busy for more than {BUSY_SECONDS:.0f} seconds. Try again in a moment."
        )
    if file is not None and file.is_dir():
        return WorkspaceError(
            f"The workspace's database {file} is a folder. Restore the file from a copy, or choose another workspace "
            "with RISKMODEL_HOME."
        )
    if "readonly" in words or ("unable to open" in words and file is not None and not os.access(file.parent, os.W_OK)):
        place = "" if file is None else f" {file}"
        return WorkspaceError(
            f"The workspace's database{place} cannot be written to: give this user the right to write in its folder, "
            "which must not be on a read-only disk, or choose another workspace with RISKMODEL_HOME."
        )
    if "not a database" in words or "malformed" in words:
        return WorkspaceError(
            f"The workspace's database is damaged or not a database ({words}). Restore "
            f"{file or 'it'} from a copy, or choose another workspace with RISKMODEL_HOME."
        )
    first_line = words.strip().partition("\n")[0].rstrip(".")
    if passing or (file is None and isinstance(error, (sa.exc.OperationalError, sa.exc.InterfaceError))):
        return UnavailableError(f"The workspace's database cannot be reached: {first_line}. Try again in a moment.")
    return WorkspaceError(f"The workspace's database refused: {first_line}.")

"""Binding of a database to one workspace folder: both hold the same id, which is compared at opening.

The rows of a database name files of its folder. With two folders, a supervisor of one would claim runs of the other and
find none of their files.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.files import sync, temporary_file, write_text
from riskmodel.workspace.storage.tables import identity

ID_FILE = "workspace-id"
_ID = re.compile("[0-9a-f]{32}")
_KEY = 1
_MAX_STEP_SECONDS = 86_400.0


def check_identity(database: Database, home: Path) -> None:
    """Bind a database to a folder the first time; afterwards, compare.

    Args:
        database: of the workspace.
        home: the workspace's folder.

    Raises:
        WorkspaceError: the database belongs to another folder.
    """
    in_folder = _read_folder_id(home)
    in_database = _read_database(database)
    if in_database is None:
        in_folder = in_folder or _create_folder_id(home)
        with suppress(sa.exc.IntegrityError), database.writing() as connection:  # another process may be faster
            values = {"key": _KEY, "id": in_folder, "home": str(home), "seconds_in_use": 0.0, "seen_at": time.time()}
            connection.execute(sa.insert(identity).values(values))
        in_database = _read_database(database)
        assert in_database is not None
    database_id, first_home = in_database
    if in_folder is None and database.file is not None and database.file.parent == home:
        in_folder = database_id  # the file is missing or damaged; a database in the folder belongs to it
        write_text(home / ID_FILE, database_id + "\n")
    if in_folder != database_id and first_home == str(home):
        fault = "of another workspace" if in_folder else "damaged" if (home / ID_FILE).exists() else "missing"
        raise WorkspaceError(
            f"The file {ID_FILE} of the workspace folder {home} is {fault}, so the folder cannot be compared with the "
            "database. If no other machine uses this database with a folder of the same path, restore it: "
            f"echo {database_id} > '{home / ID_FILE}'"
        )
    if in_folder != database_id:
        raise WorkspaceError(
            f"The database belongs to the workspace folder {first_home}, not to {home}: the files of its runs and "
            "datasets are there, and one database serves one folder. Open that folder with --home or RISKMODEL_HOME "
            "(share it if it is on another machine), or choose another database with RISKMODEL_DATABASE_URL."
        )


def count_use(connection: sa.Connection) -> float:
    """The workspace's time in use, in seconds.

    Of the time since the last call at most a day counts, so that a wrong clock cannot add weeks.

    Args:
        connection: for writing.
    """
    row = connection.execute(sa.select(identity.c.seconds_in_use, identity.c.seen_at)).first()
    if row is None:
        return 0.0
    now = time.time()
    seconds = float(row.seconds_in_use + min(max(now - row.seen_at, 0.0), _MAX_STEP_SECONDS))
    connection.execute(sa.update(identity).values(seconds_in_use=seconds, seen_at=now))
    return seconds


def _read_database(database: Database) -> tuple[str, str] | None:
    with database.reading() as connection:
        row = connection.execute(sa.select(identity.c.id, identity.c.home)).first()
    return None if row is None else (row.id, row.home)


def _read_folder_id(home: Path) -> str | None:
    """The id in the folder's file; None if the file is missing or invalid."""
    try:
        text = (home / ID_FILE).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WorkspaceError(
            f"The file {home / ID_FILE} cannot be read: {error.strerror}. Remove it, then open the workspace again."
        ) from error
    return text if _ID.fullmatch(text) else None


def _create_folder_id(home: Path) -> str:
    """Create the folder's id unless another process has done so; returns the id."""
    path = home / ID_FILE
    with temporary_file(home, f".{ID_FILE}.") as temporary:
        temporary.write_text(secrets.token_hex(16) + "\n", encoding="utf-8")
        sync(temporary)
        try:
            os.link(temporary, path)
        except OSError:  # the file exists, or the file system has no links
            if _read_folder_id(home) is None:
                temporary.replace(path)
        sync(home)
    return path.read_text(encoding="utf-8").strip()

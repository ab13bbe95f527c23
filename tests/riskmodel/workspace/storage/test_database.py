"""The database: WAL mode, a version, and error messages."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from riskmodel.errors import DiskFullError, UnavailableError, WorkspaceError
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage import engines
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.migrations import SCHEMA_VERSION


def fail_with(words: str, database: Database) -> None:
    """Raise the driver's error with this message within the database's context."""
    with database.reading():
        raise sa.exc.OperationalError("SELECT 1", {}, sqlite3.OperationalError(words))


def test_readers_do_not_wait_for_writers(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    with database.reading() as connection:
        assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(sa.text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(sa.text("PRAGMA busy_timeout")) == 10_000
        assert connection.scalar(sa.text("PRAGMA synchronous")) == 2  # FULL: what was acknowledged survives a power cut


def test_what_fails_half_way_is_not_kept(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    values = {"id": "0" * 16, "name": "a", "file_name": "a", "num_bytes": 1, "created_at": 0.0}
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(sa.insert(db.sources).values(values))
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute(sa.select(db.sources)).all() == []


def test_a_database_opened_at_once_by_many_has_one_version(tmp_path: Path) -> None:
    threads = [threading.Thread(target=Database.in_folder, args=(tmp_path,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Database.in_folder(tmp_path).reading() as connection:
        assert connection.scalars(sa.select(db.schema_version.c.version)).all() == [SCHEMA_VERSION]


def test_a_newer_program_s_database_is_left_alone(tmp_path: Path) -> None:
    with Database.in_folder(tmp_path).writing() as connection:
        connection.execute(sa.insert(db.schema_version).values(version=SCHEMA_VERSION + 1))
    with pytest.raises(
        WorkspaceError,
        match=rf"has version {SCHEMA_VERSION + 1}; this program knows versions up to {SCHEMA_VERSION}\. Update",
    ):
        Database.in_folder(tmp_path)


def test_a_file_that_is_not_a_database_raises(tmp_path: Path) -> None:
    (tmp_path / "riskmodel.db").write_bytes(b"customer,income\n" * 400)
    with pytest.raises(WorkspaceError, match=r"damaged or not a database .* Restore .*/riskmodel\.db from a copy"):
        Database.in_folder(tmp_path)
    assert (tmp_path / "riskmodel.db").read_bytes() == b"customer,income\n" * 400


@pytest.mark.parametrize("url", ["nonsense", "oracle9000://host/name", "postgresql+nodriver://host/name"])
def test_a_url_that_cannot_be_used_is_named_with_a_right_one(url: str) -> None:
    with pytest.raises(
        WorkspaceError, match=r"RISKMODEL_DATABASE_URL cannot be used: .* Give a URL such as postgresql"
    ):
        Database(url)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("database or disk is full", "there is no space left on the disk mounted at /"),
        ("database is locked", "was busy for more than 10 seconds. Try again in a moment."),
        (
            "attempt to write a readonly database",
            "riskmodel.db cannot be written to: give this user the right to write",
        ),
        ("database disk image is malformed", "riskmodel.db from a copy"),
        ("something new", "The workspace's database refused: something new."),
    ],
)
def test_driver_errors_have_messages(tmp_path: Path, words: str, said: str) -> None:
    database = Database.in_folder(tmp_path)
    with pytest.raises(WorkspaceError) as caught:
        fail_with(words, database)
    assert said in str(caught.value)


@pytest.mark.parametrize("word", ["missing", "empty"])
@pytest.mark.parametrize("kind", ["sources", "datasets", "runs", "searches", "scorings"])
def test_a_lost_database_of_a_folder_with_files_is_named_and_none_is_made(tmp_path: Path, kind: str, word: str) -> None:
    database = tmp_path / "riskmodel.db"
    (tmp_path / kind / "0123456789abcdef").mkdir(parents=True)
    if word == "empty":
        database.touch()
    with pytest.raises(WorkspaceError) as caught:
        Database.in_folder(tmp_path)
    assert str(caught.value) == (
        f"The workspace's database {database} is {word}, but the folder has files that it described, such as "
        f"{kind}/0123456789abcdef. Restore riskmodel.db from a copy. To start with an empty workspace, move the "
        "folders sources, datasets, runs, searches and scorings away, or choose another workspace with RISKMODEL_HOME."
    )
    assert database.exists() == (word == "empty")


def test_a_folder_in_place_of_the_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "riskmodel.db").mkdir()
    with pytest.raises(WorkspaceError, match=r"database .*/riskmodel\.db is a folder\. Restore the file from a copy"):
        Database.in_folder(tmp_path)


def test_a_read_only_disk_is_not_taken_for_a_passing_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.in_folder(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(WorkspaceError, match=r"riskmodel\.db cannot be written to: .* a read-only disk") as caught:
        fail_with("unable to open database file", database)
    assert type(caught.value) is WorkspaceError


@pytest.mark.parametrize("words", ["disk I/O error", "unable to open database file"])
def test_a_file_next_to_the_database_that_a_full_disk_refuses_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    database = Database.in_folder(tmp_path)
    for is_full, error in ((True, DiskFullError), (False, UnavailableError)):
        monkeypatch.setattr(db, "disk_is_full", lambda _, is_full=is_full: is_full)
        with pytest.raises(UnavailableError) as caught:
            fail_with(words, database)
        assert type(caught.value) is error


def test_a_write_waits_for_another_process_and_then_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.2)
    database = Database.in_folder(tmp_path)
    other = sqlite3.connect(tmp_path / "riskmodel.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(WorkspaceError, match="was busy"), database.writing() as connection:
        connection.execute(sa.delete(db.sources))
    other.execute("ROLLBACK")
    other.close()
    with database.writing() as connection:
        connection.execute(sa.delete(db.sources))

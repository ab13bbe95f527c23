"""One SQLAlchemy engine per database and process, shared by everything that opens that database.

SQLite locks a database by POSIX locks, and a process loses all its locks on a file as soon as it closes any
descriptor of that file. So this program never opens an existing database file itself; only SQLite does, which follows
this rule (https://www.sqlite.org/howtocorrupt.html, section 2.2). And no connection is open while this process
forks: see `riskmodel.workspace.storage.fork_gate`.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from riskmodel.workspace.storage.files import PRIVATE_FILE, disk_errors
from riskmodel.workspace.storage.fork_gate import ForkGate

BUSY_SECONDS = 10.0
"""Seconds a write waits for another process's write before it fails."""


class SharedEngine:
    """An engine whose connections are closed when its last owner releases it or ends.

    Attributes:
        engine: for statements, within ``FORK_GATE.use()``.
        is_usable: False in a child that was forked while a connection was in use.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.is_usable = True
        weakref.finalize(self, engine.dispose)
        _engines.add(self)


FORK_GATE = ForkGate()
"""Lock for all engines of this process."""

_engines: weakref.WeakSet[SharedEngine] = weakref.WeakSet()
_shared: weakref.WeakValueDictionary[Hashable, SharedEngine] = weakref.WeakValueDictionary()
_lock = threading.Lock()
_left_to_parent: list[Any] = []
"""Engines that a forked child must neither use nor close."""


def share_engine(url: str | sa.URL) -> SharedEngine:
    """The engine of a database; a missing SQLite file is created with owner-only access.

    Args:
        url: as in SQLAlchemy.

    Raises:
        WorkspaceError: the file cannot be created.
        sqlalchemy.exc.ArgumentError, sqlalchemy.exc.NoSuchModuleError, ImportError: the URL cannot be used.
    """
    path = _sqlite_path(sa.make_url(url))
    if path is None:
        return SharedEngine(_make_engine(url))
    with _lock:
        _create_private(path)
        stat = path.stat()
        key = (os.path.realpath(path), stat.st_dev, stat.st_ino)  # a replaced file is another database
        shared = _shared.get(key)
        if shared is None:
            shared = _shared[key] = SharedEngine(_make_engine(url))
        return shared


def _sqlite_path(url: sa.URL) -> Path | None:
    """The file of an SQLite database; None for a server and for a database in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:") or "uri" in url.query:
        return None
    return Path(str(url.database)).absolute()


def _create_private(path: Path) -> None:
    """Create an empty file unless it exists; an existing one is not opened.

    SQLite would follow the umask; its journal files take the mode of this one. Between creating and closing it no
    connection of this process can exist, since all are made under the same lock.
    """
    with disk_errors(f"Creating the workspace's database {path}"):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, PRIVATE_FILE))
        except FileExistsError:
            return


def _make_engine(url: str | sa.URL) -> sa.Engine:
    if sa.make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(
        url,
        # A write transaction takes its lock at once: one that reads first could fail instead of waiting.
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
    # With NORMAL, a power cut could lose the last commits: a run that was acknowledged. FULL costs one fsync a commit,
    # and a training writes its reports from a separate thread.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # overwrites deleted rows
    cursor.close()


def _close_connections() -> None:
    """Before a fork: a child must not inherit an open connection."""
    _lock.acquire()
    FORK_GATE.close(BUSY_SECONDS)
    if FORK_GATE.is_empty:
        for shared in list(_engines):
            shared.engine.dispose()


def _continue_parent() -> None:
    FORK_GATE.open()
    _lock.release()


def _begin_child() -> None:
    FORK_GATE.reset()
    _lock.release()
    if not FORK_GATE.is_empty:
        for shared in list(_engines):
            shared.is_usable = False
            _left_to_parent.extend((shared, shared.engine.pool))
            shared.engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_connections, after_in_parent=_continue_parent, after_in_child=_begin_child)

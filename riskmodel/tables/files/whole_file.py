"""Atomic file writes: a file is complete or absent."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A writable file that is renamed into place once it is complete and synced; an error leaves nothing.

    Only its owner can read it, since it may contain customer data. It is locked while it is written; temporary files of
    killed processes for the same file are removed.

    Raises:
        OSError: the folder does not exist, there is no permission, or the disk is full (names the file).

    Example:
        >>> with whole_file("scored.csv") as stream:  # doctest: +SKIP
        ...     stream.write(b"id,score")
    """
    final = Path(path)
    _remove_leftovers(final)
    with ExitStack() as undo:
        try:
            descriptor, temporary = _create_locked(final)
            undo.callback(Path(temporary).unlink, missing_ok=True)
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(descriptor)
                os.replace(temporary, final)  # still locked
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT) and error.filename is None:
                error.filename = str(final)
            raise
        undo.pop_all()


def _prefix(final: Path) -> str:
    return f".{final.name}.partial-"  # so that no user file is mistaken for a leftover


def _create_locked(final: Path) -> tuple[int, str]:
    """Descriptor and path of a new temporary file; its lock marks it as being written."""
    while True:
        descriptor, temporary = tempfile.mkstemp(dir=final.parent, prefix=_prefix(final))
        with suppress(OSError):  # the file system has no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.path.exists(temporary):
            return descriptor, temporary
        os.close(descriptor)  # removed as a leftover by another process, before it was locked


def _remove_leftovers(final: Path) -> None:
    """Remove temporary files of earlier attempts to write the same file, unless a process is still writing them."""
    name = re.compile(re.escape(_prefix(final)) + "[a-z0-9_]{8}")
    with suppress(OSError):
        for path in final.parent.iterdir():
            if name.fullmatch(path.name):
                _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except OSError:  # being written
        return
    finally:
        os.close(descriptor)

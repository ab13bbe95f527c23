"""Files that are there whole or not at all."""

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
    """A file to write that takes its name only once it is complete and on the disk; an error leaves nothing.

    Only its owner can read it, since it may hold customers. It is locked while it is written; what killed processes
    have left of the same file is removed.

    Raises:
        OSError: the folder does not exist or the disk refuses; a full disk names the file.

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
    return f".{final.name}.partial-"  # so that no file of the user's is taken for a leftover


def _create_locked(final: Path) -> tuple[int, str]:
    """Descriptor and path of a new temporary file, whose lock shows that it is being written."""
    while True:
        descriptor, temporary = tempfile.mkstemp(dir=final.parent, prefix=_prefix(final))
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.path.exists(temporary):
            return descriptor, temporary
        os.close(descriptor)  # removed as a leftover by another process, before it was locked


def _remove_leftovers(final: Path) -> None:
    """Remove what is left of earlier attempts to write the same file, unless a process still writes it."""
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

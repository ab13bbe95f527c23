"""Files of the workspace: private, complete or absent, with safe names."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from riskmodel.errors import DiskFullError, WorkspaceError
from riskmodel.wording import size

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
INCOMPLETE_FILE = ".incomplete"
"""Marker in a folder whose record is not yet written."""

_TEMPORARY_NAME = re.compile(r"\.(?:(?:upload|dataset|scoring)-|(.+?)\.(?:partial-)?)[a-z0-9_]{8}")
_FULL_BYTES = 2 << 20
_WRONG_KIND = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ELOOP, errno.ENXIO}
_MAX_NAME_BYTES = 200  # file systems allow 255; the rest is for temporary suffixes


def sanitize_name(name: str) -> str:
    """The last part of an uploaded file's name, safe to display and to use as a file name.

    Browsers and scripts may send any text: folders, control characters and leading dots are dropped, the length is
    cut to 200 bytes with the ending kept.

    Example:
        >>> sanitize_name("../../etc/passwd")
        'passwd'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip().lstrip(".").strip()
    stem, dot, ending = printable.partition(".")
    if len(ending.encode()) > 40:  # not a file extension: the dot is part of a sentence
        stem, dot, ending = printable, "", ""
    room = _MAX_NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending or "file"


@contextmanager
def disk_errors(doing: str, at: Path | None = None) -> Iterator[None]:
    """Convert disk errors to messages.

    Args:
        doing: the failing operation.
        at: target of the write, if the error does not name a file.

    Raises:
        DiskFullError: no space left, or a quota reached.
        WorkspaceError: no permission, a read-only disk, or a folder in place of a file or vice versa.
    """
    try:
        yield
    except OSError as error:
        place = visible_path(error.filename) if isinstance(error.filename, str) else at
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                f"{doing} failed: there is no space left on the disk{'' if place is None else describe_disk(place)}. "
                "Nothing was saved; delete runs or files that are no longer needed and try again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise WorkspaceError(
                f"{doing} failed: {error.strerror} ({place}). "
                "Give this user the right to write there, or choose another workspace with RISKMODEL_HOME."
            ) from error
        if error.errno in _WRONG_KIND and place is not None:
            found = next(folder for folder in (place, *place.parents) if os.path.lexists(folder))
            raise WorkspaceError(
                f"{doing} failed: '{found}' is {_describe_kind(found)}. Move it to another place, or choose another "
                "workspace with RISKMODEL_HOME."
            ) from error
        raise


def _describe_kind(path: Path) -> str:
    if path.is_symlink():
        return f"a link to {os.readlink(path)}"
    return "a folder" if path.is_dir() else "a file" if path.is_file() else "not a regular file"


def describe_disk(path: Path) -> str:
    """Disk of a path and its free space: `` mounted at / (0.3 MB of 50.0 GB free)``."""
    place = path.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return ""
    while not place.is_mount():
        place = place.parent
    return f" mounted at {place} ({size(usage.free)} of {size(usage.total)} free)"


def disk_is_full(path: Path) -> bool:
    """Whether the disk that holds a path has too little space left for a database to grow."""
    try:
        return shutil.disk_usage(path).free < _FULL_BYTES
    except OSError:
        return False


def visible_path(path: str | os.PathLike[str]) -> Path:
    """The path to show to users: of a temporary file its target, or else its folder.

    Example:
        >>> str(visible_path("/home/ann/.scored.csv.x1y2z3_4"))
        '/home/ann/scored.csv'
    """
    named = Path(path)
    temporary = _TEMPORARY_NAME.fullmatch(named.name)
    if temporary is None:
        return named
    return named.parent / temporary[1] if temporary[1] else named.parent


def make_folder(folder: Path) -> Path:
    """Create a folder (with parents) with owner-only access; restrict an existing one."""
    with disk_errors(f"Making the folder {folder}"):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(PRIVATE_FOLDER)
    return folder


@contextmanager
def temporary_file(folder: Path, prefix: str) -> Iterator[Path]:
    """An empty private file in `folder`, removed on exit unless renamed.

    It is locked while open, so that `is_owned` distinguishes it from remains of a crash.
    """
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=prefix)  # mkstemp gives 0600
    path = Path(name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


@contextmanager
def incomplete_folder(folder: Path) -> Iterator[Path]:
    """Create a private folder that is marked incomplete until exit; removed on an error.

    After a crash, `riskmodel.workspace.storage.leftovers` finds it by its marker.
    """
    mark = make_folder(folder) / INCOMPLETE_FILE
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        with disk_errors(f"Making the folder {folder}", folder):
            descriptor = os.open(mark, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, PRIVATE_FILE)
        with ExitStack() as lock:
            lock.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield folder
            mark.unlink(missing_ok=True)
        undo.pop_all()


def is_owned(path: Path) -> bool:
    """Whether a living process holds a temporary file or marker."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def publish(temporary: Path, path: Path) -> None:
    """Rename a complete file durably.

    The content is synced before the rename, and the folder that holds the name after it.
    """
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Sync a file's content, or a folder's entries, to disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Sync a folder with all its files and its own entry to disk."""
    for path in (*folder.iterdir(), folder, folder.parent):
        sync(path)


def write_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a private file atomically."""
    with disk_errors(f"Writing {path.name}", path), temporary_file(path.parent, f".{path.name}.") as temporary:
        with temporary.open("wb") as stream:
            write(stream)
        publish(temporary, path)


def write_text(path: Path, text: str) -> None:
    """Write a small private text file atomically."""
    write_file(path, lambda stream: stream.write(text.encode()))

"""Files of the workspace: private, whole or absent, under names that cannot lead elsewhere."""

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

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
INCOMPLETE_FILE = ".incomplete"
"""In a folder whose record is not written yet."""

_TEMPORARY_NAME = re.compile(r"\.(?:(?:upload|dataset|scoring)-|(.+?)\.(?:partial-)?)[a-z0-9_]{8}")
_FULL_BYTES = 2 << 20
_WRONG_KIND = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ELOOP, errno.ENXIO}
_MOST_NAME_BYTES = 200  # file systems allow 255 for one name; room is left for temporary suffixes


def sanitise_name(name: str) -> str:
    """The last part of an uploaded file's name, safe to show and to write under.

    Browsers and scripts may send any text: folders, control characters and leading dots are dropped, the length is
    cut to 200 bytes with the ending kept.

    Example:
        >>> sanitise_name("../../etc/passwd")
        'passwd'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip().lstrip(".").strip()
    stem, dot, ending = printable.partition(".")
    if len(ending.encode()) > 40:  # no ending of a data file: the dot is part of a sentence
        stem, dot, ending = printable, "", ""
    room = _MOST_NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending or "file"


@contextmanager
def disk_errors(doing: str, at: Path | None = None) -> Iterator[None]:
    """Explain what the disk refuses.

    Args:
        doing: what failed then.
        at: where it was written to, if the error itself does not name a file.

    Raises:
        DiskFullError: no space left, or a quota reached.
        WorkspaceError: no permission, a read-only disk, or a folder in the place of a file or a file in that of one.
    """
    try:
        yield
    except OSError as error:
        place = visible_path(error.filename) if isinstance(error.filename, str) else at
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                f"{doing} failed: there is no space left on the disk{'' if place is None else describe_disk(place)}. "
                "Nothing was kept of it; delete runs or files that are no longer needed and try again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise WorkspaceError(
                f"{doing} failed: {error.strerror} ({place}). "
                "Give this user the right to write there, or choose another workspace with RISKMODEL_HOME."
            ) from error
        if error.errno in _WRONG_KIND and place is not None:
            found = next(each for each in (place, *place.parents) if os.path.lexists(each))
            raise WorkspaceError(
                f"{doing} failed: '{found}' is {_describe_kind(found)}. Move it to another place, or choose another "
                "workspace with RISKMODEL_HOME."
            ) from error
        raise


def _describe_kind(path: Path) -> str:
    if path.is_symlink():
        return f"a link to {os.readlink(path)}"
    return "a folder" if path.is_dir() else "a file" if path.is_file() else "no regular file"


def describe_disk(path: Path) -> str:
    """Which disk a path is on and how much of it is free: `` mounted at / (0.3 MB of 50,000.0 MB free)``."""
    place = path.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return ""
    while not place.is_mount():
        place = place.parent
    return f" mounted at {place} ({usage.free / 1e6:,.1f} MB of {usage.total / 1e6:,.1f} MB free)"


def disk_is_full(path: Path) -> bool:
    """Whether the disk that holds a path has too little space left for a database to grow."""
    try:
        return shutil.disk_usage(path).free < _FULL_BYTES
    except OSError:
        return False


def visible_path(path: str | os.PathLike[str]) -> Path:
    """The path that a user knows: for a temporary file the one that it is written for, or else its folder.

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
    """Make a folder that only its owner can enter, parents included; an existing one is closed to others."""
    with disk_errors(f"Making the folder {folder}"):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(PRIVATE_FOLDER)
    return folder


@contextmanager
def temporary_file(folder: Path, prefix: str) -> Iterator[Path]:
    """An empty private file in `folder`, removed on leaving unless it was renamed by then.

    It is locked meanwhile, so that `is_owned` distinguishes it from what a crash has left.
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
    """Make a private folder that counts as incomplete until this context is left; on an error it is removed.

    A crash leaves it with its mark, by which `riskmodel.workspace.storage.leftovers` knows it.
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
    """Whether a living process holds a temporary file or mark, so that it is no leftover."""
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
    """Give a complete file its name; it survives a power cut from then on.

    The content is synced before the rename, and the folder that holds the name after it.
    """
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until a folder with all its files, and its own name, are on the disk."""
    for path in (*folder.iterdir(), folder, folder.parent):
        sync(path)


def write_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a private file: whole or not at all."""
    with disk_errors(f"Writing {path.name}", path), temporary_file(path.parent, f".{path.name}.") as temporary:
        with temporary.open("wb") as stream:
            write(stream)
        publish(temporary, path)


def write_text(path: Path, text: str) -> None:
    """Write a small private text file: whole or not at all."""
    write_file(path, lambda stream: stream.write(text.encode()))

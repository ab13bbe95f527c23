"""Files of the workspace: private, whole or absent, under names that cannot lead elsewhere."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskmodel.errors import WorkspaceError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
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
def disk_errors(doing: str) -> Iterator[None]:
    """Put the disk's refusals in words.

    Raises:
        WorkspaceError: no space left, quota reached, no permission, or a read-only disk; `doing` says what failed.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WorkspaceError(
                f"{doing} failed: there is no space left on the disk. Nothing was kept of it; "
                "delete runs or files that are no longer needed and try again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise WorkspaceError(
                f"{doing} failed: {error.strerror} ({error.filename}). "
                "Give this user the right to write there, or choose another workspace with RISKMODEL_HOME."
            ) from error
        raise


def make_folder(folder: Path) -> Path:
    """Make a folder that only its owner can enter, parents included; an existing one is closed to others."""
    with disk_errors(f"Making the folder {folder}"):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(PRIVATE_FOLDER)
    return folder


@contextmanager
def temporary_file(folder: Path, prefix: str) -> Iterator[Path]:
    """An empty private file in `folder`, removed on leaving unless it was renamed by then."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=prefix)  # mkstemp gives 0600
    os.close(descriptor)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a small text file: whole or not at all, readable by its owner only."""
    with disk_errors(f"Writing {path.name}"), temporary_file(path.parent, f".{path.name}.") as temporary:
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)

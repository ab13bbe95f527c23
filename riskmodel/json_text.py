"""Reading of untrusted JSON: regular files only, with limits on size and number of values."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MAX_BYTES = 1 << 26
MAX_VALUES = 3 << 19
"""Maximum values in one text: a value of a few bytes may take a hundred times as much memory."""


def read_regular(path: Path, max_bytes: int = MAX_BYTES, *, links: bool = True) -> bytes:
    """The content of a regular file; pipes and devices, which may be endless, are not read.

    Args:
        path: The file.
        max_bytes: Maximum size.
        links: Whether symbolic links are followed.

    Raises:
        ValueError: not a regular file, too large, or unreadable; a sentence without the file's name.
        FileNotFoundError: It does not exist.
    """
    flags = os.O_NONBLOCK | (0 if links else os.O_NOFOLLOW)
    try:
        with open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags)) as stream:
            about = os.fstat(stream.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise ValueError("is not a regular file")
            if about.st_size > max_bytes:
                raise ValueError(f"has {about.st_size:,} bytes; the limit is {max_bytes:,}")
            return stream.read(max_bytes)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error


def check_size(text: str | bytes, max_bytes: int = MAX_BYTES) -> None:
    """Check the length and the number of values of JSON text.

    Raises:
        ValueError: too many; a sentence without a subject.
    """
    content = text.encode(errors="replace") if isinstance(text, str) else text
    if len(content) > max_bytes:
        raise ValueError(f"has {len(content):,} bytes; the limit is {max_bytes:,}")
    # Each value follows a comma or the start of its list or object.
    num_values = sum(map(content.count, (b",", b"[", b"{")))
    if num_values > MAX_VALUES:
        raise ValueError(f"has {num_values:,} values; the limit is {MAX_VALUES:,}")

"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A file to write that takes its name only once it is complete and on the disk; an error leaves nothing.

    Only its owner can read it, since it may hold customers.

    Raises:
        OSError: the folder does not exist or the disk refuses.

    Example:
        >>> with whole_file("scored.csv") as stream:  # doctest: +SKIP
        ...     stream.write(b"id,score")
    """
    final = Path(path)
    descriptor, temporary = tempfile.mkstemp(dir=final.parent, prefix=f".{final.name}.")
    with ExitStack() as undo:
        undo.callback(Path(temporary).unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, final)
        undo.pop_all()

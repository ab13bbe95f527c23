"""A file received in chunks: written once, hashed while writing, never fully in memory."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from riskmodel.errors import WorkspaceError
from riskmodel.wording import size
from riskmodel.workspace.storage.files import disk_errors, publish, sanitize_name, temporary_file


class IncomingFile:
    """A private temporary file for chunks. Removed on exit from its context or when discarded.

    Attributes:
        name: sanitized, safe to display and to use as a file name.
        num_bytes: received so far.

    Example:
        >>> import tempfile
        >>> with IncomingFile(Path(tempfile.gettempdir()), "a/customers.csv") as incoming:
        ...     incoming.write(b"id,income\\n")
        ...     (incoming.name, incoming.num_bytes)
        ('customers.csv', 10)
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = sanitize_name(name)
        self.num_bytes = 0
        self._digest = hashlib.sha256()
        self._open_until = ExitStack()
        with disk_errors(f"Saving {self.name!r}", folder), ExitStack() as undo:
            self._path = undo.enter_context(temporary_file(folder, ".upload-"))
            self._file = undo.enter_context(self._path.open("wb", buffering=0))
            self._open_until = undo.pop_all()

    def reserve(self, num_bytes: int) -> None:
        """Check the free space before the upload.

        Raises:
            WorkspaceError: the disk has less than `num_bytes` free.
        """
        free = shutil.disk_usage(self._path.parent).free
        if free < num_bytes:
            raise WorkspaceError(
                f"{self.name!r} has {size(num_bytes)}, and the disk has {size(free)} free. "
                "Delete runs or files that are no longer needed and try again."
            )

    def write(self, piece: bytes | bytearray) -> None:
        """Append a chunk of any length.

        Raises:
            WorkspaceError: no space left, or the file was discarded; the received data is removed.
        """
        self._refuse_if_discarded()
        with ExitStack() as undo:
            undo.callback(self.discard)
            with disk_errors(f"Saving {self.name!r}", self._path):
                rest = memoryview(piece)
                while rest:
                    rest = rest[self._file.write(rest) :]
            undo.pop_all()
        self._digest.update(piece)
        self.num_bytes += len(piece)

    def flush(self) -> None:
        """Sync the received data to disk.

        Raises:
            WorkspaceError: no space left, or the file was discarded.
        """
        self._refuse_if_discarded()
        with disk_errors(f"Saving {self.name!r}", self._path):
            os.fsync(self._file.fileno())

    def move_to(self, path: Path) -> None:
        """Move it to `path`; nothing can be appended afterwards.

        Raises:
            WorkspaceError: disk full or no permission, or the file was discarded.
        """
        self._refuse_if_discarded()
        with disk_errors(f"Saving {self.name!r}", path):
            publish(self._path, path)
        self.discard()

    def discard(self) -> None:
        """Remove the received data unless it was moved; idempotent."""
        self._open_until.close()

    @property
    def content_hash(self) -> str:
        """SHA-256 of the received data, 64 hexadecimal digits."""
        return self._digest.hexdigest()

    def __enter__(self) -> IncomingFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.discard()

    def _refuse_if_discarded(self) -> None:
        if self._file.closed:
            raise WorkspaceError(f"The upload of {self.name!r} was ended before it was complete. Upload it again.")

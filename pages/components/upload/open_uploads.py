"""Uploads in progress, received in chunks and identified by an unguessable token."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock

from riskmodel.errors import RiskModelError
from riskmodel.wording import size
from riskmodel.workspace.data.incoming import IncomingFile
from riskmodel.workspace.data.sources import Sources

IDLE_SECONDS = 3600.0
"""Time after which an interrupted upload is removed."""


class TooLargeError(RiskModelError):
    """More bytes than allowed or announced."""


class UnknownUploadError(RiskModelError):
    """Unknown token: the upload has ended, was canceled or never began."""


class GapError(RiskModelError):
    """A chunk that does not continue the upload; `received` is the expected offset."""

    def __init__(self, received: int) -> None:
        super().__init__(f"The next chunk begins at byte {received:,}.")
        self.received = received


@dataclass
class _Upload:
    incoming: IncomingFile
    num_bytes: int
    lock: Lock = field(default_factory=Lock)
    touched: float = field(default_factory=time.monotonic)
    source_id: str | None = None


class OpenUploads:
    """Uploads in progress. Methods are thread-safe and may block on disk I/O."""

    def __init__(self, sources: Callable[[], Sources]) -> None:
        self._sources = sources
        self._uploads: dict[str, _Upload] = {}

    def begin(self, name: str, num_bytes: int, max_bytes: int) -> str:
        """Reserve space for a file of `num_bytes` and return the token of the upload.

        Raises:
            TooLargeError: The file has more than `max_bytes` bytes.
            WorkspaceError: No space left.
        """
        if num_bytes > max_bytes:
            raise TooLargeError(
                f"The file has {size(num_bytes)}; up to {size(max_bytes)} can be uploaded. "
                "Compress it (gzip, zip), save it as Parquet, or remove rows or columns."
            )
        with ExitStack() as undo:
            incoming = undo.enter_context(self._sources().receive(name))
            incoming.reserve(num_bytes)
            undo.pop_all()
        token = secrets.token_urlsafe(32)
        self._uploads[token] = _Upload(incoming, num_bytes)
        return token

    def add(self, token: str, offset: int, chunk: bytes | bytearray) -> int:
        """Write a chunk and return the total number of bytes received.

        Raises:
            UnknownUploadError: There is no such upload.
            GapError: The chunk does not begin where the last one ended; it is not written.
            TooLargeError: There are more bytes than announced.
            WorkspaceError: No space left; the partial upload is removed.
        """
        upload = self._get(token)
        with upload.lock:
            received = upload.incoming.num_bytes
            if offset != received or upload.source_id is not None:
                raise GapError(received)
            if received + len(chunk) > upload.num_bytes:
                raise TooLargeError(f"Received more than the announced {upload.num_bytes:,} bytes.")
            upload.incoming.write(chunk)
            upload.touched = time.monotonic()
            return upload.incoming.num_bytes

    def finish(self, token: str) -> str:
        """Store the complete file and return its source id; may be repeated.

        Raises:
            UnknownUploadError: There is no such upload.
            GapError: Bytes are missing.
            WorkspaceError: No space left.
        """
        upload = self._get(token)
        with upload.lock:
            if upload.source_id is None:
                if upload.incoming.num_bytes != upload.num_bytes:
                    raise GapError(upload.incoming.num_bytes)
                upload.source_id = self._sources().keep(upload.incoming).id
            upload.touched = time.monotonic()
            return upload.source_id

    def cancel(self, token: str) -> None:
        """Remove a partial upload; a stored file is not affected."""
        upload = self._uploads.pop(token, None)
        if upload is not None:
            with upload.lock:
                upload.incoming.discard()

    def cancel_idle(self, seconds: float = IDLE_SECONDS) -> None:
        """Cancel uploads without activity for this time."""
        for token, upload in list(self._uploads.items()):
            if time.monotonic() - upload.touched >= seconds:
                self.cancel(token)

    def _get(self, token: str) -> _Upload:
        try:
            return self._uploads[token]
        except KeyError:
            raise UnknownUploadError("This upload has ended. Choose the file again.") from None

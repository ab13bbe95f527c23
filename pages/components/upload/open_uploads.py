"""Files that are on their way from a browser: each under a name that cannot be guessed, piece by piece."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock

from pages.components.shared.words import megabytes
from riskmodel.errors import RiskModelError
from riskmodel.workspace.data.incoming import IncomingFile
from riskmodel.workspace.data.sources import Sources

IDLE_SECONDS = 3600.0
"""How long a broken upload may wait for its Retry before it is removed."""


class TooLargeError(RiskModelError):
    """More bytes than may be uploaded, or than were announced."""


class UnknownUploadError(RiskModelError):
    """Ended, cancelled or never begun."""


class GapError(RiskModelError):
    """A piece that does not follow the one before; `received` tells where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__(f"The next piece begins at byte {received:,}.")
        self.received = received


@dataclass
class _Upload:
    incoming: IncomingFile
    num_bytes: int
    lock: Lock = field(default_factory=Lock)
    touched: float = field(default_factory=time.monotonic)
    source_id: str | None = None


class OpenUploads:
    """Uploads that have begun. Every method may be called from any thread, and may wait for the disk."""

    def __init__(self, sources: Callable[[], Sources]) -> None:
        self._sources = sources
        self._uploads: dict[str, _Upload] = {}

    def begin(self, name: str, num_bytes: int, most: int) -> str:
        """Make room for a file of `num_bytes`; the upload's token.

        Raises:
            TooLargeError: it has more than `most` bytes.
            WorkspaceError: no space left.
        """
        if num_bytes > most:
            raise TooLargeError(
                f"The file has {megabytes(num_bytes)}, and up to {megabytes(most)} can be uploaded. "
                "Compress it (gzip, zip) or save it as Parquet, or leave out rows or columns."
            )
        with ExitStack() as undo:
            incoming = undo.enter_context(self._sources().receive(name))
            incoming.reserve(num_bytes)
            undo.pop_all()
        token = secrets.token_urlsafe(32)
        self._uploads[token] = _Upload(incoming, num_bytes)
        return token

    def add(self, token: str, offset: int, piece: bytes | bytearray) -> int:
        """Write a piece; how many bytes have arrived in all.

        Raises:
            UnknownUploadError: there is no such upload.
            GapError: the piece does not begin where the last one ended; nothing of it is written.
            TooLargeError: there are more bytes than were announced.
            WorkspaceError: no space left; what had arrived is removed.
        """
        upload = self._get(token)
        with upload.lock:
            received = upload.incoming.num_bytes
            if offset != received or upload.source_id is not None:
                raise GapError(received)
            if received + len(piece) > upload.num_bytes:
                raise TooLargeError(f"More arrived than the {upload.num_bytes:,} bytes that were announced.")
            upload.incoming.write(piece)
            upload.touched = time.monotonic()
            return upload.incoming.num_bytes

    def finish(self, token: str) -> str:
        """Keep the whole file; its source's id, also when asked again.

        Raises:
            UnknownUploadError: there is no such upload.
            GapError: bytes are missing.
            WorkspaceError: no space left.
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
        """Remove what has arrived of an upload; nothing happens to a file that is kept already."""
        upload = self._uploads.pop(token, None)
        if upload is not None:
            with upload.lock:
                upload.incoming.discard()

    def cancel_idle(self, seconds: float = IDLE_SECONDS) -> None:
        """Cancel what nobody has gone on with for so long."""
        for token, upload in list(self._uploads.items()):
            if time.monotonic() - upload.touched >= seconds:
                self.cancel(token)

    def _get(self, token: str) -> _Upload:
        try:
            return self._uploads[token]
        except KeyError:
            raise UnknownUploadError("This upload has ended. Choose the file again.") from None

"""Stream that checks a table's bytes for faults that pyarrow would correct silently."""

import io
import os
from threading import Lock
from typing import IO

from riskmodel.tables.reading.encodings.detection import UTF8, Utf8Check, check_encoding
from riskmodel.tables.reading.text.quoting import QuoteWatch
from riskmodel.tables.schema.dialect import Dialect


class WatchedStream(io.RawIOBase):
    """Bytes for pyarrow, with their encoding and quotes checked while they are read.

    No piece except the last ends with a carriage return: pyarrow treats a line feed at the beginning of the next piece
    as part of a line end and drops it, even inside a quoted cell.

    pyarrow reads ahead in its own thread, which may still be running when its reader is abandoned. After `end` nothing
    is read: a read in progress while the file is closed would continue in the next opened file, which gets the same
    descriptor, and consume its bytes.
    """

    def __init__(
        self, stream: IO[bytes], path: str | os.PathLike[str], dialect: Dialect, quotes_checked: bool = False
    ) -> None:
        self.quotes = QuoteWatch(dialect)
        self.quotes_checked = quotes_checked
        self._stream = stream
        self._path = path
        self._dialect = dialect
        self._check = Utf8Check() if dialect.encoding in UTF8 else None
        self._held_back = b""
        self._lock = Lock()
        self._ended = False

    def readable(self) -> bool:
        """Always True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; `DataError` if they are not valid in the encoding."""
        with self._lock:
            return b"" if self._ended else self._read_checked(size)

    def end(self) -> None:
        """Wait for a read in progress, and prevent further ones."""
        with self._lock:
            self._ended = True

    def _read_checked(self, size: int) -> bytes:
        try:
            chunk = self._read_to_line_end(size)
            if self._check is not None:
                self._check.feed(chunk)
        except UnicodeDecodeError:
            check_encoding(self._path, self._dialect.compression, self._dialect.encoding)
            raise
        if chunk:
            self.quotes.feed(chunk)
        else:
            self.quotes.finish()
        return chunk

    def _read_to_line_end(self, size: int) -> bytes:
        """At most `size` bytes; a carriage return at their end is held back for the next read."""
        chunk, self._held_back = self._held_back, b""
        more = self._stream.read(size - len(chunk) if size > 0 else size)
        chunk += more
        while more and chunk == b"\r" and size != 1:
            more = self._stream.read(size - 1 if size > 0 else size)
            chunk += more
        if more and chunk.endswith(b"\r") and len(chunk) > 1:
            self._held_back = b"\r"
            return chunk[:-1]
        return chunk

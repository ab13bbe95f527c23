"""A table's bytes watched on their way to pyarrow, which would mend some faults without a word."""

import io
import os
from threading import Lock
from typing import IO

from riskmodel.tables.reading.encodings.detection import UTF8, Utf8Check, check_encoding
from riskmodel.tables.reading.text.quoting import QuoteWatch
from riskmodel.tables.schema.dialect import Dialect


class WatchedStream(io.RawIOBase):
    """The bytes on their way to pyarrow, with their encoding and quotes checked as they pass.

    No piece ends with a carriage return, but the last: pyarrow takes a line feed at the beginning of the next piece for
    the rest of a line end and drops it, even inside a quoted cell.

    pyarrow reads ahead in a thread of its own, which may still be at it when its reader is given up. Nothing is read
    any more after `end`: a read under way while the file is closed would go on in the next file to be opened, which
    gets the same number from the system, and take bytes from that.
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
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; a `DataError` where they are not of the encoding."""
        with self._lock:
            return b"" if self._ended else self._read_checked(size)

    def end(self) -> None:
        """Wait for a read under way, and let no other begin."""
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
        """At most `size` bytes; a carriage return at their end waits for what follows it."""
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

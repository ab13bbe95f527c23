"""The table part of a file, from its header line to its last row."""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO

from riskmodel.errors import DataError
from riskmodel.tables.files.source import CHUNK_BYTES, show_name
from riskmodel.tables.reading.encodings.detection import check_encoding, open_utf8
from riskmodel.tables.reading.text.rejects import as_stream
from riskmodel.tables.reading.text.row_limits import LongLineError
from riskmodel.tables.reading.text.rows import scan_lines
from riskmodel.tables.schema.dialect import FORMAT_SETTINGS, Dialect


@contextmanager
def open_body(path: str | os.PathLike[str], dialect: Dialect, more_lines: int = 0) -> Iterator[IO[bytes]]:
    """The table's bytes in UTF-8, from its header line to its last row.

    Args:
        path: The file.
        dialect: Its dialect.
        more_lines: Lines to skip in addition to those of the dialect: the header's.

    Raises:
        DataError: Bytes are not of the encoding, or a line is too long; raised at any point within the context.
    """
    try:
        with open_utf8(path, dialect.compression, dialect.encoding) as stream:
            skipped = dialect.skip_lines + more_lines
            if skipped or dialect.footer_lines:
                yield as_stream(_inner_lines(stream, skipped, dialect.footer_lines))
            else:
                yield stream
    except UnicodeDecodeError:
        check_encoding(path, dialect.compression, dialect.encoding)
        raise
    except LongLineError as error:
        raise DataError(
            f"File {show_name(path)}: line {error.line:,} is longer than {error.max_bytes >> 20:,} MiB, the maximum. "
            f"Read as {dialect.description}: change the format settings, or shorten the line.",
            FORMAT_SETTINGS,
        ) from error


def _inner_lines(stream: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    """All lines except the first and the last ones, joined to pieces; trailing blank lines do not count."""
    held: deque[bytes] = deque()
    filled = size = 0
    kept: list[bytes] = []
    for line in islice(scan_lines(stream), first, None):
        held.append(line)
        filled += not _is_blank(line)
        while filled > last:
            gone = held.popleft()
            filled -= not _is_blank(gone)
            kept.append(gone)
            size += len(gone)
        if size >= CHUNK_BYTES:
            yield b"".join(kept)
            kept, size = [], 0
    while held and _is_blank(held[0]):  # before excluded lines, a blank line is a missing cell in a single-column table
        kept.append(held.popleft())
    yield b"".join(kept)


def _is_blank(line: bytes) -> bool:
    return not line.strip(b"\r\n")

"""Validation of quotes: quoted cells are closed and followed by a delimiter or line end.

Parsers correct such faults silently: the rest of a file becomes one cell, ``"12"3`` becomes ``123``. A fast streaming
check comes first; only if it is inconclusive does the exact one, ten times slower, read the file again.
"""

import os

import numpy as np

from riskmodel.tables.files.source import show_name
from riskmodel.tables.reading.text.body import open_body
from riskmodel.tables.reading.text.rejects import RowError
from riskmodel.tables.reading.text.rows import (
    BYTE_ORDER_MARK,
    NEVER_OPENED,
    SPACE_BEFORE_QUOTE,
    TEXT_AFTER_QUOTE,
    TEXT_BEFORE_QUOTE,
    TOO_MANY_CELLS,
    RawRow,
    scan_rows,
)
from riskmodel.tables.schema.dialect import Dialect

_PIECE_BYTES = 1 << 19
"""Bytes processed at once; larger pieces cause repeated allocation, which dominates the time."""


class QuoteWatch:
    """Incremental check of a table's UTF-8 bytes: True if every quote has a valid position.

    In a valid table (RFC 4180) quotes alternate: each first one is at the beginning of a cell, each
    second one at its end, except that two adjacent quotes inside a cell mean one. This is checked for all quotes at
    once. A quote inside an unquoted cell is harmless, but makes the check inconclusive; so does every quote with an
    escape character in the dialect.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.in_doubt = bool(dialect.escape)
        self._quote = dialect.quote.encode()
        self._edges = np.zeros(256, dtype=bool)
        self._edges[list(f"{dialect.delimiter}\n\r{dialect.quote}".encode())] = True
        self._odd = 0
        self._tail = b"\n"
        self._began = False

    def feed(self, chunk: bytes) -> None:
        """Check the next bytes."""
        if not self._began:
            chunk = chunk.removeprefix(BYTE_ORDER_MARK)
            self._began = True
        for start in range(0, len(chunk), _PIECE_BYTES):
            self._check(self._tail + chunk[start : start + _PIECE_BYTES])

    def finish(self) -> None:
        """End the check after the last bytes."""
        self._check(self._tail + b"\n")
        self.in_doubt |= self._odd == 1

    def _check(self, data: bytes) -> None:
        # The first byte has been checked and the last one is deferred, so that each quote has both neighbors.
        self._tail = data[-2:]
        if self.in_doubt or self._quote not in data:
            return
        array = np.frombuffer(data, dtype=np.uint8)
        at = np.flatnonzero(array[1:-1] == self._quote[0]) + 1
        opening, closing = at[self._odd :: 2], at[1 - self._odd :: 2]
        self.in_doubt = not (self._edges[array[opening - 1]].all() and self._edges[array[closing + 1]].all())
        self._odd = (self._odd + len(at)) % 2


def check_quotes(path: str | os.PathLike[str], dialect: Dialect) -> None:
    """Read the whole table exactly; slow.

    Raises:
        RowError: A quoted cell is not closed, or text follows its closing quote; names the line.
    """
    with open_body(path, dialect) as stream:
        for row in scan_rows(stream, dialect, dialect.skip_lines + 1):
            check_row(path, dialect, row)


def check_row(path: str | os.PathLike[str], dialect: Dialect, row: RawRow) -> None:
    """Raise `RowError` if a row has a fault; names the line."""
    if row.fault == TEXT_AFTER_QUOTE:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, text follows a closing quote "
            f"({dialect.quote}). Double the quotes inside quoted cells, or remove the stray one."
        )
    if row.fault == TEXT_BEFORE_QUOTE:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, text precedes an opening quote "
            f"({dialect.quote}). Insert the missing delimiter, or quote the whole cell."
        )
    if row.fault == NEVER_OPENED:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, a cell ends with a quote "
            f"({dialect.quote}) that was never opened. Add the opening quote, or remove the doubled quotes."
        )
    if row.fault == SPACE_BEFORE_QUOTE:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, a space precedes an opening "
            f"quote ({dialect.quote}). Remove it."
        )
    if row.fault == TOO_MANY_CELLS:
        raise RowError(
            f"File {show_name(path)}: line {row.line:,}: {row.fault}. Read as {dialect.description}: choose how the "
            "file is written, or quote cells that contain the delimiter."
        )
    if row.fault:
        raise RowError(
            f"File {show_name(path)}: a quote ({dialect.quote}) opened in the row that begins in line {row.line:,} is "
            "never closed. Close it, or double it if it is part of the text."
        )

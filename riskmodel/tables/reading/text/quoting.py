"""Quotes: whether a table's quoted cells are closed and nothing stands beside them.

Readers mend such faults without a word: the rest of a file becomes one cell, ``"12"3`` becomes ``123``. Here a fast
check watches the bytes go by; only when it is in doubt does the exact one, ten times slower, look at the file again.
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
"""Looked at in one go: what larger pieces take of memory is given back and asked for again, which costs the most."""


class QuoteWatch:
    """Watches the bytes of a table in UTF-8 and says whether every quote is where the rules put it.

    In a table by the rules (RFC 4180) quotes come in turns: each first one stands at the beginning of a cell, each
    second one at its end, save that two in a row inside a cell mean one. That is checked for all quotes at once.
    A quote inside an unquoted cell is harmless, yet puts the watch in doubt; so does every quote where a dialect has an
    escape character.
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
        """Take the next bytes."""
        if not self._began:
            chunk = chunk.removeprefix(BYTE_ORDER_MARK)
            self._began = True
        for start in range(0, len(chunk), _PIECE_BYTES):
            self._look(self._tail + chunk[start : start + _PIECE_BYTES])

    def finish(self) -> None:
        """There are no more bytes."""
        self._look(self._tail + b"\n")
        self.in_doubt |= self._odd == 1

    def _look(self, data: bytes) -> None:
        # The first byte was looked at before and the last one waits, so that each quote has both neighbours.
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
    """Raise `RowError` where a row has a fault; names the line."""
    if row.fault == TEXT_AFTER_QUOTE:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, text follows a closing quote "
            f"({dialect.quote}). Double the quotes inside quoted cells, or remove the stray one."
        )
    if row.fault == TEXT_BEFORE_QUOTE:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, text stands before an opening quote "
            f"({dialect.quote}). Insert the missing delimiter, or quote the whole cell."
        )
    if row.fault == NEVER_OPENED:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, a cell ends with a quote "
            f"({dialect.quote}) that was never opened. Add the opening quote, or remove the doubled quotes."
        )
    if row.fault == SPACE_BEFORE_QUOTE:
        raise RowError(
            f"File {show_name(path)}: in the row that begins in line {row.line:,}, a space stands before an opening "
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

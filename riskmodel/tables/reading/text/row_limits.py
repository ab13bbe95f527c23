"""Limits of a single row of text, which keep memory and time proportional to the file size."""

import re
from functools import cache

from riskmodel.tables.schema.dialect import Dialect

MAX_ROW_BYTES = 1 << 26
"""Most bytes of a line, and of a row plus 32 per line; a longer quoted cell counts as not closed."""
MAX_COLUMNS = 20_000
"""Most columns of a table, and cells of a row."""
_GROWTH = 1.5


class LongLineError(Exception):
    """A line is too long.

    Attributes:
        line: Its line number; the file's first is 1.
        max_bytes: The maximum length.
    """

    def __init__(self, line: int, max_bytes: int) -> None:
        super().__init__(line, max_bytes)
        self.line, self.max_bytes = line, max_bytes


class CellLimit:
    """Checks the lines of one row for more than `MAX_COLUMNS` cells before any cell is created.

    Delimiters inside quoted cells do not count. The row is only examined if it has more delimiters than that, and
    again when it has half as many more, so that the time is proportional to the length.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._delimiter = dialect.delimiter.encode()
        self._lines: list[bytes] = []
        self._num_delimiters = 0
        self._next_check: float = MAX_COLUMNS

    def is_exceeded_by(self, line: bytes) -> bool:
        """True if the row has too many cells with this further line."""
        self._lines.append(line)
        self._num_delimiters += line.count(self._delimiter)
        if self._num_delimiters < self._next_check:
            return False
        self._next_check = self._num_delimiters * _GROWTH
        return _has_more_cells(b"".join(self._lines), self._dialect, MAX_COLUMNS)


def _has_more_cells(content: bytes, dialect: Dialect, max_cells: int) -> bool:
    cell, delimiter = _cell(dialect), dialect.delimiter.encode()
    place = 0
    for _ in range(max_cells):
        match = cell.match(content, place)
        place = match.end() if match else place
        if not content.startswith(delimiter, place):
            return False
        place += 1
    return True


@cache
def _cell(dialect: Dialect) -> re.Pattern[bytes]:
    """A quoted cell, closed or not, or an unquoted one."""
    mark, quote = re.escape(dialect.delimiter.encode()), re.escape(dialect.quote.encode())
    escape = re.escape(dialect.escape.encode())
    escaped = rb"|%b." % escape if escape else b""
    space = b" *+" if dialect.skip_initial_space else b""
    quoted = rb"%b[^%b%b]*+(?:(?:%b%b%b)[^%b%b]*+)*+(?:%b|\Z)" % (
        *(quote, quote, escape),
        *(quote, quote, escaped),
        *(quote, escape, quote),
    )
    plain = rb"[^%b\r\n%b]*+(?:%b.[^%b\r\n%b]*+)*+" % (mark, escape, escape, mark, escape)
    return re.compile(space + b"(?:%b|%b)" % (quoted, plain if escape else rb"[^%b\r\n]*+" % mark), re.DOTALL)

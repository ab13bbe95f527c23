"""Quotes: whether a table's quoted cells are closed and nothing stands beside them.

Readers mend such faults without a word: the rest of a file becomes one cell, ``"12"3`` becomes ``123``. Here a fast
check watches the bytes go by; only when it is in doubt does the exact one, ten times slower, look at the file again.
"""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from riskmodel.errors import DataError
from riskmodel.tables.dialect import Dialect
from riskmodel.tables.encoding import open_utf8
from riskmodel.tables.source import show_name

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class QuoteWatch:
    """Watches the bytes of a table in UTF-8 and says whether every quote is where the rules put it.

    In a table by the rules (RFC 4180) quotes come in turns: each first one stands at the beginning of a cell, each
    second one at its end, save that two in a row inside a cell mean one. That is checked for all quotes at once.
    A quote inside an unquoted cell is harmless, yet puts the watch in doubt.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.in_doubt = False
        self._quote = dialect.quote.encode()
        self._edges = np.zeros(256, dtype=bool)
        self._edges[list(f"{dialect.delimiter}\n\r{dialect.quote}".encode())] = True
        self._odd = 0
        self._tail = b"\n"
        self._began = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not self._began:
            chunk = chunk.removeprefix(_BYTE_ORDER_MARK)
            self._began = True
        self._look(self._tail + chunk)

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


@contextmanager
def open_rows(path: str | os.PathLike[str], dialect: Dialect) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The rows of a table with the line each begins in (1 is the header's), blank lines left out; slow and exact.

    Raises:
        DataError: A quoted cell is not closed, or text follows its closing quote; names the line.
    """
    with (
        open_utf8(path, dialect.compression, dialect.encoding) as stream,
        io.TextIOWrapper(stream, "utf-8-sig", newline="") as text,
    ):
        yield _iterate_rows(path, dialect, text)


def check_quotes(path: str | os.PathLike[str], dialect: Dialect) -> None:
    """Read the whole table exactly; errors as `open_rows`."""
    with open_rows(path, dialect) as rows:
        for _ in rows:
            pass


def _iterate_rows(
    path: str | os.PathLike[str], dialect: Dialect, text: io.TextIOWrapper
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(_describe(path, dialect, line, str(error))) from error
        if row:
            yield line, row
        line = reader.line_num + 1


def _describe(path: str | os.PathLike[str], dialect: Dialect, line: int, error: str) -> str:
    if "expected after" in error:
        return (
            f"File {show_name(path)}: in the row that begins in line {line:,}, text follows a closing quote "
            f"({dialect.quote}). Double the quotes inside quoted cells, or remove the stray one."
        )
    return (
        f"File {show_name(path)}: a quote ({dialect.quote}) opened in the row that begins in line {line:,} is never "
        "closed. Close it, or double it if it is part of the text."
    )

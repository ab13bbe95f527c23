"""Exact scan of the rows of a text table: first line, bytes and fault of each.

Slower than pyarrow; used if a table has faults, to name them or to reject the rows. Of a row without an identifiable
end (such as an unclosed quote) only the first line is rejected, so that one stray quote does not affect the rest of
the file.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import IO, NamedTuple

from riskmodel.tables.files.source import CHUNK_BYTES
from riskmodel.tables.reading.text.row_limits import MAX_COLUMNS, MAX_ROW_BYTES, CellLimit, LongLineError
from riskmodel.tables.schema.dialect import Dialect

_LINE_BYTES = 32
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ESCAPED = re.compile(r"\\.?", re.DOTALL)
NEVER_CLOSED = "a quote opened in it is never closed"
TEXT_AFTER_QUOTE = "text follows a closing quote"
TEXT_BEFORE_QUOTE = "text precedes an opening quote"
NEVER_OPENED = "a quote closes in it that was never opened"
SPACE_BEFORE_QUOTE = "a space precedes an opening quote"
TOO_MANY_CELLS = f"it has more than {MAX_COLUMNS:,} cells"

# The csv module rejects cells of more than 128 KiB by default.
csv.field_size_limit(MAX_ROW_BYTES)


class RawRow(NamedTuple):
    """A row of a file in bytes.

    Attributes:
        line: Its first line; the file's first is 1.
        content: Its bytes in UTF-8, including the line end.
        num_cells: Its number of cells; 0 for a blank line and for a row with a fault.
        fault: Why it is malformed, or empty.
    """

    line: int
    content: bytes
    num_cells: int
    fault: str = ""


def scan_lines(stream: IO[bytes], first_line: int = 1) -> Iterator[bytes]:
    """The lines of a stream, each with its end: line feed, carriage return, or both.

    Raises:
        LongLineError: A line is longer than `MAX_ROW_BYTES`; `first_line` is the number of the first one.
    """
    rest: list[bytes] = []  # pieces of a line, joined once, so that the time is not quadratic in its length
    line = first_line
    while chunk := stream.read(CHUNK_BYTES):
        rest.append(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            if len(rest) * CHUNK_BYTES > MAX_ROW_BYTES and sum(map(len, rest)) > MAX_ROW_BYTES:
                raise LongLineError(line, MAX_ROW_BYTES)
            continue
        lines = b"".join(rest).splitlines(keepends=True)
        # The line feed of a carriage return at the end of a piece may be in the next one.
        rest = [] if lines[-1].endswith(b"\n") else [lines.pop()]
        line += len(lines)
        yield from lines
    yield from b"".join(rest).splitlines(keepends=True)


def scan_rows(stream: IO[bytes], dialect: Dialect, first_line: int = 1) -> Iterator[RawRow]:
    """The rows of a stream in UTF-8, including blank ones, without comments.

    Args:
        stream: From the header line on.
        dialect: The dialect of the rows.
        first_line: The number of the stream's first line in its file.

    Raises:
        UnicodeDecodeError: A row with quotes is not UTF-8.
        LongLineError: A line is too long.
    """
    lines = scan_lines(stream, first_line)
    waiting: deque[bytes] = deque()
    line = first_line
    delimiter, comment = dialect.delimiter.encode(), dialect.comment.encode()
    marks = [mark.encode() for mark in (dialect.quote, dialect.escape) if mark]
    fault, until = "", 0  # of the last failed attempt, and the line of its failure
    while (content := waiting.popleft() if waiting else next(lines, b"")) != b"":
        if line == 1:
            content = content.removeprefix(BYTE_ORDER_MARK)
        begun, line = line, line + 1
        if comment and content.startswith(comment):
            continue
        if not any(mark in content for mark in marks):
            blank = not content.strip(b"\r\n")
            yield RawRow(begun, content, 0 if blank else content.count(delimiter) + 1)
            continue
        # A quote that is open at the end of a line within a failed attempt ends where that attempt ended: if
        # it were followed each time, a file of such lines would take hours.
        known = fault if begun < until and not dialect.escape else ""
        row, taken = _take_quoted(RawRow(begun, content, 0), lines, waiting, dialect, known)
        if row.fault and begun + taken - 1 > until:
            fault, until = row.fault, begun + taken - 1
        line += 0 if row.fault else count_lines(row.content) - 1
        yield row


def split_row(content: bytes, dialect: Dialect) -> list[str]:
    """The cells of one row without a fault."""
    # Not `str.splitlines`, which splits at form feeds and line separators inside a cell.
    return next(make_reader(io.StringIO(content.decode(), newline=""), dialect), [])


def make_reader(lines: Iterator[str], dialect: Dialect) -> "Iterator[list[str]]":
    """The standard library's strict reader of this dialect."""
    if dialect.escape:
        lines = (_double_plain_escapes(line, dialect) for line in lines)
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape or None,
        skipinitialspace=dialect.skip_initial_space,
        strict=True,
    )


def for_pyarrow(rows: bytes, dialect: Dialect) -> bytes:
    """Well-formed rows without what pyarrow does not support: escapes that are text, and spaces before cells."""
    if dialect.escape and dialect.escape.encode() in rows:
        rows = _double_plain_escapes(rows.decode(), dialect).encode()
    if dialect.skip_initial_space:
        rows = _initial_space(dialect).sub(rb"\1\2", rows)
    return rows


def _double_plain_escapes(text: str, dialect: Dialect) -> str:
    """The text with every escape character doubled that precedes no special character and so is text."""
    marks = (dialect.quote, dialect.delimiter, dialect.escape)
    return _ESCAPED.sub(lambda match: match[0] if match[0][1:] in marks else "\\" + match[0], text)


@cache
def _initial_space(dialect: Dialect) -> re.Pattern[bytes]:
    """Pattern of a delimiter or line end, the spaces after it, and an optional quoted cell, whose spaces are kept."""
    mark, quote = re.escape(dialect.delimiter.encode()), re.escape(dialect.quote.encode())
    return re.compile(rb"(^|[\r\n]|%b) *+(%b%b)?" % (mark, _open_cell(dialect), quote))


def _open_cell(dialect: Dialect) -> bytes:
    """Pattern of a quoted cell without its closing quote."""
    return rb"%b[^%b]*+(?:%b%b[^%b]*+)*+" % ((re.escape(dialect.quote.encode()),) * 5)


def _find_stray_quote(content: bytes, cells: list[str], dialect: Dialect) -> str:
    """The fault of a row with quotes within its cells; empty where they are text."""
    if _has_merged_cells(content, dialect):
        return TEXT_BEFORE_QUOTE
    # Since a doubled quote within quotes means one, only unquoted cells appear in the file unchanged.
    quote, written = dialect.quote, set(content.rstrip(b"\r\n").split(dialect.delimiter.encode()))
    unquoted = [cell for cell in cells if len(cell) > 2 and cell.endswith(quote) and cell.encode() in written]
    if any(
        cell.startswith(" ") and cell.lstrip(" ").startswith(quote) and cell.strip(f" {quote}") for cell in unquoted
    ):
        return SPACE_BEFORE_QUOTE
    is_closed = any(quote * 2 in cell and not cell.endswith(quote * 2) for cell in unquoted)
    return NEVER_OPENED if is_closed else ""


def _has_merged_cells(content: bytes, dialect: Dialect) -> bool:
    """True if a quote opens within an unquoted cell and closes at the end of a later one, as in ``20"Bert, old"``.

    A delimiter is missing before the quote. A quote that only ends its cell (``5"``) is text.
    """
    quoted, opening, merged = _quoted_cells(dialect)
    if opening.search(content) is None:  # as in most rows
        return False
    # A seemingly quoted cell that does not end with its quote is skipped as a whole: searched again from each of its
    # delimiters, a long row would take hours.
    return merged.search(quoted.sub(lambda match: match[0] if match[1] is None else b"", content)) is not None


@cache
def _quoted_cells(dialect: Dialect) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    mark, quote = re.escape(dialect.delimiter.encode()), re.escape(dialect.quote.encode())
    quoted = rb"(?:^|(?<=%b)) *+%b(%b(?=%b|[\r\n]|$))?" % (mark, _open_cell(dialect), quote, mark)
    opening = rb"[^\s%b%b]%b[^\s%b%b]" % (mark, quote, quote, mark, quote)
    text, pair = rb"[^%b%b\r\n]" % (quote, mark), quote * 2
    before = rb"%b(?:%b|%b)*+%b" % (opening, text, pair, mark)
    merged = rb"%b(?:[^%b\r\n]|%b)*+%b(?:%b|[\r\n]|$)" % (before, quote, pair, quote, mark)
    return re.compile(quoted), re.compile(opening), re.compile(merged)


def _take_quoted(
    first: RawRow, lines: Iterator[bytes], waiting: "deque[bytes]", dialect: Dialect, known: str
) -> tuple[RawRow, int]:
    """The row that begins with this line, and the number of lines examined.

    It includes further lines while a quote is open, unless the resulting fault is already `known`.
    """
    taken = [first.content]
    size = len(first.content)
    marks = [mark.encode() for mark in (dialect.quote, dialect.escape) if mark]
    limit = CellLimit(dialect)

    def text_of(content: bytes) -> str:
        if limit.is_exceeded_by(content):
            raise _TooManyCellsError
        return content.decode()

    def feed() -> Iterator[str]:
        nonlocal size
        yield text_of(first.content)
        begin = 1  # the lines within the open cell, processed together
        while not known and size < MAX_ROW_BYTES and (more := waiting.popleft() if waiting else next(lines, b"")):
            taken.append(more)
            size += len(more) + _LINE_BYTES
            if any(mark in more for mark in marks):
                yield text_of(b"".join(taken[begin:]))
                begin = len(taken)
        if begin < len(taken):
            yield text_of(b"".join(taken[begin:]))

    try:
        cells = next(make_reader(feed(), dialect))
    except csv.Error as error:
        waiting.extendleft(reversed(taken[1:]))
        fault = TEXT_AFTER_QUOTE if "expected after" in str(error) else known or NEVER_CLOSED
        return first._replace(fault=fault), len(taken)
    except _TooManyCellsError:
        waiting.extendleft(reversed(taken[1:]))
        return first._replace(fault=TOO_MANY_CELLS if len(taken) == 1 else NEVER_CLOSED), len(taken)
    content = b"".join(taken)
    if not dialect.escape and any(dialect.quote in cell for cell in cells):
        fault = _find_stray_quote(content, cells, dialect)
        if fault:
            waiting.extendleft(reversed(taken[1:]))
            return first._replace(fault=fault), len(taken)
    return first._replace(content=content, num_cells=len(cells)), len(taken)


class _TooManyCellsError(Exception):
    """A row has more cells than a table has columns."""


def count_lines(content: bytes) -> int:
    """Number of lines in some bytes."""
    return len(content.splitlines())

"""The header of a table, and messages about rows with a different number of cells."""

import csv
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.errors import DataError
from riskmodel.tables.files.source import read_head, show_name
from riskmodel.tables.reading.layout.exclusions import ExclusionRule
from riskmodel.tables.reading.text.body import open_body
from riskmodel.tables.reading.text.column_names import make_usable
from riskmodel.tables.reading.text.quoting import check_row
from riskmodel.tables.reading.text.rejects import MAX_REJECTS
from riskmodel.tables.reading.text.row_limits import MAX_COLUMNS
from riskmodel.tables.reading.text.rows import NEVER_CLOSED, RawRow, count_lines, scan_rows, split_row
from riskmodel.tables.schema.dialect import FORMAT_SETTINGS, Dialect
from riskmodel.wording import first_few, plural

_NAMED_LINES = 3
_NUM_FOLLOWING = 50
_MAX_EXAMINED = 10_000  # including blank and unreadable ones
_MAX_FOLLOWING_BYTES = 1 << 20
_LIKELY_SHARE = 0.8


@dataclass(frozen=True)
class Header:
    """The header of a table.

    Attributes:
        names: One per column, unique and not blank.
        num_lines: Number of the table's first lines that it takes, including blank ones and comments before it.
        rule: Recognizes rows below the header that are not data.
        notes: A message for each changed name.
    """

    names: list[str]
    num_lines: int
    rule: ExclusionRule
    notes: tuple[str, ...] = ()


def read_header(path: str | os.PathLike[str], dialect: Dialect) -> Header:
    """The columns' names.

    Without a header line the columns are named by their numbers, as are columns with a blank name; names on several
    lines are joined by a space; a duplicate name gets a number.

    Raises:
        DataError: The file is empty, or its beginning cannot be read.
    """
    read_head(path, dialect.compression)
    rows, following = _first_rows(path, dialect, max(dialect.header_lines, 1))
    if len(rows) < max(dialect.header_lines, 1):
        raise DataError(
            f"File {show_name(path)} has no line left for the names of the columns. Read as {dialect.description}: "
            "change the format settings.",
            FORMAT_SETTINGS,
        )
    cells = [split_row(row.content, dialect) for row in rows]
    if dialect.header_lines == 0:
        names = [f"column {number}" for number in range(1, len(cells[0]) + 1)]
        return Header(names, 0, _make_rule([], [*rows, *following], len(names), dialect))
    if len(cells) > 1:
        width = max(map(len, cells))
        parts = [[row[i].strip() if i < len(row) else "" for row in cells] for i in range(width)]
        names = [" ".join(filter(None, cells)) for cells in parts]
    else:
        names = cells[0]
    names, added = _complete(path, names, rows[-1], following, dialect)
    _check_delimiter(path, names, rows[-1], following, dialect)
    usable, notes = make_usable(path, names)
    num_lines = rows[-1].line + count_lines(rows[-1].content) - 1 - dialect.skip_lines
    return Header(usable, num_lines, _make_rule(cells, following, len(names), dialect), (*added, *notes))


def describe_ragged(path: str | os.PathLike[str], dialect: Dialect, rule: ExclusionRule) -> str:
    """A message with the first data rows whose number of cells differs from the number of columns."""
    width, total, in_other_quotes = rule.width, 0, 0
    other = dialect.model_copy(update={"quote": "'" if dialect.quote == '"' else '"'})
    named: list[str] = []
    with open_body(path, dialect) as stream:
        for row in scan_rows(stream, dialect, dialect.skip_lines + 1):
            check_row(path, dialect, row)
            if row.num_cells not in (0, width):
                total += 1
                in_other_quotes += _count_cells(row, other) == width
                if len(named) <= _NAMED_LINES:
                    named.append(f"line {row.line:,} has {row.num_cells}")
            if total > MAX_REJECTS:
                break
    advice = "Correct these lines, or quote cells that contain the delimiter."
    if in_other_quotes:
        advice = (
            f"{in_other_quotes:,} of them would have {width} with {other.quote} as the quote character: the file mixes "
            "two. Use one in all rows, or correct these lines."
        )
    count = f"more than {MAX_REJECTS:,}" if total > MAX_REJECTS else f"{total:,}"
    return (
        f"File {show_name(path)}: {count} {plural(total, 'row does', 'rows do')} not have the header's {width} cells "
        f"({first_few(named, _NAMED_LINES)}). Read as {dialect.description}. {advice}"
    )


def _count_cells(row: RawRow, dialect: Dialect) -> int:
    """Number of cells of a row in a possibly wrong dialect; 0 if it cannot be split."""
    try:
        return len(split_row(row.content, dialect))
    except csv.Error:
        return 0


def _first_rows(path: str | os.PathLike[str], dialect: Dialect, num_first: int) -> tuple[list[RawRow], list[RawRow]]:
    """The first rows that are not blank, and some of the following rows."""
    first: list[RawRow] = []
    following: list[RawRow] = []
    num_bytes = num_rows = 0
    with open_body(path, dialect) as stream:
        for row in scan_rows(stream, dialect, dialect.skip_lines + 1):
            if len(first) < num_first:
                check_row(path, dialect, row)
                if row.num_cells > MAX_COLUMNS:
                    raise DataError(
                        f"File {show_name(path)} has {row.num_cells:,} columns; at most {MAX_COLUMNS:,} can be read. "
                        f"Read as {dialect.description}: change the format settings, or remove columns.",
                        FORMAT_SETTINGS,
                    )
                row.content.decode()  # while the body is open, which converts decoding errors to messages
                first += [row] if row.num_cells else []
            else:
                num_bytes += len(row.content)
                num_rows += 1
                following += [row] if row.num_cells and num_bytes < _MAX_FOLLOWING_BYTES else []
            is_enough = len(following) == _NUM_FOLLOWING or num_rows == _MAX_EXAMINED
            if is_enough or num_bytes > _MAX_FOLLOWING_BYTES or row.fault == NEVER_CLOSED:
                break
    return first, following


def _make_rule(headers: Sequence[Sequence[str]], rows: Sequence[RawRow], width: int, dialect: Dialect) -> ExclusionRule:
    sample = tuple(tuple(split_row(row.content, dialect)) for row in rows if row.num_cells == width)
    padded = tuple(tuple([*cells, *[""] * width][:width]) for cells in headers)
    return ExclusionRule(padded, sample, width)


def _complete(
    path: str | os.PathLike[str], names: list[str], header: RawRow, following: Sequence[RawRow], dialect: Dialect
) -> tuple[list[str], tuple[str, ...]]:
    """The names with a blank one added if nearly every row has one more cell, and a message about it.

    It is the last one if the rows end with a delimiter, and the first one if R wrote row names, which
    are quoted like the column names. Anything else is an error, since any of the names may be missing.
    """
    longer = [row for row in following if row.num_cells == len(names) + 1]
    has_quotes = any(dialect.quote in name for name in names)  # such as a missing delimiter between two names
    if not longer or len(longer) < _LIKELY_SHARE * len(following):
        return names, ()
    if all(row.content.rstrip(b"\r\n").endswith(dialect.delimiter.encode()) for row in longer):
        return [*names, ""], ()
    quote = dialect.quote.encode()
    if not has_quotes and all(row.content.startswith(quote) for row in (header, *longer)):
        counts = f"{len(names):,} names for {len(names) + 1:,} columns"
        return ["", *names], (f"The header has {counts}: the first column is read as row names.",)
    raise DataError(
        f"File {show_name(path)}: the header in line {header.line:,} has {len(names):,} names, but the rows have "
        f"{len(names) + 1:,} cells (line {longer[0].line:,}). A name is missing: add it to the header. To number the "
        f"columns instead, set the header lines to 0 and the lines before the header to {header.line:,}."
    )


def _check_delimiter(
    path: str | os.PathLike[str], names: Sequence[str], header: RawRow, following: Sequence[RawRow], dialect: Dialect
) -> None:
    """Raise DataError if another character separates the header's names than the rows' cells."""
    widths = {row.num_cells for row in following}
    if len(names) > 1 or len(widths) != 1 or widths <= {0, 1}:
        return
    (width,) = widths
    if len(re.split(r"[\s,;|]+", names[0].strip())) == width:
        raise DataError(
            f"File {show_name(path)}: the header in line {header.line:,} has another delimiter than the rows. Read as "
            f"{dialect.description}: correct the header, or skip it and number the columns.",
            ("skip_lines", "header_lines"),
        )

"""The names of a table's columns, and rows that do not have as many cells."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.errors import DataError
from riskmodel.tables.body import open_body
from riskmodel.tables.column_names import make_usable
from riskmodel.tables.dialect import Dialect
from riskmodel.tables.quoting import check_row, open_rows
from riskmodel.tables.rows import RawRow, count_lines, scan_rows, split_row
from riskmodel.tables.source import read_head, show_name

MOST_COLUMNS = 100_000
_NAMED_LINES = 3
_ROWS_LOOKED_AT = 50
_LIKELY_SHARE = 0.8


@dataclass(frozen=True)
class Header:
    """What a table's columns are called.

    Attributes:
        names: One per column, none blank and none twice.
        num_lines: How many of the table's first lines they take, blank ones and comments before them too.
        notes: A sentence for each name that the file does not have so.
    """

    names: list[str]
    num_lines: int
    notes: tuple[str, ...] = ()


def read_header(path: str | os.PathLike[str], dialect: Dialect) -> Header:
    """The columns' names.

    Without a header line the columns are named by their numbers, as is one whose name is blank; names on several lines
    are joined by a space; a name that stands there twice gets a number the second time.

    Raises:
        DataError: The file is empty, or its beginning cannot be read.
    """
    read_head(path, dialect.compression)
    rows, following = _first_rows(path, dialect, max(dialect.header_lines, 1))
    if len(rows) < max(dialect.header_lines, 1):
        raise DataError(
            f"File {show_name(path)} has no line left for the names of the columns. Read as {dialect.description}: "
            "choose how the file is written."
        )
    cells = [split_row(row.content, dialect) for row in rows]
    if dialect.header_lines == 0:
        return Header([f"column {number}" for number in range(1, len(cells[0]) + 1)], 0)
    if len(cells) > 1:
        width = max(map(len, cells))
        parts = [[row[i].strip() if i < len(row) else "" for row in cells] for i in range(width)]
        names = [" ".join(filter(None, each)) for each in parts]
    else:
        names = cells[0]
    names = _complete(names, following, dialect)
    if len(names) > MOST_COLUMNS:
        raise DataError(
            f"File {show_name(path)} has {len(names):,} columns; at most {MOST_COLUMNS:,} can be read. Read as "
            f"{dialect.description}: choose how the file is written, or leave columns out."
        )
    usable, notes = make_usable(names)
    return Header(usable, rows[-1].line + count_lines(rows[-1].content) - 1 - dialect.skip_lines, notes)


def describe_ragged(path: str | os.PathLike[str], dialect: Dialect, width: int) -> str:
    """A sentence that names the first rows which do not have ``width`` cells."""
    total = 0
    named: list[str] = []
    with open_rows(path, dialect) as rows:
        for line, row in rows:
            if len(row) != width:
                total += 1
                if len(named) < _NAMED_LINES:
                    named.append(f"line {line:,} has {len(row)}")
    more = ", …" if total > len(named) else ""
    return (
        f"File {show_name(path)}: {total:,} row{'s do' if total != 1 else ' does'} not have the header's {width} cells "
        f"({', '.join(named)}{more}). Read as {dialect.description}. Mend these lines, or quote cells that contain "
        "the delimiter."
    )


def _first_rows(path: str | os.PathLike[str], dialect: Dialect, wanted: int) -> tuple[list[RawRow], list[RawRow]]:
    """The first rows that are not blank, and some of those that follow them."""
    found: list[RawRow] = []
    following: list[RawRow] = []
    with open_body(path, dialect) as stream:
        for row in scan_rows(stream, dialect, dialect.skip_lines + 1):
            if len(found) < wanted:
                check_row(path, dialect, row)
                row.content.decode()  # while the body is open, which says in words what is not of the encoding
                found += [row] if row.num_cells else []
            else:
                following += [row] if row.num_cells else []
            if len(following) == _ROWS_LOOKED_AT:
                break
    return found, following


def _complete(names: list[str], following: Sequence[RawRow], dialect: Dialect) -> list[str]:
    """The names with a blank one where nearly every row has a cell more: R writes no name for the rows' own names.

    It is the last one where the rows end with a delimiter.
    """
    longer = [row for row in following if row.num_cells == len(names) + 1]
    if not longer or len(longer) < _LIKELY_SHARE * len(following):
        return names
    blank_last = all(row.content.rstrip(b"\r\n").endswith(dialect.delimiter.encode()) for row in longer)
    return [*names, ""] if blank_last else ["", *names]

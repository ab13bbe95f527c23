"""Properties that reading any bytes as a table of text must have, compared with the csv module."""

import contextlib
import csv
import io
import re
from pathlib import Path

from riskmodel.errors import DataError
from riskmodel.tables.files.source import open_bytes
from riskmodel.tables.reading.layout.exclusions import NO_VALUES, NOTE, REPEATED_HEADER, TOTAL
from riskmodel.tables.reading.open_table import TableFile, detect_format, open_table, read_file
from riskmodel.tables.reading.text.rows import TEXT_BEFORE_QUOTE
from riskmodel.tables.schema.dialect import Dialect

SET_ASIDE_WHOLE = {NO_VALUES, NOTE, REPEATED_HEADER, TOTAL, TEXT_BEFORE_QUOTE}
"""Reasons for which rows with the right number of cells are rejected or excluded."""


def check_any_file(path: Path, block_bytes: int | None = None) -> None:
    """Read a file as the studio does: it is refused with a message, or every row is read, rejected or excluded.

    Raises:
        AssertionError: A cell was changed, or a row is in neither.
    """
    try:
        detect_format(path)
        file = read_file(path)
    except DataError as error:
        assert str(error).strip(), "an error without words"
        return
    if isinstance(file.layout, Dialect):
        check_table(path, file, file.layout, block_bytes)


def check_dialect(path: Path, dialect: Dialect, block_bytes: int | None = None) -> None:
    """The same for a file in a chosen dialect."""
    try:
        file = read_file(path, dialect)
    except DataError as error:
        assert str(error).strip(), "an error without words"
        return
    check_table(path, file, dialect, block_bytes)


def check_table(path: Path, file: TableFile, dialect: Dialect, block_bytes: int | None) -> None:
    """Rows read, rejected and excluded are those of the file, and so are the cells, for pieces of any size."""
    rows = [list(row) for row in zip(*(column.to_pylist() for column in file.table.columns), strict=True)]
    if block_bytes is not None and file.rejects.num_rows == 0:
        pieces = [row for batch in open_table(path, dialect, block_bytes) for row in batch.to_pylist()]
        assert [list(piece.values()) for piece in pieces] == rows
    expected = _cut(path, dialect)
    if expected is None:
        return
    filled = [place for place, row in enumerate(expected) if row]
    begin = filled[dialect.header_lines - 1] + 1 if dialect.header_lines else 0
    header, body = list(filter(None, expected[:begin])), expected[begin:]
    width = file.table.num_columns
    if width == 1:  # a blank line is a missing cell, but before the header
        body = [row or [""] for row in body]
    body = [row for row in body if row]
    assert len(body) == len(rows) + file.rejects.num_rows
    whole = [row for row in body if len(row) == width]
    aside = file.rejects.table["reason"].to_pylist()
    assert len(whole) - len(rows) == sum(reason in SET_ASIDE_WHOLE for reason in aside)
    remaining = iter(whole)
    assert all(row in remaining for row in rows), "a row was changed or moved"
    if dialect.header_lines == 1 and not file.notes:
        assert header == [file.table.column_names]


def _cut(path: Path, dialect: Dialect) -> list[list[str]] | None:
    """The file's rows as the csv module reads them; None if it refuses them, or if comments are excluded."""
    if dialect.comment:
        return None
    with open_bytes(path, dialect.compression) as stream:
        content = stream.read()
    try:
        text = content.decode(dialect.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:  # in lines that are left out
        return None
    lines = list(io.StringIO(text, newline=""))[dialect.skip_lines :]
    if dialect.footer_lines:
        filled = [place for place, line in enumerate(lines) if line.strip("\r\n")]
        del lines[filled[-dialect.footer_lines] :]
    if dialect.escape:  # before other characters a backslash is text
        marks = re.escape(f"\\{dialect.quote}{dialect.delimiter}")
        lines = [re.sub(rf"\\(?:([{marks}])|)", lambda found: found[0] if found[1] else r"\\", line) for line in lines]
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape or None,
        skipinitialspace=dialect.skip_initial_space,
        strict=True,
    )
    with contextlib.suppress(csv.Error):
        return list(reader)
    return None

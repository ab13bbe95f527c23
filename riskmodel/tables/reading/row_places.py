"""Locates rows of a table in its file: the line of a text, the row of a sheet."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import count, islice

import pyarrow as pa

from riskmodel.tables.reading.open_table import TableReader
from riskmodel.tables.reading.text.body import open_body
from riskmodel.tables.reading.text.header import read_header
from riskmodel.tables.reading.text.rejects import find_problem
from riskmodel.tables.reading.text.rows import scan_rows
from riskmodel.tables.reading.typed.typed_reader import TypedReader
from riskmodel.tables.schema.dialect import Dialect

Places = list[tuple[int, str]]


def find_places(path: str | os.PathLike[str], reader: TableReader, table: pa.Table, rows: Sequence[int]) -> Places:
    """The number and the text of the given rows.

    A text is read only up to the last of these rows.

    Args:
        path: The file.
        reader: The reader of the file.
        table: The whole table returned by it.
        rows: Ascending positions in the table, from 0.

    Returns:
        For each row of a text, its first line and its text as in the file; of a sheet, its row and its cells separated
        by tabs. In other formats rows are counted from 1.
    """
    positions = set(rows)
    if isinstance(reader.layout, Dialect):
        places = _places_in_text(path, reader.layout, max(rows, default=-1))
        return [place for row, place in enumerate(places) if row in positions]
    numbers = islice(_rows_in_sheet(reader), max(rows, default=-1) + 1)
    cells = zip(*(column.take(pa.array(rows, pa.int64())).to_pylist() for column in table.columns), strict=True)
    selected = (number for row, number in enumerate(numbers) if row in positions)
    return [(number, "\t".join(texts)) for number, texts in zip(selected, cells, strict=True)]


def _places_in_text(path: str | os.PathLike[str], dialect: Dialect, last: int) -> Iterator[tuple[int, str]]:
    """Line and text of each row of the table up to the last requested one."""
    header = read_header(path, dialect)
    row = -1
    with open_body(path, dialect, header.num_lines) as stream:
        for raw in scan_rows(stream, dialect, 1 + dialect.skip_lines + header.num_lines):
            if row == last:
                return
            is_row = raw.num_cells > 0 or header.rule.width == 1
            if is_row and not find_problem(raw, dialect, header.rule)[0]:
                row += 1
                yield raw.line, raw.content.decode("utf-8", "replace").rstrip("\r\n")


def _rows_in_sheet(reader: TableReader) -> Iterator[int]:
    """The number of each row of the table."""
    if not isinstance(reader, TypedReader) or reader.layout is None:
        yield from count(1)
        return
    left_out = {*(row for row, _, _ in reader.excluded), *reader.blank}
    yield from (row for row in count((reader.layout.header_row or 0) + 1) if row not in left_out)

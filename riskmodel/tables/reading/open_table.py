"""Opens a table file of any format, detected from the content, and reads it into strings.

Formats other than text are read in a child process; see `reader_process`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import pyarrow as pa

from riskmodel.errors import DataError, DataWarning
from riskmodel.tables.files.signatures import OLE, ZIP, classify_ole, find_binary
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, read_signature, show_name, zip_container
from riskmodel.tables.reading.child.native_readers import NativeFormat
from riskmodel.tables.reading.child.reader_process import ProcessReader
from riskmodel.tables.reading.text.blocks import Block
from riskmodel.tables.reading.text.reading import BatchReader
from riskmodel.tables.reading.text.rejects import Rejects
from riskmodel.tables.reading.typed.typed_reader import TypedReader
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.sheet_layout import SheetLayout

Format: TypeAlias = Literal["text"] | NativeFormat
Layout: TypeAlias = Dialect | SheetLayout
"""The layout of a table: `Dialect` for text, `SheetLayout` for workbooks; other formats need none."""


class TableReader(Protocol):
    """A table of strings, read from its beginning on each iteration."""

    names: list[str]
    """The columns' names in the file's order."""
    notes: tuple[str, ...]
    """Messages for the analyst about how the file was read."""

    @property
    def layout(self) -> Layout | None:
        """The layout of the table, in the form accepted by `open_table`."""

    @property
    def description(self) -> str:
        """Description of the format and how it was read, for the analyst."""

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of every batch: all columns string."""

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows as non-empty record batches of string columns without nulls."""

    def blocks(self) -> Iterator[Block]:
        """All rows in their order, including malformed ones."""

    def read_all(self) -> pa.Table:
        """The whole table at once."""

    def read_all_but_rejects(self) -> tuple[pa.Table, Rejects]:
        """The well-formed rows, and the rejected ones."""


@dataclass(frozen=True, eq=False)
class TableFile:
    """A file that was read.

    Attributes:
        table: Its well-formed rows; every column string, without nulls.
        rejects: The rejected rows.
        description: Its format and how it was read.
        layout: Its layout, in the form accepted by `open_table`; None for formats without one.
        notes: Messages for the analyst about how it was read.
    """

    table: pa.Table
    rejects: Rejects
    description: str
    layout: Layout | None = None
    notes: tuple[str, ...] = ()


def read_file(path: str | os.PathLike[str], how: Layout | None = None) -> TableFile:
    """Read a table of any format; malformed rows of text are rejected instead of raising an error.

    Raises:
        DataError: As for `open_table`, except for malformed rows.

    Example:
        >>> file = read_file("sample_data/customers.csv")
        >>> file.table.num_rows, file.rejects.num_rows
        (5000, 0)
    """
    reader = open_table(path, how)
    table, rejects = reader.read_all_but_rejects()
    return TableFile(table, rejects, reader.description, reader.layout, reader.notes)


def detect_format(path: str | os.PathLike[str]) -> Format:
    """The format of a file by its content; text if no other format matches.

    Raises:
        DataError: The file does not exist, is empty, or is a damaged or truncated zip file.

    Example:
        >>> detect_format("sample_data/customers.csv")
        'text'
    """
    head = read_signature(path)
    if head.startswith(ZIP):
        return "workbook" if zip_container(path)[0] == "workbook" else "text"
    if head.startswith(OLE):
        return "workbook" if classify_ole(path)[0] == "workbook" else "text"
    return find_binary(head) or "text"


def open_table(
    path: str | os.PathLike[str], how: Layout | None = None, block_bytes: int = DEFAULT_BLOCK_BYTES
) -> TableReader:
    """Open a table to read it in batches of about `block_bytes`, or at once.

    Text, Parquet and Arrow files are streamed in bounded memory, as is compressed text (gzip, xz, Zstandard, bzip2, a
    zip archive with one table inside); a sheet of a workbook is held in memory as a whole.

    Args:
        path: The file; its name is not used for detection.
        how: A `Dialect` for text, a `SheetLayout` for a workbook; detected from the content when None.
        block_bytes: Approximate number of bytes per batch.

    Raises:
        DataError: The file is missing, empty, damaged or not a table, or `how` is for another format, or reading would
            exceed the limits of memory or time; for the rest, see `BatchReader`, `WorkbookReader`, `ColumnarReader`
            and `StatisticsReader`.

    Example:
        >>> open_table("sample_data/customers.csv").description
        'UTF-8, separated by commas'
    """
    kind = detect_format(path)
    if isinstance(how, SheetLayout) and kind != "workbook":
        raise DataError(f"File {show_name(path)} has no sheets: it is not a workbook. Omit the sheet.")
    if isinstance(how, Dialect):
        return BatchReader(path, how, block_bytes)
    if kind == "text":
        return BatchReader(path, None, block_bytes)
    return ProcessReader(path, kind, how, block_bytes)


def notes_of(reader: TableReader, how: Layout | None) -> tuple[str, ...]:
    """Messages for reading without review: lines around the table, the sheet, excluded rows.

    Args:
        reader: From `open_table`.
        how: The layout given by the caller; None if it was detected.
    """
    layout = reader.layout
    is_detected = how is None and (not layout.is_plain if isinstance(layout, Dialect) else layout is not None)
    aside = excluded_rows(reader).describe() if isinstance(reader, TypedReader) else ""
    return (*((f"Read as {reader.description}.",) if is_detected else ()), *reader.notes, *((aside,) if aside else ()))


def excluded_rows(reader: TableReader) -> Rejects:
    """The rows that a reader excluded because they are not data, such as totals."""
    if isinstance(reader, BatchReader):
        return reader.excluded
    return Rejects.of(reader.excluded if isinstance(reader, TypedReader) else (), "row")


def read_table(path: str | os.PathLike[str], how: Layout | None = None) -> pa.Table:
    """Read a whole table of any format; every column is string, without nulls. Errors as for `open_table`.

    Warns:
        DataWarning: How the file was read, such as lines excluded around the table.

    Example:
        >>> read_table("sample_data/customers.csv").num_rows
        5000
    """
    reader = open_table(path, how)
    table = reader.read_all()
    for note in notes_of(reader, how):
        warnings.warn(note, DataWarning, stacklevel=2)
    return table

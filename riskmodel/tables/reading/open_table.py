"""Any file with a table, whatever its format: found from the content, read into strings.

Formats other than text are read in a child process, see `reader_process`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import pyarrow as pa

from riskmodel.errors import DataError, DataWarning
from riskmodel.tables.files.signatures import OLE, ZIP, find_binary, look_into_ole
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, read_signature, show_name, zip_container
from riskmodel.tables.reading.child.reader_process import ProcessReader
from riskmodel.tables.reading.text.blocks import Block
from riskmodel.tables.reading.text.reading import BatchReader
from riskmodel.tables.reading.text.rejects import Rejects
from riskmodel.tables.reading.typed.typed_reader import TypedReader
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.sheet_layout import SheetLayout

Format: TypeAlias = Literal["text", "workbook", "parquet", "arrow", "sas", "xport", "spss", "stata"]
Layout: TypeAlias = Dialect | SheetLayout
"""How a table is written or where it lies: for tables of text and for workbooks; other formats leave no choice."""


class TableReader(Protocol):
    """A table of texts, read from its beginning each time it is iterated over."""

    names: list[str]
    """The columns' names in the file's order."""
    notes: tuple[str, ...]
    """What was made of the file that an analyst should know."""

    @property
    def layout(self) -> Layout | None:
        """How the table is written or where it lies, as `open_table` takes it."""

    @property
    def description(self) -> str:
        """What the file is and how it was read, in words for the analyst."""

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of every batch: all columns string."""

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows as record batches of string columns without nulls; never empty."""

    def blocks(self) -> Iterator[Block]:
        """All rows, also those that are not whole, each in its place."""

    def read_all(self) -> pa.Table:
        """The whole table at once."""

    def read_all_but_rejects(self) -> tuple[pa.Table, Rejects]:
        """The rows that are whole, and those set aside."""


@dataclass(frozen=True, eq=False)
class TableFile:
    """A file that was read.

    Attributes:
        table: Its whole rows; every column string, without nulls.
        rejects: The other rows, set aside.
        description: What it is and how it was read, in words.
        layout: The same as `open_table` takes it; None where a format leaves no choice.
        notes: What was made of it that an analyst should know.
    """

    table: pa.Table
    rejects: Rejects
    description: str
    layout: Layout | None = None
    notes: tuple[str, ...] = ()


def read_file(path: str | os.PathLike[str], how: Layout | None = None) -> TableFile:
    """Read a table of any format; rows of text that are not whole are set aside instead of refused.

    Raises:
        DataError: As `open_table`, but for ragged rows and broken quotes.

    Example:
        >>> file = read_file("sample_data/customers.csv")
        >>> file.table.num_rows, file.rejects.num_rows
        (5000, 0)
    """
    reader = open_table(path, how)
    table, rejects = reader.read_all_but_rejects()
    return TableFile(table, rejects, reader.description, reader.layout, reader.notes)


def detect_format(path: str | os.PathLike[str]) -> Format:
    """What kind of file this is, from its content; whatever is nothing else is taken for text.

    Raises:
        DataError: There is no such file, it is empty, or it is a zip file that is damaged or cut off.

    Example:
        >>> detect_format("sample_data/customers.csv")
        'text'
    """
    head = read_signature(path)
    if head.startswith(ZIP):
        return "workbook" if zip_container(path)[0] == "workbook" else "text"
    if head.startswith(OLE):
        return "workbook" if look_into_ole(path)[0] == "workbook" else "text"
    return find_binary(head) or "text"


def open_table(
    path: str | os.PathLike[str], how: Layout | None = None, block_bytes: int = DEFAULT_BLOCK_BYTES
) -> TableReader:
    """Open a table to read it in pieces of about `block_bytes`, or at once.

    Text, Parquet and Arrow files are streamed in bounded memory, compressed text (gzip, xz, Zstandard, bzip2, a zip
    archive with one table inside) as well; a sheet of a workbook is held in memory whole.

    Args:
        path: The file; its name does not matter.
        how: A `Dialect` for a table of text, a `SheetLayout` for a workbook; found from the content when None.
        block_bytes: About how many bytes a batch has.

    Raises:
        DataError: The file is missing, empty, damaged or no table, or `how` is not for its format, or reading it would
            exceed the limits of memory or time; for the rest, see `BatchReader`, `WorkbookReader`, `ColumnarReader`
            and `StatisticsReader`.

    Example:
        >>> open_table("sample_data/customers.csv").description
        'UTF-8, separated by commas'
    """
    kind = detect_format(path)
    if isinstance(how, SheetLayout) and kind != "workbook":
        raise DataError(f"File {show_name(path)} has no sheets: it is not a workbook. Leave the choice of a sheet out.")
    if isinstance(how, Dialect):
        return BatchReader(path, how, block_bytes)
    if kind == "text":
        return BatchReader(path, None, block_bytes)
    return ProcessReader(path, kind, how, block_bytes)


def notes_of(reader: TableReader, how: Layout | None) -> tuple[str, ...]:
    """What must be reported of a reading that no one reviews: the lines around the table, the sheet, excluded rows.

    Args:
        reader: From `open_table`.
        how: How its caller said that the table is written; None where that was found.
    """
    layout = reader.layout
    found = how is None and (not layout.is_plain if isinstance(layout, Dialect) else layout is not None)
    aside = excluded_rows(reader).describe() if isinstance(reader, TypedReader) else ""
    return (*((f"Read as {reader.description}.",) if found else ()), *reader.notes, *((aside,) if aside else ()))


def excluded_rows(reader: TableReader) -> Rejects:
    """The rows that a reader has excluded because they are not data, such as totals."""
    if isinstance(reader, BatchReader):
        return reader.excluded
    return Rejects.of(reader.excluded if isinstance(reader, TypedReader) else (), "row")


def read_table(path: str | os.PathLike[str], how: Layout | None = None) -> pa.Table:
    """Read a whole table of any format; every column is string, without nulls. Errors as `open_table`.

    Warns:
        DataWarning: Of what was made of the file that its reader should know, such as lines left out around the table.

    Example:
        >>> read_table("sample_data/customers.csv").num_rows
        5000
    """
    reader = open_table(path, how)
    table = reader.read_all()
    for note in notes_of(reader, how):
        warnings.warn(note, DataWarning, stacklevel=2)
    return table

"""What readers of formats with typed cells have in common: their names and batches of text."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, show_name
from riskmodel.tables.schema.declarations import Declaration, text_field

if TYPE_CHECKING:
    from riskmodel.tables.reading.text.blocks import Block
    from riskmodel.tables.reading.text.rejects import Rejects
    from riskmodel.tables.schema.sheet_layout import SheetLayout

_CELL_BYTES = 8
_MOST_ROWS = 1 << 16


class TypedReader(ABC):
    """A table whose cells become text; it is read from its beginning each time it is iterated over.

    Offers what `BatchReader` offers for tables of text.

    Attributes:
        names: The columns' names in the file's order.
        description: What the file is, in words for the analyst.
        notes: What was made of it that the analyst should know.
        layout: Where in a workbook the table lies; None for any other format.
        num_rows: How many rows the file claims; None where that is not known before they are read.
        declared: What the file declares about columns, by name.
        excluded: Row number, text and reason of each row of a sheet that is not data, such as a total.
        blank: Numbers of the rows of a sheet that are left out because they are blank.
    """

    names: list[str]
    description: str
    notes: tuple[str, ...] = ()
    layout: SheetLayout | None = None
    num_rows: int | None = None
    declared: Mapping[str, Declaration] = MappingProxyType({})
    excluded: tuple[tuple[int, str, str], ...] = ()
    blank: tuple[int, ...] = ()

    def __init__(self, path: str | os.PathLike[str], block_bytes: int = DEFAULT_BLOCK_BYTES) -> None:
        self._path = path
        self._block_bytes = block_bytes

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of every batch: all columns string, with what the file declares about each."""
        return pa.schema([text_field(name, self.declared) for name in self.names])

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows as record batches of string columns without nulls; never empty.

        Raises:
            DataError: There are no rows, or the file is damaged.
        """
        num_rows = 0
        for batch in self._batches():
            num_rows += batch.num_rows
            if batch.num_rows:
                yield batch
        if num_rows == 0:
            raise DataError(
                f"File {show_name(self._path)} has {_columns(len(self.names))} but no rows. "
                "Choose a file with customers in it."
            )

    def blocks(self) -> Iterator[Block]:
        """The rows in pieces; typed cells are always in their row. Errors as the iteration."""
        from riskmodel.tables.reading.text.blocks import (
            Block,  # a reader process, which starts anew for each file, needs none
        )

        return map(Block, self)

    def read_all(self) -> pa.Table:
        """The whole table at once; errors as the iteration."""
        return pa.Table.from_batches(list(self), self.schema)

    def read_all_but_rejects(self) -> tuple[pa.Table, Rejects]:
        """The whole table, and the rows that are not data; typed cells are always in their row."""
        from riskmodel.tables.reading.text.rejects import Rejects

        return self.read_all(), Rejects.of(self.excluded, "row")

    @abstractmethod
    def _batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in pieces of about `_block_rows`."""

    @property
    def _block_rows(self) -> int:
        return min(max(self._block_bytes // (_CELL_BYTES * len(self.names)), 1), _MOST_ROWS)


def damaged(path: str | os.PathLike[str], kind: str, error: BaseException) -> DataError:
    """The error for a file that a library cannot read.

    Raises:
        MemoryError: The library lacked memory.
    """
    if isinstance(error, MemoryError):
        raise error
    words = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return DataError(f"File {show_name(path)} is {kind} but damaged or cut off: {words}. Copy or export it again.")


def _columns(count: int) -> str:
    return f"{count:,} column{'s' if count != 1 else ''}"

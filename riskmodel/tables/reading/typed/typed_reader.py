"""`TypedReader`: base class of readers of formats with typed cells."""

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
from riskmodel.wording import count

if TYPE_CHECKING:
    from riskmodel.tables.reading.text.blocks import Block
    from riskmodel.tables.reading.text.rejects import Rejects
    from riskmodel.tables.schema.sheet_layout import SheetLayout

_CELL_BYTES = 8
_MAX_ROWS = 1 << 16


class TypedReader(ABC):
    """A table whose cells are converted to text; it is read from its beginning on each iteration.

    Same interface as `BatchReader` for text files.

    Attributes:
        names: The columns' names in the file's order.
        description: Description of the file, for the analyst.
        notes: Messages for the analyst about how it was read.
        layout: Location of the table in a workbook; None for other formats.
        num_rows: Number of rows claimed by the file; None if unknown before reading.
        declared: Declarations of the file about columns, by name.
        excluded: Row number, text and reason of each row of a sheet that is not data, such as a total.
        blank: Row numbers of a sheet's blank rows, which are excluded.
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
        """The Arrow schema of every batch: all columns string, with the file's declarations."""
        return pa.schema([text_field(name, self.declared) for name in self.names])

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows as non-empty record batches of string columns without nulls.

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
                f"File {show_name(self._path)} has {count(len(self.names), 'column')} but no rows. "
                "Choose a file with customers in it."
            )

    def blocks(self) -> Iterator[Block]:
        """The rows in blocks; in typed formats no row is malformed. Errors as for the iteration."""
        from riskmodel.tables.reading.text.blocks import (
            Block,  # not needed in a reader process, which is new for each file
        )

        return map(Block, self)

    def read_all(self) -> pa.Table:
        """The whole table at once; errors as for the iteration."""
        return pa.Table.from_batches(list(self), self.schema)

    def read_all_but_rejects(self) -> tuple[pa.Table, Rejects]:
        """The whole table, and the rows that are not data; in typed formats no row is malformed."""
        from riskmodel.tables.reading.text.rejects import Rejects

        return self.read_all(), Rejects.of(self.excluded, "row")

    @abstractmethod
    def _batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in pieces of about `_block_rows`."""

    @property
    def _block_rows(self) -> int:
        return min(max(self._block_bytes // (_CELL_BYTES * len(self.names)), 1), _MAX_ROWS)


def damaged(path: str | os.PathLike[str], kind: str, error: BaseException) -> DataError:
    """The error for a file that a library cannot read.

    Raises:
        MemoryError: The library ran out of memory.
    """
    if isinstance(error, MemoryError):
        raise error
    words = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return DataError(f"File {show_name(path)} is {kind} but damaged or cut off: {words}. Copy or export it again.")

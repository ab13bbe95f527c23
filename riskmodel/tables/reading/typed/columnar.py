"""Reads Parquet files and Arrow files (including Feather) into strings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.errors import DataError
from riskmodel.tables.arrow import pc
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, read_signature, show_name
from riskmodel.tables.reading.text.column_names import make_usable
from riskmodel.tables.reading.typed.cell_text import TimeForm, can_be_text, coarsest, find_time_form, to_text
from riskmodel.tables.reading.typed.typed_reader import TypedReader, damaged
from riskmodel.wording import count, first_few, shorten

_NAMED = 5
_PIECE_BYTES = 16 << 20
_FIRST_ROWS = 1000
_LARGE_INTEGERS = "Integers with more than 64 bits"
"""Arrow's error text for a file that cannot be opened."""


class ColumnarReader(TypedReader):
    """A Parquet file or an Arrow file or stream, its cells written as described in `cell_text`.

    An index that pandas stored as a column is an ordinary column. Memory holds one row group of a Parquet file and
    one batch of an Arrow file at a time.

    Args:
        path: The file.
        kind: "parquet" or "arrow".
        block_bytes: Approximate number of bytes per batch.

    Raises:
        DataError: The file is damaged or encrypted; it has no columns; columns hold
            lists, structs, maps or intervals (they are named), or integers
            of more than 64 bits.

    Example:
        >>> reader = ColumnarReader("customers.parquet", "parquet")  # doctest: +SKIP
        >>> reader.description  # doctest: +SKIP
        'Parquet file, 12 row groups'
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        kind: Literal["parquet", "arrow"],
        block_bytes: int = DEFAULT_BLOCK_BYTES,
    ) -> None:
        super().__init__(path, block_bytes)
        self._kind = kind
        self._words = "a Parquet file" if kind == "parquet" else "an Arrow file"
        with self._translating():
            if kind == "parquet":
                with pq.ParquetFile(os.fspath(path)) as file:
                    schema, groups = file.schema_arrow, file.num_row_groups
                    self.num_rows = file.metadata.num_rows
                    self._refuse_intervals(file.schema)
                self.description = f"Parquet file, {count(groups, 'row group')}"
            else:
                with _open_arrow(path) as reader:
                    schema = reader.schema
                self.description = "Arrow file"
        if not schema.names:
            raise DataError(f"File {show_name(path)} has no columns. Choose a table of customers.")
        self.names, self.notes = make_usable(path, schema.names)
        self._refuse_nested(schema)
        self._timed = [place for place, field in enumerate(schema) if _has_times(field.type)]
        self._forms: dict[str, TimeForm] | None = None

    def _batches(self) -> Iterator[pa.RecordBatch]:
        forms = self._find_forms()
        with self._translating():
            for batch in self._read(None):
                for piece in _pieces(batch):
                    yield self._as_text(piece, forms)

    def _as_text(self, batch: pa.RecordBatch, forms: dict[str, TimeForm]) -> pa.RecordBatch:
        columns = []
        for name, array in zip(self.names, batch.columns, strict=True):
            try:
                columns.append(to_text(array, forms.get(name, "fraction")))
            except pa.ArrowInvalid as error:
                raise DataError(
                    f"File {show_name(self._path)}: column {name!r} ({array.type}) has values that cannot be written "
                    f"as text ({error}). Remove the column, or write it as text in UTF-8."
                ) from error
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _find_forms(self) -> dict[str, TimeForm]:
        """The form of each column's times, from a first pass over all of them."""
        if self._forms is None:
            timed = [self.names[place] for place in self._timed]
            forms: dict[str, TimeForm] = dict.fromkeys(timed, "day")
            if timed:
                with self._translating():
                    # Access by name requires unique names.
                    for batch in self._read(None if self.notes else timed):
                        is_whole = batch.num_columns > len(timed)
                        columns = [batch.column(place) for place in self._timed] if is_whole else batch.columns
                        for name, column in zip(timed, columns, strict=True):
                            forms[name] = coarsest(forms[name], find_time_form(column))
            self._forms = forms
        return self._forms

    def _read(self, names: list[str] | None) -> Iterator[pa.RecordBatch]:
        """The typed rows, all columns or at least the named ones."""
        max_rows = self._block_rows
        if self._kind == "parquet":
            with pq.ParquetFile(os.fspath(self._path)) as file:
                head = next(file.iter_batches(batch_size=min(max_rows, _FIRST_ROWS), columns=names), None)
                if head is not None:  # Arrow needs several times the bytes of a batch to read it
                    max_rows = min(max_rows, max(_PIECE_BYTES * head.num_rows // max(head.nbytes, 1), 1))
                yield from file.iter_batches(batch_size=max_rows, columns=names)
            return
        with _open_arrow(self._path) as reader:
            for batch in reader:
                for start in range(0, batch.num_rows, max_rows):
                    yield batch.slice(start, max_rows)

    def _refuse_nested(self, schema: pa.Schema) -> None:
        nested = [f"{field.name!r} ({_short(field.type)})" for field in schema if not can_be_text(field.type)]
        if nested:
            named = first_few(nested, _NAMED)
            raise DataError(
                f"File {show_name(self._path)}: {count(len(nested), 'column holds', 'columns hold')} "
                f"more than one value per cell: {named}. Remove them, or write each value as a column of its own."
            )

    def _refuse_intervals(self, schema: pq.ParquetSchema) -> None:
        """Raise DataError for Parquet's interval type, which Arrow reads as 12 bytes."""
        columns = [schema.column(place) for place in range(len(schema))]
        intervals = [column.path for column in columns if column.converted_type == "INTERVAL"]
        if intervals:
            named = first_few([repr(name) for name in intervals], _NAMED)
            raise DataError(
                f"File {show_name(self._path)}: {count(len(intervals), 'column holds', 'columns hold')} "
                f"intervals of time (INTERVAL): {named}. Write them as numbers of days or seconds, or remove them."
            )

    @contextmanager
    def _translating(self) -> Iterator[None]:
        """Convert Arrow's errors to DataError; it raises OSError without errno for damaged data."""
        try:
            yield
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            if _LARGE_INTEGERS in str(error):
                raise DataError(
                    f"File {show_name(self._path)} is {self._words} with integers of more than 64 bits, which are not "
                    "read. Write their columns as text, as decimals or as integers of 64 bits, or remove them."
                ) from error
            raise damaged(self._path, self._words, error) from error


@contextmanager
def _open_arrow(path: str | os.PathLike[str]) -> Iterator[Any]:
    """An iterable of record batches with their schema, of a file or a stream."""
    with pa.OSFile(os.fspath(path), "rb") as source:
        if read_signature(path).startswith(b"ARROW1"):
            with pa.ipc.open_file(source) as file:
                yield _FileBatches(file)
        else:
            with pa.ipc.open_stream(source) as stream:
                yield stream


class _FileBatches:
    """An Arrow file's batches as an iterable, like those of a stream."""

    def __init__(self, file: Any) -> None:
        self.schema: pa.Schema = file.schema
        self._file = file

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for number in range(self._file.num_record_batches):
            yield self._file.get_batch(number)


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in pieces of about 16 MiB, even with long texts or texts repeated by a dictionary."""
    num_pieces = sum(map(_text_bytes, batch.columns)) // _PIECE_BYTES + 1
    step = max(-(-batch.num_rows // num_pieces), 1)
    for start in range(0, batch.num_rows, step):
        yield batch.slice(start, step)


def _text_bytes(array: Any) -> int:
    kind = array.type
    if not isinstance(kind, pa.DictionaryType) or not _is_text(kind.value_type):
        return int(array.nbytes)
    array.validate(full=True)
    lengths = pc.binary_length(array.dictionary.cast(pa.large_string()))
    return int(pc.sum(lengths.take(array.indices), min_count=0).as_py())


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _has_times(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind.value_type if isinstance(kind, pa.DictionaryType) else kind)


def _short(kind: pa.DataType) -> str:
    words = str(kind)
    return shorten(words, 40)

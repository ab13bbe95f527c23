"""Files into strings, strictly: every cell exactly as it is written, or an error that says where it cannot be."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Literal, NoReturn, cast

import pyarrow as pa
import pyarrow.csv

from riskmodel.errors import DataError, DataWarning
from riskmodel.tables.body import open_body
from riskmodel.tables.dialect import Dialect, detect_dialect
from riskmodel.tables.header import describe_ragged, read_header
from riskmodel.tables.quoting import check_quotes
from riskmodel.tables.rejects import Rejects, RowError, RowSieve, as_stream
from riskmodel.tables.rows import LONGEST_ROW, scan_rows
from riskmodel.tables.source import show_name
from riskmodel.tables.watching import WatchedStream

DEFAULT_BLOCK_BYTES = 4 << 20


def read_strings(path: str | os.PathLike[str], dialect: Dialect | None = None) -> pa.Table:
    """Read a whole table; every column is string, without nulls, cells exactly as in the file.

    Args:
        path: A table of text with a header line, plain or compressed with gzip or xz.
        dialect: How it is written; found from the content when None.

    Raises:
        DataError: The file is missing, empty, damaged or not a table of text; it has no rows; rows have more or fewer
            cells than the header; a quote is not closed; bytes cannot be decoded. Lines are named.

    Warns:
        DataWarning: A column's name is blank or used twice; says what the column is called.
    """
    reader = BatchReader(path, dialect)
    for note in reader.notes:
        warnings.warn(note, DataWarning, stacklevel=2)
    return reader.read_all()


def read_rows(path: str | os.PathLike[str], dialect: Dialect | None = None) -> tuple[pa.Table, Rejects]:
    """Read a table and set aside the rows that are not whole, instead of refusing it.

    Returns:
        The whole rows, as `read_strings` gives them, and the others: rows of the file = rows kept + rows set aside.

    Raises:
        DataError: As `read_strings`, but for ragged rows and broken quotes.
    """
    return BatchReader(path, dialect).read_all_but_rejects()


def open_batches(
    path: str | os.PathLike[str], dialect: Dialect | None = None, block_bytes: int = DEFAULT_BLOCK_BYTES
) -> "BatchReader":
    """Open a table to read it in pieces of about `block_bytes`, in bounded memory; errors as `read_strings`.

    What is wrong with the file's beginning is said here, and the rest when the iteration meets it.

    Example:
        >>> for batch in open_batches("sample_data/customers.csv"):
        ...     first = batch.num_rows > 0
    """
    return BatchReader(path, dialect, block_bytes)


class BatchReader:
    """A table of text, read from its beginning each time it is iterated over.

    Attributes:
        names: The columns' names in the file's order.
        dialect: How the file is written.
        notes: A sentence for each name that had to be made.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        dialect: Dialect | None = None,
        block_bytes: int = DEFAULT_BLOCK_BYTES,
    ) -> None:
        self.dialect = dialect or detect_dialect(path)
        self._path = path
        self._block_bytes = block_bytes
        header = read_header(path, self.dialect)
        self.names, self.notes = header.names, header.notes
        # A header of one line is pyarrow's to read; others are left out and the names given. In a table of one column
        # it would take a blank line before the header for it.
        is_first = header.num_lines == 1 or len(self.names) > 1
        self._reads_header = self.dialect.header_lines == 1 and not header.notes and is_first
        self._lines_before = 0 if self._reads_header else header.num_lines

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of every batch: all columns string."""
        return pa.schema([(name, pa.string()) for name in self.names])

    @property
    def layout(self) -> Dialect:
        """How the file is written."""
        return self.dialect

    @property
    def description(self) -> str:
        """How the file is written, in words for the analyst."""
        return self.dialect.description

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows as record batches of string columns."""
        block_bytes, num_rows = self._block_bytes, 0
        while True:
            skipped = num_rows
            try:
                for batch in self._batches(block_bytes):
                    done = min(skipped, batch.num_rows)
                    skipped -= done
                    num_rows += batch.num_rows - done
                    if batch.num_rows > done:
                        yield batch.slice(done)
            except _LongRow:
                block_bytes *= 8  # from the beginning again, without the rows that are done
                continue
            break
        self._check_not_empty(num_rows)

    def read_all(self) -> pa.Table:
        """The whole table at once, faster than in batches."""
        table, rejects = self._read(sieved=bool(self.dialect.comment))
        if rejects.num_rows:
            raise RowError(describe_ragged(self._path, self.dialect, len(self.names)))
        self._check_not_empty(table.num_rows)
        return table

    def read_all_but_rejects(self) -> tuple[pa.Table, Rejects]:
        """The rows that are whole, and those set aside; every line of the file but blank ones is in one of the two."""
        try:
            return self.read_all(), Rejects.of(())
        except RowError:
            table, rejects = self._read(sieved=True)
        if table.num_rows == 0:
            raise DataError(
                f"File {show_name(self._path)} has no row that can be read. {rejects.describe()} Read as "
                f"{self.dialect.description}: choose how the file is written."
            )
        return table, rejects

    def _read(self, sieved: bool) -> tuple[pa.Table, Rejects]:
        block_bytes = self._block_bytes
        while True:
            with self._open(sieved) as (watched, ragged, sieve):
                try:
                    table = pa.csv.read_csv(cast("IO[bytes]", watched), **self._options(ragged, block_bytes))
                except pa.ArrowInvalid as error:
                    try:
                        self._explain(error, block_bytes)
                    except _LongRow:
                        block_bytes *= 8
                        continue
                self._check(watched, ragged)
            if sieve is None:
                return table, Rejects.of(())
            if table.num_rows != sieve.num_passed - self._reads_header:
                raise AssertionError(f"{sieve.num_passed} rows went in, {table.num_rows} came out")
            return table, Rejects.of(sieve.rejected)

    def _batches(self, block_bytes: int) -> Iterator[pa.RecordBatch]:
        with self._open(sieved=bool(self.dialect.comment)) as (watched, ragged, sieve):
            try:
                for batch in pa.csv.open_csv(cast("IO[bytes]", watched), **self._options(ragged, block_bytes)):
                    self._check(watched, ragged, sieve)
                    yield batch
            except pa.ArrowInvalid as error:
                self._explain(error, block_bytes)
            self._check(watched, ragged, sieve)

    @contextmanager
    def _open(self, sieved: bool) -> Iterator[tuple[WatchedStream, "_Ragged", RowSieve | None]]:
        """The table's bytes for pyarrow, a count of ragged rows, and the sieve where the rows go through one."""
        with open_body(self._path, self.dialect, self._lines_before) as stream:
            sieve = None
            if sieved:
                first_line = 1 + self.dialect.skip_lines + self._lines_before
                sieve = RowSieve(scan_rows(stream, self.dialect, first_line), len(self.names))
                stream = as_stream(sieve.pieces())
            watched = WatchedStream(stream, self._path, self.dialect, quotes_checked=sieved)
            try:
                yield watched, _Ragged(), sieve
            finally:
                watched.end()

    def _options(self, ragged: "_Ragged", block_bytes: int) -> dict[str, Any]:
        return {
            "read_options": pa.csv.ReadOptions(
                block_size=block_bytes, column_names=None if self._reads_header else self.names
            ),
            "parse_options": pa.csv.ParseOptions(
                delimiter=self.dialect.delimiter,
                quote_char=self.dialect.quote,
                escape_char=self.dialect.escape or False,
                newlines_in_values=True,
                # In a table of one column a blank line is a customer whose value is missing.
                ignore_empty_lines=len(self.names) > 1,
                invalid_row_handler=ragged.add,
            ),
            "convert_options": pa.csv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()), strings_can_be_null=False
            ),
        }

    def _check(self, watched: WatchedStream, ragged: "_Ragged", sieve: RowSieve | None = None) -> None:
        """Raise for what has been noticed so far; the file is looked at again to name the lines."""
        if watched.quotes.in_doubt and not watched.quotes_checked:
            check_quotes(self._path, self.dialect)
            watched.quotes_checked = True
        if ragged.count or (sieve is not None and sieve.rejected):
            raise RowError(describe_ragged(self._path, self.dialect, len(self.names)))

    def _explain(self, error: pa.ArrowInvalid, block_bytes: int) -> NoReturn:
        """Raise what pyarrow's error means."""
        # The same words for a header that is longer than a block as for one that no line feed ends.
        is_empty = "Empty CSV file" in str(error)
        if block_bytes < LONGEST_ROW and ("straddling" in str(error) or (is_empty and self._is_long(block_bytes))):
            raise _LongRow from error
        check_quotes(self._path, self.dialect)
        if is_empty:
            raise self._no_rows() from error
        raise DataError(f"File {show_name(self._path)} cannot be read as a table: {error}") from error

    def _is_long(self, block_bytes: int) -> bool:
        return 4 * sum(len(name) + 1 for name in self.names) > block_bytes  # at most 4 bytes a letter

    def _check_not_empty(self, num_rows: int) -> None:
        if num_rows == 0:
            raise self._no_rows()

    def _no_rows(self) -> DataError:
        return DataError(
            f"File {show_name(self._path)} has a header line ({len(self.names)} columns) but no rows. "
            "Choose a file with customers in it."
        )


class _LongRow(Exception):  # noqa: N818 - no fault: the reading begins again
    """A row is longer than pyarrow's block."""


class _Ragged:
    """Counts the rows that pyarrow found to be ragged; it is called from several threads."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, row: Any) -> Literal["skip", "error"]:
        self.count += 1
        return "skip"

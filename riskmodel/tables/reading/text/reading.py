"""Reads delimited text files into strings: every cell exactly as written, or an error with its line."""

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, NoReturn, cast

import pyarrow as pa
import pyarrow.csv

from riskmodel.errors import DataError, DataWarning
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, show_name
from riskmodel.tables.reading.text.blocks import Block, BrokenRow, RawBlock, sieve_blocks
from riskmodel.tables.reading.text.body import open_body
from riskmodel.tables.reading.text.checked_stream import WatchedStream
from riskmodel.tables.reading.text.detection import Examination, examine_dialect
from riskmodel.tables.reading.text.header import describe_ragged, read_header
from riskmodel.tables.reading.text.parser import RaggedRows, parser_options
from riskmodel.tables.reading.text.quoting import check_quotes
from riskmodel.tables.reading.text.rejects import Rejects, RowError, RowSieve, as_stream
from riskmodel.tables.reading.text.row_limits import MAX_ROW_BYTES
from riskmodel.tables.reading.text.rows import scan_rows
from riskmodel.tables.schema.dialect import FORMAT_SETTINGS, Dialect

_LARGEST_BLOCK = MAX_ROW_BYTES + (1 << 20)
"""Block size for the longest row and its surroundings."""


def read_strings(path: str | os.PathLike[str], dialect: Dialect | None = None) -> pa.Table:
    """Read a whole table; every column is string, without nulls, cells exactly as in the file.

    Args:
        path: A delimited text file with a header line, plain or compressed.
        dialect: Its dialect; detected from the content when None.

    Raises:
        DataError: The file is missing, empty, damaged or not delimited text; it has no rows; rows have more or fewer
            cells than the header; a quote is not closed; bytes cannot be decoded. The message names the lines.

    Warns:
        DataWarning: A column's name is blank or duplicated; contains the new name.
    """
    reader = BatchReader(path, dialect)
    table = reader.read_all()
    for note in reader.notes:
        warnings.warn(note, DataWarning, stacklevel=2)
    return table


def read_rows(path: str | os.PathLike[str], dialect: Dialect | None = None) -> tuple[pa.Table, Rejects]:
    """Read a table and reject malformed rows instead of raising an error.

    Returns:
        The well-formed rows, as from `read_strings`, and the rejected ones; together they are all rows of the file.

    Raises:
        DataError: As for `read_strings`, except for malformed rows.
    """
    return BatchReader(path, dialect).read_all_but_rejects()


def open_batches(
    path: str | os.PathLike[str], dialect: Dialect | None = None, block_bytes: int = DEFAULT_BLOCK_BYTES
) -> "BatchReader":
    """Open a table to read it in batches of about `block_bytes`, in bounded memory; errors as for `read_strings`.

    Faults at the file's beginning are raised here, others during the iteration.

    Example:
        >>> for batch in open_batches("sample_data/customers.csv"):
        ...     first = batch.num_rows > 0
    """
    return BatchReader(path, dialect, block_bytes)


class BatchReader:
    """A delimited text file, read from its beginning on each iteration.

    Attributes:
        names: The columns' names in the file's order.
        dialect: The file's dialect.
        notes: A message for each changed name, and after a reading one about rows that are not data.
        excluded: After a reading of well-formed rows, the rows that are not data.
    """

    excluded = Rejects.of(())

    def __init__(
        self, path: str | os.PathLike[str], dialect: Dialect | None = None, block_bytes: int = DEFAULT_BLOCK_BYTES
    ) -> None:
        examination = examine_dialect(path) if dialect is None else None
        if examination is not None and examination.doubt:
            raise DataError(examination.doubt)
        self.dialect = dialect or cast("Examination", examination).dialect
        self._path = path
        self._block_bytes = block_bytes
        header = read_header(path, self.dialect)
        self.names, self._rule = header.names, header.rule
        self.notes = self._first_notes = (*(examination.notes if examination else ()), *header.notes)
        self._is_sieved = bool(self.dialect.comment or self.dialect.escape or self.dialect.skip_initial_space)
        # pyarrow reads a header of one line; others are skipped and the names given. In a single-column table
        # it would use a blank line before the header as the header.
        is_first = header.num_lines == 1 or len(self.names) > 1
        self._reads_header = self.dialect.header_lines == 1 and not header.notes and is_first
        self._lines_before = 0 if self._reads_header else header.num_lines
        self._header_lines = header.num_lines

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of every batch: all columns string."""
        return pa.schema([(name, pa.string()) for name in self.names])

    @property
    def layout(self) -> Dialect:
        """The file's dialect."""
        return self.dialect

    @property
    def description(self) -> str:
        """Description of the file's dialect, for the analyst."""
        return self.dialect.description

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows as record batches of string columns; an error with the lines of malformed rows.

        Rows that are not data, such as a repeated header, are excluded and described in `notes` afterwards.
        """
        num_whole = 0
        excluded: list[BrokenRow] = []
        with self._naming_ragged():
            try:
                for batch in self._whole_batches():
                    num_whole += batch.num_rows
                    yield batch
            except (_Excluded, _NotWhole):
                for block in self._sieved_blocks(num_whole):
                    if any(row.is_data for row in block.broken):
                        raise _NotWhole from None
                    excluded += block.broken
                    if block.rows.num_rows:
                        yield block.rows
        self._describe(Rejects.of((row.line, row.text, row.reason) for row in excluded))

    def blocks(self) -> Iterator[Block]:
        """All rows in their order: as fast as the iteration up to the first malformed one, then one by one.

        Raises:
            DataError: As for the iteration, except for malformed rows, unless all are malformed.
        """
        num_whole = 0
        try:
            for batch in self._whole_batches():
                num_whole += batch.num_rows
                yield Block(batch)
        except RowError:
            yield from self._sieved_blocks(num_whole)

    def _whole_batches(self) -> Iterator[pa.RecordBatch]:
        block_bytes, num_rows = self._block_bytes, 0
        while True:
            skipped = num_rows
            try:
                for batch in self._batches(block_bytes):
                    done = min(skipped, batch.num_rows)
                    skipped -= done
                    num_rows += batch.num_rows - done
                    if batch.num_rows > done:
                        if self._rule.find(batch):
                            raise _Excluded
                        yield batch.slice(done)
            except _LongRow:
                # From the beginning again, skipping the rows already yielded.
                block_bytes = min(8 * block_bytes, _LARGEST_BLOCK)
                continue
            break
        if num_rows == 0:
            raise self._no_rows()

    def read_all(self) -> pa.Table:
        """The whole table at once, faster than in batches."""
        with self._naming_ragged():
            table, excluded = self._read_whole()
        self._describe(excluded)
        return table

    def _read_whole(self) -> tuple[pa.Table, Rejects]:
        """All data rows, and the excluded ones; an error if any row is malformed."""
        table, sieve = self._read_data()
        if sieve is not None and sieve.rejected:
            raise _NotWhole
        return table, self._set_aside(table, sieve)

    def read_all_but_rejects(self) -> tuple[pa.Table, Rejects]:
        """The well-formed rows, and the rejected ones; together they contain all lines of the file but blank ones."""
        try:
            table, sieve = self._read_data()
        except RowError:
            table, sieve = self._read(sieved=True)
        return table, self._set_aside(table, sieve)

    def _read_data(self) -> tuple[pa.Table, RowSieve | None]:
        """The data rows; through the sieve if any row is not data, or has too few or too many cells."""
        with suppress(_NotWhole):
            table, sieve = self._read(self._is_sieved)
            if sieve is not None or not any(map(self._rule.find, table.to_batches())):
                return table, sieve
        return self._read(sieved=True)

    def _set_aside(self, table: pa.Table, sieve: RowSieve | None) -> Rejects:
        aside = sieve.set_aside if sieve is not None else Rejects.of(())
        if table.num_rows == 0:
            raise self._no_whole_row(aside.describe()) if aside.num_rows else self._no_rows()
        return aside

    def _read(self, sieved: bool) -> tuple[pa.Table, RowSieve | None]:
        block_bytes = self._block_bytes
        while True:
            with self._open(sieved) as (watched, ragged, sieve):
                try:
                    table = pa.csv.read_csv(cast("IO[bytes]", watched), **self._options(ragged, block_bytes))
                except pa.ArrowInvalid as error:
                    try:
                        self._explain(error, block_bytes, ragged, sieve)
                    except _LongRow:
                        block_bytes = min(8 * block_bytes, _LARGEST_BLOCK)
                        continue
                self._check(watched, ragged)
            if sieve is not None and table.num_rows != sieve.num_passed - self._reads_header:
                raise AssertionError(f"{sieve.num_passed} rows went in, {table.num_rows} came out")
            return table, sieve

    def _batches(self, block_bytes: int) -> Iterator[pa.RecordBatch]:
        with self._open(self._is_sieved) as (watched, ragged, sieve):
            try:
                for batch in pa.csv.open_csv(cast("IO[bytes]", watched), **self._options(ragged, block_bytes)):
                    self._check(watched, ragged, sieve)
                    yield batch
            except pa.ArrowInvalid as error:
                self._explain(error, block_bytes, ragged, sieve)
            self._check(watched, ragged, sieve)

    def _sieved_blocks(self, done: int) -> Iterator[Block]:
        """The rows after the given number of well-formed ones."""
        num_whole, first = done, ""
        first_line = 1 + self.dialect.skip_lines + self._header_lines
        with open_body(self._path, self.dialect, self._header_lines) as stream:
            rows = scan_rows(stream, self.dialect, first_line)
            for raw in sieve_blocks(rows, self.dialect, self._rule, self._block_bytes, done):
                num_whole += raw.num_whole
                if raw.broken and not first:
                    first = f"The first is {raw.broken[0].describe()}."
                yield Block(self._parse(raw), raw.broken)
        if num_whole == 0:
            raise self._no_whole_row(first)

    def _parse(self, raw: RawBlock) -> pa.RecordBatch:
        """Parse well-formed rows in memory, one by one."""
        if not raw.num_whole:
            return pa.RecordBatch.from_pylist([], schema=self.schema)
        raw.content.decode()  # a decoding error names its line
        ragged = RaggedRows()
        options = self._options(ragged, len(raw.content) + 1, names=self.names)
        table = pa.csv.read_csv(io.BytesIO(raw.content), **options).combine_chunks()
        if ragged.count or table.num_rows != raw.num_whole:
            raise AssertionError(f"{raw.num_whole} rows went in, {table.num_rows} came out")
        return table.to_batches()[0]

    @contextmanager
    def _open(self, sieved: bool) -> Iterator[tuple[WatchedStream, RaggedRows, RowSieve | None]]:
        """The table's bytes for pyarrow, the count of ragged rows, and the sieve, if used."""
        with open_body(self._path, self.dialect, self._lines_before) as stream:
            sieve = None
            if sieved:
                first_line = 1 + self.dialect.skip_lines + self._lines_before
                rows = scan_rows(stream, self.dialect, first_line)
                sieve = RowSieve(rows, self.dialect, self._rule, header_rows=int(self._reads_header))
                stream = as_stream(sieve.pieces())
            watched = WatchedStream(stream, self._path, self.dialect, quotes_checked=sieved)
            try:
                yield watched, RaggedRows(), sieve
            finally:
                watched.end()

    def _options(self, ragged: RaggedRows, block_bytes: int, names: list[str] | None = None) -> dict[str, Any]:
        """Options for pyarrow; without `names` it reads the header if possible."""
        if names is None and not self._reads_header:
            names = self.names
        return parser_options(self.names, names, self.dialect, ragged, block_bytes)

    def _check(self, watched: WatchedStream, ragged: RaggedRows, sieve: RowSieve | None = None) -> None:
        """Raise the faults noticed so far."""
        if watched.quotes.in_doubt and not watched.quotes_checked:
            check_quotes(self._path, self.dialect)
            watched.quotes_checked = True
        if ragged.count or (sieve is not None and sieve.rejected):
            raise _NotWhole
        if sieve is not None and sieve.excluded:
            raise _Excluded

    def _describe(self, excluded: Rejects) -> None:
        """Add a message about the rows excluded because they are not data."""
        self.excluded, self.notes = excluded, (*self._first_notes, *filter(None, [excluded.describe()]))

    @contextmanager
    def _naming_ragged(self) -> Iterator[None]:
        """Read the file again to name the lines; slow."""
        try:
            yield
        except _NotWhole:
            raise RowError(describe_ragged(self._path, self.dialect, self._rule)) from None

    def _explain(
        self, error: pa.ArrowInvalid, block_bytes: int, ragged: RaggedRows, sieve: RowSieve | None
    ) -> NoReturn:
        """Raise a DataError for pyarrow's error."""
        if ragged.count:
            raise _NotWhole from error
        # pyarrow's message is the same for a header longer than a block and for one without a line feed.
        is_empty = "Empty CSV file" in str(error)
        is_cut = "straddling" in str(error) or (is_empty and 4 * sum(map(len, self.names)) > block_bytes)
        if is_cut and block_bytes < _LARGEST_BLOCK:
            raise _LongRow from error
        check_quotes(self._path, self.dialect)
        if sieve is not None and sieve.set_aside.num_rows:
            raise self._no_whole_row(sieve.set_aside.describe()) from error
        if is_empty:
            raise self._no_rows() from error
        raise DataError(f"File {show_name(self._path)} cannot be read as a table: {error}") from error

    def _no_whole_row(self, why: str) -> DataError:
        how = f"Read as {self.dialect.description}: change the format settings."
        return DataError(f"File {show_name(self._path)} has no row that can be read. {why} {how}", FORMAT_SETTINGS)

    def _no_rows(self) -> DataError:
        what = f"a header line ({len(self.names)} columns) but no rows"
        return DataError(f"File {show_name(self._path)} has {what}. Choose a file with customers in it.")


class _NotWhole(RowError):  # noqa: N818 - its message is built later
    """A row has more or fewer cells than the header; its line is not known yet."""


class _Excluded(RowError):  # noqa: N818 - the row is found by the exact reading
    """A row is not data, such as a repeated header."""


class _LongRow(Exception):  # noqa: N818 - no fault: the reading begins again
    """A row is longer than pyarrow's block."""

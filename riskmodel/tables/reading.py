"""Files into strings, strictly: every cell exactly as it is written, or an error that says where it cannot be."""

import io
import os
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, Literal, cast

import pyarrow as pa
import pyarrow.csv

from riskmodel.errors import DataError
from riskmodel.tables.dialect import Dialect, detect_dialect
from riskmodel.tables.encoding import UTF8, check_encoding, make_decoder, open_utf8
from riskmodel.tables.quoting import QuoteWatch, check_quotes, open_rows
from riskmodel.tables.source import read_head, show_name

DEFAULT_BLOCK_BYTES = 4 << 20
_NAMED_LINES = 3


def read_strings(path: str | os.PathLike[str], dialect: Dialect | None = None) -> pa.Table:
    """Read a whole table; every column is string, without nulls, cells exactly as in the file.

    Args:
        path: A table of text with a header line, plain or compressed with gzip or xz.
        dialect: How it is written; found from the content when None.

    Raises:
        DataError: The file is missing, empty, damaged or not a table of text; it has no rows; a column's name is
            blank or used twice; rows have more or fewer cells than the header; a quote is not closed; bytes cannot be
            decoded. Lines are named.
    """
    reader = BatchReader(path, dialect)
    return reader.read_all()


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
        self.names = _read_header(path, self.dialect)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of every batch: all columns string."""
        return pa.schema([(name, pa.string()) for name in self.names])

    @property
    def description(self) -> str:
        """How the file is written, in words for the analyst."""
        return self.dialect.description

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows as record batches of string columns."""
        num_rows = 0
        with open_utf8(self._path, self.dialect.compression, self.dialect.encoding) as stream:
            watched = _WatchedStream(stream, self._path, self.dialect)
            rejects = _Rejects()
            try:
                for batch in pa.csv.open_csv(cast("IO[bytes]", watched), **self._options(rejects)):
                    self._check(watched, rejects)
                    num_rows += batch.num_rows
                    if batch.num_rows:
                        yield batch
            except pa.ArrowInvalid as error:
                raise self._explain(error) from error
            self._check(watched, rejects)
        self._check_not_empty(num_rows)

    def read_all(self) -> pa.Table:
        """The whole table at once, faster than in batches."""
        with open_utf8(self._path, self.dialect.compression, self.dialect.encoding) as stream:
            watched = _WatchedStream(stream, self._path, self.dialect)
            rejects = _Rejects()
            try:
                table = pa.csv.read_csv(cast("IO[bytes]", watched), **self._options(rejects))
            except pa.ArrowInvalid as error:
                raise self._explain(error) from error
            self._check(watched, rejects)
        self._check_not_empty(table.num_rows)
        return table

    def _options(self, rejects: "_Rejects") -> dict[str, Any]:
        return {
            "read_options": pa.csv.ReadOptions(block_size=self._block_bytes),
            "parse_options": pa.csv.ParseOptions(
                delimiter=self.dialect.delimiter,
                quote_char=self.dialect.quote,
                newlines_in_values=True,
                # In a table of one column a blank line is a customer whose value is missing.
                ignore_empty_lines=len(self.names) > 1,
                invalid_row_handler=rejects.add,
            ),
            "convert_options": pa.csv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()), strings_can_be_null=False
            ),
        }

    def _check(self, watched: "_WatchedStream", rejects: "_Rejects") -> None:
        """Raise for what has been noticed so far; the file is looked at again to name the lines."""
        if watched.quotes.in_doubt and not watched.quotes_checked:
            check_quotes(self._path, self.dialect)
            watched.quotes_checked = True
        if rejects.count:
            raise DataError(_describe_ragged(self._path, self.dialect, len(self.names)))

    def _explain(self, error: pa.ArrowInvalid) -> DataError:
        check_quotes(self._path, self.dialect)
        if "Empty CSV file" in str(error):  # a header line that no line feed ends
            return self._no_rows()
        return DataError(f"File {show_name(self._path)} cannot be read as a table: {error}")

    def _check_not_empty(self, num_rows: int) -> None:
        if num_rows == 0:
            raise self._no_rows()

    def _no_rows(self) -> DataError:
        return DataError(
            f"File {show_name(self._path)} has a header line ({len(self.names)} columns) but no rows. "
            "Choose a file with customers in it."
        )


class _Rejects:
    """Counts the rows that pyarrow found to be ragged; it is called from several threads."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, row: Any) -> Literal["skip", "error"]:
        self.count += 1
        return "skip"


class _WatchedStream(io.RawIOBase):
    """The bytes on their way to pyarrow, with their encoding and quotes checked as they pass.

    No piece ends with a carriage return, but the last: pyarrow takes a line feed at the beginning of the next piece for
    the rest of a line end and drops it, even inside a quoted cell.
    """

    def __init__(self, stream: IO[bytes], path: str | os.PathLike[str], dialect: Dialect) -> None:
        self.quotes = QuoteWatch(dialect)
        self.quotes_checked = False
        self._stream = stream
        self._path = path
        self._dialect = dialect
        self._decoder = make_decoder("utf-8") if dialect.encoding in UTF8 else None
        self._held_back = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            chunk = self._read_to_line_end(size)
            if self._decoder is not None:
                self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            check_encoding(self._path, self._dialect.compression, self._dialect.encoding)
            raise
        if chunk:
            self.quotes.feed(chunk)
        else:
            self.quotes.finish()
        return chunk

    def _read_to_line_end(self, size: int) -> bytes:
        """At most `size` bytes; a carriage return at their end waits for what follows it."""
        chunk, self._held_back = self._held_back, b""
        more = self._stream.read(size - len(chunk) if size > 0 else size)
        chunk += more
        while more and chunk == b"\r" and size != 1:
            more = self._stream.read(size - 1 if size > 0 else size)
            chunk += more
        if more and chunk.endswith(b"\r") and len(chunk) > 1:
            self._held_back = b"\r"
            return chunk[:-1]
        return chunk


def _read_header(path: str | os.PathLike[str], dialect: Dialect) -> list[str]:
    read_head(path, dialect.compression)
    try:
        with open_rows(path, dialect) as rows:
            _, names = next(rows)
    except UnicodeDecodeError:
        check_encoding(path, dialect.compression, dialect.encoding)
        raise
    blank = [number for number, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise DataError(
            f"File {show_name(path)} has no name for column {', '.join(map(str, blank[:5]))} of {len(names)}. "
            "Give every column a name in the header line."
        )
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        places = [str(number) for number, name in enumerate(names, 1) if name == twice[0]]
        raise DataError(
            f"File {show_name(path)} has the column name {twice[0]!r} more than once (columns {', '.join(places)}). "
            "Column names must be unique: rename one."
        )
    return names


def _describe_ragged(path: str | os.PathLike[str], dialect: Dialect, width: int) -> str:
    count = 0
    named: list[str] = []
    with open_rows(path, dialect) as rows:
        for line, row in rows:
            if len(row) != width:
                count += 1
                if len(named) < _NAMED_LINES:
                    named.append(f"line {line:,} has {len(row)}")
    more = ", …" if count > len(named) else ""
    return (
        f"File {show_name(path)}: {count:,} row{'s do' if count != 1 else ' does'} not have the header's {width} cells "
        f"({', '.join(named)}{more}). Read as {dialect.description}. Mend these lines, or quote cells that contain "
        "the delimiter."
    )

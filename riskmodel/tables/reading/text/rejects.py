"""`Rejects`, the rejected rows of a file with line and reason, and `RowSieve`, which separates them."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array, strings
from riskmodel.tables.files.source import CHUNK_BYTES
from riskmodel.tables.files.whole_file import whole_file
from riskmodel.tables.reading.layout.exclusions import ExclusionRule
from riskmodel.tables.reading.text.rows import RawRow, for_pyarrow, split_row
from riskmodel.tables.schema.dialect import FORMAT_SETTINGS, Dialect
from riskmodel.tables.values.formulas import protect
from riskmodel.wording import count, first_few

_NAMED = 3
MAX_REJECTS = 1_000_000
"""Most rejected rows of a file; more raise an error."""
MAX_REJECT_BYTES = 1 << 28
"""Most bytes of rejected rows of a file; more raise an error."""
_MAX_EXCLUDED = 1 << 20
"""Most rows that are not data, such as blank ones: the number of rows of a sheet."""


class RowError(DataError):
    """Malformed rows; the others can be read without them."""


@dataclass(frozen=True, eq=False)
class Rejects:
    """Rejected rows.

    Attributes:
        table: One row each: ``line`` int64 (its first line; the file's first is 1), ``text`` string (as in the file,
            without its last line end), ``reason`` string.
        unit: Unit of the numbers, ``line`` of a text or ``row`` of a sheet.
    """

    table: pa.Table
    unit: str = "line"

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str, str]], unit: str = "line") -> Rejects:
        """`Rejects` from lines, texts and reasons."""
        rejected = list(rows)
        columns: dict[str, Array] = {
            "line": pa.array([line for line, _, _ in rejected], pa.int64()),
            "text": strings(text for _, text, _ in rejected),
            "reason": strings(reason for _, _, reason in rejected),
        }
        return cls(pa.table(columns), unit)

    @property
    def num_rows(self) -> int:
        """Number of rejected rows."""
        return int(self.table.num_rows)

    def joined(self, others: Rejects) -> Rejects:
        """These and other rows of the same file, in their order."""
        return Rejects(pa.concat_tables([self.table, others.table]).sort_by("line"), self.unit)

    def describe(self) -> str:
        """The number, the first lines and their faults; empty without any.

        Example:
            >>> Rejects.of([(7, "1,2,3", "it has 3 cells instead of 2")]).describe()
            '1 row was not read (line 7: it has 3 cells instead of 2).'
        """
        if not self.num_rows:
            return ""
        first = self.table.slice(0, _NAMED + 1).to_pylist()
        named = first_few([f"{self.unit} {row['line']:,}: {row['reason']}" for row in first], _NAMED, "; ")
        return f"{count(self.num_rows, 'row was', 'rows were')} not read ({named})."

    def count_reasons(self) -> dict[str, int]:
        """Number of rejected rows by reason, the most frequent first."""
        return dict(Counter(str(reason) for reason in self.table["reason"].to_pylist()).most_common())

    def to_csv(self) -> bytes:
        """The table as CSV in UTF-8 with a byte-order mark, as spreadsheets open it; formulas are protected."""
        stream = io.BytesIO(b"\xef\xbb\xbf")
        stream.seek(0, io.SEEK_END)
        table = self.table.combine_chunks()
        for place, name in ((1, "text"), (2, "reason")):
            table = table.set_column(place, name, protect(table[name].combine_chunks()))
        pa.csv.write_csv(table, stream)
        return stream.getvalue()

    def write_csv(self, path: str | os.PathLike[str]) -> None:
        """Write `to_csv` to a file, atomically; OSError if the disk is full or there is no permission."""
        with whole_file(path) as stream:
            stream.write(self.to_csv())


@dataclass(eq=False)
class RowSieve:
    """Passes the rows of a table that are data with the right number of cells, and collects the others.

    Attributes:
        rows: All of them, including the header's.
        dialect: Their dialect.
        rule: Recognizes rows that are not data.
        header_rows: Number of header rows at the beginning.
        rejected: Line, text and reason of each malformed row.
        excluded: The same of each row that is not data.
        num_passed: Rows passed so far, without blank lines.
        num_reject_bytes: Bytes of the rejected and excluded rows.
    """

    rows: Iterable[RawRow]
    dialect: Dialect
    rule: ExclusionRule
    header_rows: int = 0
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    excluded: list[tuple[int, str, str]] = field(default_factory=list)
    num_passed: int = 0
    num_reject_bytes: int = 0

    @property
    def set_aside(self) -> Rejects:
        """All rows rejected or excluded so far, in their order."""
        return Rejects.of(sorted(self.rejected + self.excluded))

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the rows that pass, about a mebibyte at a time; a row is never divided."""
        kept: list[bytes] = []
        size = 0
        for row in self.rows:
            is_header = not find_fault(row, self.rule.width) and self._is_header(row)
            reason, is_data = ("", True) if is_header else find_problem(row, self.dialect, self.rule)
            if not reason:
                # In a single-column table a blank line is a customer with a missing value.
                self.num_passed += row.num_cells > 0 or self.rule.width == 1
                # Without the rows between, a carriage return and the line feed of a blank line would form one line end.
                kept.append(row.content if row.content.endswith(b"\n") else row.content.removesuffix(b"\r") + b"\n")
                size += len(row.content)
                if size >= CHUNK_BYTES:
                    yield for_pyarrow(b"".join(kept), self.dialect)
                    kept, size = [], 0
            else:
                text = row.content.decode("utf-8", "replace").rstrip("\r\n")
                (self.rejected if is_data else self.excluded).append((row.line, text, reason))
                self.num_reject_bytes += len(row.content)
                is_too_many = len(self.rejected) > MAX_REJECTS or len(self.excluded) > _MAX_EXCLUDED
                if is_too_many or self.num_reject_bytes > MAX_REJECT_BYTES:
                    raise self._too_many(self.rejected if is_data else self.excluded)
        yield for_pyarrow(b"".join(kept), self.dialect)

    def _too_many(self, rows: list[tuple[int, str, str]]) -> DataError:
        line, _, reason = rows[0]
        return DataError(
            f"{len(rows):,} rows of {self.num_reject_bytes >> 20:,} MiB cannot be read as data (first: line "
            f"{line:,}: {reason}). Read as {self.dialect.description}: change the format settings.",
            FORMAT_SETTINGS,
        )

    def _is_header(self, row: RawRow) -> bool:
        if self.header_rows and row.num_cells:
            self.header_rows -= 1
            return True
        return False


class _PieceStream(io.RawIOBase):
    """Readable stream of pieces of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._waiting:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._waiting = piece
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count


def as_stream(pieces: Iterator[bytes]) -> IO[bytes]:
    """Pieces of bytes as a buffered stream."""
    return io.BufferedReader(_PieceStream(pieces), CHUNK_BYTES)


def find_fault(row: RawRow, width: int) -> str:
    """The fault of a row in a table of `width` columns; empty if it is well-formed or blank."""
    if row.fault or row.num_cells in (0, width):
        return row.fault
    return f"it has {count(row.num_cells, 'cell')} instead of {width:,}"


def find_problem(row: RawRow, dialect: Dialect, rule: ExclusionRule) -> tuple[str, bool]:
    """The reason for rejecting a row, and whether it is malformed data.

    The reason is empty if the row is well-formed or blank. A row with too few cells may be a note or a total.
    """
    fault = find_fault(row, rule.width)
    if not fault:
        return find_exclusion(row, dialect, rule), False
    reason = ""
    if 0 < row.num_cells < rule.width:
        reason = rule.find_short_reason(split_row(row.content, dialect))
    return reason or fault, not reason


def find_exclusion(row: RawRow, dialect: Dialect, rule: ExclusionRule) -> str:
    """Why a well-formed row is not data; empty if it is data, or a blank line."""
    if not row.num_cells or not rule.may_exclude(row.content, dialect.delimiter.encode()):
        return ""
    return rule.find_reason(split_row(row.content, dialect))

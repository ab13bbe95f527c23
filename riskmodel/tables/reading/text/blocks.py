"""Blocks of all rows of a file in order, well-formed or malformed, for scoring, which returns a result per row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array
from riskmodel.tables.reading.layout.exclusions import ExclusionRule
from riskmodel.tables.reading.text.rejects import find_problem
from riskmodel.tables.reading.text.rows import RawRow, for_pyarrow
from riskmodel.tables.schema.dialect import Dialect


class BrokenRow(NamedTuple):
    """A malformed row.

    Attributes:
        place: Its index among the rows of its block, from 0.
        line: Its first line in the file; the first is 1.
        text: The row as in the file, without its last line end.
        reason: Its fault.
        is_data: True for a data row; False for a repeated header or a total.
    """

    place: int
    line: int
    text: str
    reason: str
    is_data: bool = True

    def describe(self) -> str:
        """Its line and fault, such as ``line 17: it has 5 cells instead of 8``."""
        return f"line {self.line:,}: {self.reason}"


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive rows of a file.

    Attributes:
        rows: The well-formed rows; every column string, without nulls. There may be none.
        broken: The malformed rows, each with its index.
    """

    rows: pa.RecordBatch
    broken: tuple[BrokenRow, ...] = ()

    @property
    def num_rows(self) -> int:
        """Number of rows, well-formed or malformed."""
        return int(self.rows.num_rows) + len(self.broken)

    def places(self) -> npt.NDArray[np.int64]:
        """The index of each well-formed row among all of the block, int64 (n,)."""
        whole = np.ones(self.num_rows, np.bool_)
        whole[[row.place for row in self.broken]] = False
        return np.flatnonzero(whole)

    def spread(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """A batch with one row per well-formed row, expanded with rows of nulls for the malformed ones."""
        if not self.broken:
            return rows
        sources = np.zeros(self.num_rows, np.int64)
        missing = np.ones(self.num_rows, np.bool_)
        places = self.places()
        sources[places], missing[places] = np.arange(len(places)), False
        indices: Array = pa.array(sources, pa.int64(), mask=missing)
        return rows.take(indices)


class RawBlock(NamedTuple):
    """The bytes and number of well-formed rows, and the malformed rows among them."""

    content: bytes
    num_whole: int
    broken: tuple[BrokenRow, ...]


def sieve_blocks(
    rows: Iterable[RawRow], dialect: Dialect, rule: ExclusionRule, max_bytes: int, skip: int = 0
) -> Iterator[RawBlock]:
    """Rows in blocks of about `max_bytes`; malformed rows and rows that are not data are listed separately.

    Args:
        rows: Without the header's.
        dialect: Their dialect.
        rule: Recognizes rows that are not data; its width is that of a well-formed row.
        max_bytes: A block ends with the row that reaches this number of bytes.
        skip: Number of first rows, all well-formed, to omit.

    Raises:
        UnicodeDecodeError: A malformed row is not UTF-8.
    """
    kept: list[bytes] = []
    broken: list[BrokenRow] = []
    size = num_whole = 0
    for row in rows:
        reason, is_data = find_problem(row, dialect, rule)
        # In a single-column table a blank line is a customer with a missing value.
        counts = row.num_cells > 0 or rule.width == 1
        if skip and not reason:
            skip -= counts
            continue
        if reason:
            text = row.content.decode().rstrip("\r\n")
            broken.append(BrokenRow(num_whole + len(broken), row.line, text, reason, is_data))
        else:
            kept.append(row.content if row.content.endswith((b"\n", b"\r")) else row.content + b"\n")
            num_whole += counts
        size += len(row.content)
        if size >= max_bytes:
            yield RawBlock(for_pyarrow(b"".join(kept), dialect), num_whole, tuple(broken))
            kept, broken, size, num_whole = [], [], 0, 0
    if num_whole or broken:
        yield RawBlock(for_pyarrow(b"".join(kept), dialect), num_whole, tuple(broken))

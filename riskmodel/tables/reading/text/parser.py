"""Options for pyarrow's CSV parser: every column string, rows with a wrong number of cells counted."""

from collections.abc import Sequence
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv

from riskmodel.tables.schema.dialect import Dialect

_MAX_RAGGED = 1_000
_THREADED_BLOCK = 1 << 25
"""Larger blocks are parsed sequentially, so that memory does not depend on the number of cores."""


class RaggedRows:
    """Counts the rows with more or fewer cells than the header; pyarrow calls it from several threads.

    At a thousand pyarrow stops, since a call for each of millions takes minutes and the result is the same.
    """

    def __init__(self) -> None:
        self.count = 0

    def add(self, row: Any) -> Literal["skip", "error"]:
        """Count a row, and let pyarrow skip it."""
        self.count += 1
        return "skip" if self.count < _MAX_RAGGED else "error"


def parser_options(
    columns: Sequence[str], names: list[str] | None, dialect: Dialect, ragged: RaggedRows, block_bytes: int
) -> dict[str, Any]:
    """Keyword arguments for `pyarrow.csv.read_csv` and `open_csv`.

    Args:
        columns: Names of the columns.
        names: The same if pyarrow does not read them from the first row; else None.
        dialect: The dialect of the rows.
        ragged: Counter of rows with a wrong number of cells.
        block_bytes: Size of pyarrow's blocks.
    """
    return {
        "read_options": pa.csv.ReadOptions(
            block_size=block_bytes, column_names=names, use_threads=block_bytes <= _THREADED_BLOCK
        ),
        "parse_options": pa.csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote,
            escape_char=dialect.escape or False,
            newlines_in_values=True,
            # In a single-column table a blank line is a customer with a missing value.
            ignore_empty_lines=len(columns) > 1,
            invalid_row_handler=ragged.add,
        ),
        "convert_options": pa.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    }

"""Columns of a typed table as arrays; missing or mistyped columns raise an error."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Cells, as_numpy
from riskmodel.tables.schema.schema import Column
from riskmodel.wording import count, plural

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.integer]


def as_table(rows: pa.Table | pa.RecordBatch) -> pa.Table:
    """A batch as a table, without a copy; a table is returned unchanged."""
    return pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows


def check_columns(table: pa.Table, names: Iterable[str]) -> None:
    """Raise DataError if a column is missing."""
    present = set(table.column_names)
    missing = [f"'{name}'" for name in names if name not in present]
    if missing:
        columns = plural(len(missing), "column", "columns")
        raise DataError(f"The table lacks the input {columns} {', '.join(missing)}. Add them under these names.")


def read_numbers(table: pa.Table, name: str, rows: slice | IntArray) -> FloatArray:
    """Some rows of a numerical column, or of a date column as days since 1970-01-01.

    Args:
        rows: A slice with both ends, or positions, integer, shape (m,).

    Returns:
        float64, shape (m,), a copy; missing is NaN.

    Raises:
        DataError: The column is not of numbers or dates, or holds an infinity in these rows.
    """
    column: Cells = table.column(name)
    if isinstance(rows, slice):
        column = column.slice(rows.start, rows.stop - rows.start)
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    elif not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        raise DataError(
            f"Column '{name}' must be numerical or a date; received {column.type}. Type the table by its schema first."
        )
    values: FloatArray = as_numpy(column.cast(pa.float64(), safe=False))
    if not isinstance(rows, slice):
        values = values[rows]
    elif not values.flags.writeable:
        values = values.copy()
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        first = int(infinite[0])
        row = rows.start + first if isinstance(rows, slice) else int(rows[first])
        raise DataError(
            f"Column '{name}' has {count(len(infinite), 'infinite value')} "
            f"(first in row {row + 1}). Numbers must be finite; correct the cells or leave them empty."
        )
    return values


def read_known_numbers(table: pa.Table, column: Column, rows: IntArray, codes: Iterable[float] = ()) -> FloatArray:
    """As `read_numbers`, with the column's special codes and further ``codes`` missing."""
    values = read_numbers(table, column.name, rows)
    values[np.isin(values, [*codes, *column.special_codes.values()])] = np.nan
    return values


def read_levels(table: pa.Table, name: str) -> Cells:
    """A categorical column as strings, null where missing.

    Raises:
        DataError: The column is not of strings.
    """
    column: Cells = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
    if not pa.types.is_string(column.type):
        raise DataError(f"Column '{name}' must be text; received {column.type}. Type the table by its schema first.")
    return column

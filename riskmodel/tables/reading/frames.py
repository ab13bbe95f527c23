"""Converts data frames and Arrow tables to the strings of an equivalent file."""

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array, pc, strings


def strings_from_frame(frame: pd.DataFrame) -> pa.Table:
    """Every column as text, missing values as empty cells; the index is left out.

    Text is unchanged. Whole numbers are written without a decimal point even where pandas holds them as floats
    (as it does if one is missing), other floats so that they parse to the same number, dates as
    ``2024-01-31``, booleans as ``True`` and ``False``.

    Args:
        frame: (n, c); column names must be distinct texts.

    Returns:
        (n, c) string columns without nulls, as `read_strings` returns them.

    Raises:
        DataError: There are no rows, or a column's name is not text, is blank or is duplicated.

    Example:
        >>> strings_from_frame(pd.DataFrame({"codes": [1, None]}))["codes"].to_pylist()
        ['1', '']
    """
    names = list(frame.columns)
    for number, name in enumerate(names, 1):
        if not isinstance(name, str) or not name.strip():
            raise DataError(f"Column {number} of the data frame is named {name!r}. Give every column a name of text.")
    twice = [name for number, name in enumerate(names) if name in names[:number]]
    if twice:
        raise DataError(f"The data frame has the column name {twice[0]!r} more than once. Rename one.")
    if len(frame) == 0:
        raise DataError("The data frame has no rows. Pass one with customers in it.")
    return pa.Table.from_arrays([_as_strings(frame[name]) for name in names], names=names)


def typed_in_frame(frame: pd.DataFrame) -> list[str]:
    """Columns whose values are numbers or dates rather than texts; `strings_from_frame` writes them in plain format.

    Example:
        >>> typed_in_frame(pd.DataFrame({"income": [1.5], "note": ["3"]}))
        ['income']
    """
    return [name for name in frame.columns if _is_typed(frame[name])]


def _is_typed(column: Any) -> bool:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return True
    kind = pd.api.types.infer_dtype(column, skipna=True)
    return kind in ("floating", "integer", "mixed-integer-float", "decimal", "datetime", "date")


def _as_strings(column: Any) -> Array:
    if pd.api.types.is_bool_dtype(column) or not (
        pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)
    ):
        missing = pd.isna(column).to_numpy()
        return strings("" if gone else _text(value) for value, gone in zip(column, missing, strict=True))
    array = pa.array(column, from_pandas=True)
    if pa.types.is_timestamp(array.type):
        array = pc.cast(pc.floor_temporal(array, unit="day"), pa.date32())
    elif pa.types.is_floating(array.type):
        array = _whole_or_same(array)
    text: Array = pc.fill_null(pc.cast(array, pa.string()), "")
    return text


def _text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _whole_or_same(array: Array) -> Array:
    """Floats as integers if all of them are whole and exact."""
    finite = pc.all(pc.is_finite(array), min_count=0).as_py()
    if not finite or not pc.all(pc.equal(pc.floor(array), array), min_count=0).as_py():
        return array
    small: bool = pc.all(pc.less(pc.abs(array), pa.scalar(2.0**53)), min_count=0).as_py()
    return pc.cast(array, pa.int64()) if small else array


def strings_from_table(table: pa.Table) -> pa.Table:
    """The columns of an Arrow table as text, as `read_strings` returns those of a file; times of day are dropped."""
    columns = []
    for column in table.columns:
        days = column.cast(pa.date32(), safe=False) if pa.types.is_timestamp(column.type) else column
        columns.append(pc.fill_null(days.cast(pa.string()), ""))
    return pa.Table.from_arrays(columns, names=table.column_names)


def typed_in_table(table: pa.Table) -> list[str]:
    """Names of the columns of an Arrow table that hold numbers, booleans or times."""
    return [field.name for field in table.schema if _is_typed_in_arrow(field.type)]


def _is_typed_in_arrow(kind: pa.DataType) -> bool:
    return bool(pa.types.is_temporal(kind) or pa.types.is_primitive(kind) or pa.types.is_decimal(kind))


def read_columns(frame: pd.DataFrame | pa.Table, names: Sequence[str]) -> tuple[pa.Table, list[str]]:
    """The named columns of a data frame or Arrow table as text, and the typed ones among them; errors as for both."""
    if isinstance(frame, pa.Table):
        table = frame.select(list(names))
        return strings_from_table(table), typed_in_table(table)
    selected = frame[list(names)]
    return strings_from_frame(selected), typed_in_frame(selected)

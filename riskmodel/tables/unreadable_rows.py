"""Rejection of rows with unreadable cells, for columns with this setting."""

from __future__ import annotations

import os

import numpy as np
import pyarrow as pa

from riskmodel.tables.coercion.coercion import Unparsable, coerce_table, describe_expected
from riskmodel.tables.reading.open_table import TableReader
from riskmodel.tables.reading.row_places import find_places
from riskmodel.tables.reading.text.rejects import Rejects
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.wording import count


def reject_unreadable(column: Column) -> Column:
    """The column with unreadable cells that reject their rows instead of being missing-value markers."""
    markers = column.missing_markers
    if column.extra_markers and column.kind in ("numerical", "date"):
        texts = pa.table({column.name: pa.array(column.extra_markers, pa.string())})
        plain = Schema(columns=(column.model_copy(update={"missing_markers": None}),))
        _, unparsable = coerce_table(texts, plain, [column.name])
        marks = unparsable[column.name].mask if unparsable else np.zeros(len(column.extra_markers), np.bool_)
        unreadable = {text for text, mark in zip(column.extra_markers, marks, strict=True) if mark}
        markers = tuple(marker for marker in markers or () if marker not in unreadable)
    return column.model_copy(update={"unreadable": "reject", "missing_markers": markers})


def find_accepted_rows(raw: pa.Table, schema: Schema) -> pa.Table | None:
    """True for rows without a rejecting cell; None if these are all rows.

    Args:
        raw: String columns without nulls.
        schema: Columns with ``unreadable`` ``reject`` are checked.
    """
    unparsable = _find_unreadable(raw, schema)
    if not unparsable:
        return None
    rejected = np.logical_or.reduce([cells.mask for cells in unparsable.values()])
    return raw.filter(pa.array(~rejected))


def find_rejected_rows(path: str | os.PathLike[str], reader: TableReader, raw: pa.Table, schema: Schema) -> Rejects:
    """The rows rejected by `find_accepted_rows`, with their lines and the column and value that rejects each.

    Args:
        path: The file.
        reader: The reader of the file.
        raw: The whole table returned by it.
        schema: Columns with ``unreadable`` ``reject`` are checked.
    """
    reasons: dict[int, list[str]] = {}
    for name, cells in _find_unreadable(raw, schema).items():
        expected, rows = describe_expected(schema.column(name), 1), np.flatnonzero(cells.mask)
        values = raw[name].filter(pa.array(cells.mask)).to_pylist()
        for row, value in zip(rows.tolist(), values, strict=True):
            reasons.setdefault(row, []).append(f"column {name!r} has {value!r} in place of {expected}")
    rows_found = sorted(reasons)
    places = find_places(path, reader, raw, rows_found)
    rejected = [(line, text, "; ".join(reasons[row])) for row, (line, text) in zip(rows_found, places, strict=True)]
    return Rejects.of(rejected, "line" if isinstance(reader.layout, Dialect) else "row")


def describe_rejected_rows(raw: pa.Table, schema: Schema) -> tuple[str, ...]:
    """A message per column that rejects rows, with the number and the first one; for several columns also the total."""
    unparsable = _find_unreadable(raw, schema)
    notes = tuple(
        f"Column {name!r}: {count(cells.count, 'row is', 'rows are')} rejected, since the cell cannot "
        f"be read (first: {cells.first_value!r} in row {cells.first_row:,})."
        for name, cells in unparsable.items()
    )
    if len(notes) < 2:
        return notes
    total = int(np.count_nonzero(np.logical_or.reduce([cells.mask for cells in unparsable.values()])))
    return (*notes, f"{total:,} of {raw.num_rows:,} rows are rejected in all.")


def count_rejected_rows(raw: pa.Table, schema: Schema) -> dict[str, int]:
    """Number of rows rejected by `find_accepted_rows`, each counted for the first rejecting column."""
    counts: dict[str, int] = {}
    counted = np.zeros(raw.num_rows, np.bool_)
    for name, cells in _find_unreadable(raw, schema).items():
        counts[f"column {name!r} is not {describe_expected(schema.column(name), 1)}"] = int(
            np.count_nonzero(cells.mask & ~counted)
        )
        counted |= cells.mask
    return {reason: count for reason, count in counts.items() if count}


def _find_unreadable(raw: pa.Table, schema: Schema) -> dict[str, Unparsable]:
    names = [
        column.name for column in schema.columns if column.unreadable == "reject" and column.name in raw.column_names
    ]
    return coerce_table(raw, schema, names)[1] if names else {}

"""Rows with cells that cannot be read, left out of columns for which this was chosen."""

from __future__ import annotations

import warnings

import numpy as np
import pyarrow as pa

from riskmodel.errors import DataWarning
from riskmodel.tables.schema import Schema
from riskmodel.tables.typing import coerce_table


def find_accepted_rows(raw: pa.Table, schema: Schema) -> pa.Table | None:
    """The rows without a cell that rejects its row; None where that is all of them.

    Args:
        raw: String columns without nulls.
        schema: Columns whose ``unreadable`` is ``reject`` are looked at.

    Warns:
        DataWarning: For each column that rejects rows: how many, and the first.
    """
    names = [each.name for each in schema.columns if each.unreadable == "reject" and each.name in raw.column_names]
    _, unparsable = coerce_table(raw, schema, names)
    if not unparsable:
        return None
    for name, cells in unparsable.items():
        rows = f"{cells.count:,} rows are" if cells.count > 1 else "1 row is"
        first = f"(first: {cells.first_value!r} in row {cells.first_row:,})"
        words = f"Column {name!r}: {rows} rejected, since the cell cannot be read {first}."
        warnings.warn(words, DataWarning, stacklevel=3)
    rejected = np.logical_or.reduce([cells.mask for cells in unparsable.values()])
    return raw.filter(pa.array(~rejected))

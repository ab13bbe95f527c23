"""The schema of a dataset's next version: that of the version before, as far as the new file bears it."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import pc
from riskmodel.tables.coercion.coercion import Unparsable
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.open_table import Layout, detect_format
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.schema import Column, Schema

MOST_NEW_MARKERS = 50
"""More different cells than these are no markers of missing values but another kind of column."""


def layout_for(path: str | os.PathLike[str], layout: Layout | None) -> Layout | None:
    """How the version before was written, where the newer file is of the same format; else None, to be found anew.

    Raises:
        DataError: The file cannot be read at all.
    """
    kind = detect_format(path)
    fits = kind == "text" if isinstance(layout, Dialect) else kind == "workbook"
    return layout if fits else None


def next_schema(
    before: Schema, raw: pa.Table, layout: Layout | None = None, as_missing: Mapping[str, Unparsable] | None = None
) -> Schema:
    """The schema for a newer file of the same kind, in that file's order of columns.

    Args:
        before: The schema of the version before.
        raw: The newer file, every column string.
        layout: How it is written.
        as_missing: Cells that are to be read as missing, by column, as `compare` reports them: their texts become
            markers of their columns.

    Returns:
        Columns of the version before are what they were, those that the file lacks are left out, new ones are ignored
        until somebody says what they are for.

    Raises:
        DataError: The target is not in the file; cells that are to be missing are too many different ones.
    """
    if before.target is not None and before.target not in raw.column_names:
        raise DataError(
            f"The file has no column {before.target!r}, which says who turned bad. A version needs its target; "
            "customers without one can be scored."
        )
    known = set(before.names)
    new = [name for name in raw.column_names if name not in known]
    proposed = {column.name: column for column in propose_schema(raw.select(new)).columns} if new else {}
    columns = [
        _with_markers(before, before.column(name), raw, (as_missing or {}).get(name))
        if name in known
        else proposed[name].model_copy(
            update={"kind": "ignored", "reason": "not in the version before", "date_format": None, "first_year": None}
            | {"number_format": None}
        )
        for name in raw.column_names
    ]
    return Schema(
        columns=tuple(columns),
        bad_values=before.bad_values,
        good_values=before.good_values,
        missing_markers=before.missing_markers,
        layout=layout,
    )


def _with_markers(schema: Schema, column: Column, raw: pa.Table, cells: Unparsable | None) -> Column:
    if cells is None:
        return column
    texts = pc.unique(pc.utf8_trim_whitespace(raw[column.name].filter(pa.array(cells.mask)))).to_pylist()
    if len(texts) > MOST_NEW_MARKERS:
        raise DataError(
            f"Column {column.name!r} has {len(texts):,} different cells that cannot be read as before (first: "
            f"{cells.first_value!r} in row {cells.first_row:,}): too many to be markers of missing values. Mend the "
            "file, or make a dataset of its own from it, in which the column is for something else."
        )
    markers = tuple(dict.fromkeys([*schema.markers_of(column.name), *texts]))
    return column.model_copy(update={"missing_markers": markers})

"""The schema of a dataset's next version, adapted from the previous version."""

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

MAX_NEW_MARKERS = 50
"""Most distinct cells that can become missing-value markers; with more, the column has another kind."""


def layout_for(path: str | os.PathLike[str], layout: Layout | None) -> Layout | None:
    """The layout of the previous version, if the newer file has the same format; else None, to be detected.

    Raises:
        DataError: The file cannot be read.
    """
    kind = detect_format(path)
    fits = kind == "text" if isinstance(layout, Dialect) else kind == "workbook"
    return layout if fits else None


def next_schema(
    before: Schema, raw: pa.Table, layout: Layout | None = None, as_missing: Mapping[str, Unparsable] | None = None
) -> Schema:
    """The schema for a newer file of the same kind, in its order of columns.

    Args:
        before: The schema of the previous version.
        raw: The newer file, every column string.
        layout: Its layout.
        as_missing: Cells to read as missing, by column, as reported by `compare`: their texts become
            missing-value markers of their columns.

    Returns:
        Columns of the previous version are unchanged, those missing in the file are dropped, and new ones are ignored
        until the analyst sets their kind.

    Raises:
        DataError: The target is not in the file, or the cells to read as missing have too many distinct texts.
    """
    if before.target is not None and before.target not in raw.column_names:
        raise DataError(
            f"The file has no column {before.target!r}, which holds the outcome. A version needs its target; "
            "customers without one can be scored."
        )
    known = set(before.names)
    new = [name for name in raw.column_names if name not in known]
    proposed = {column.name: column for column in propose_schema(raw.select(new)).columns} if new else {}
    columns = [
        _with_markers(before, before.column(name), raw, (as_missing or {}).get(name))
        if name in known
        else proposed[name].model_copy(
            update={"kind": "ignored", "reason": "not in the previous version", "date_format": None, "first_year": None}
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
    if len(texts) > MAX_NEW_MARKERS:
        raise DataError(
            f"Column {column.name!r} has {len(texts):,} different cells that cannot be read as before (first: "
            f"{cells.first_value!r} in row {cells.first_row:,}): too many to be missing-value markers. Correct "
            "the file, or create a separate dataset from it with another role for this column."
        )
    markers = tuple(dict.fromkeys([*schema.markers_of(column.name), *texts]))
    return column.model_copy(update={"missing_markers": markers})

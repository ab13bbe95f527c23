"""Special codes: texts of a numerical or date column that are neither values nor missing.

In a typed table each is stored as a number, or a date, far from every value (`Column.special_codes`). The preprocessing
treats these like its own special codes: imputed like a missing value, with an indicator for each. Code that uses
the values themselves reads the table of `hide_special_codes`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Cells, pc
from riskmodel.tables.evidence.evidence import list_texts
from riskmodel.tables.evidence.odd_cells import AS_MISSING
from riskmodel.tables.schema.schema import MAX_SPECIAL_TEXTS, Column, Schema
from riskmodel.wording import plural

AS_SPECIAL = "read as special codes"


def with_special_texts(column: Column, texts: Iterable[str]) -> Column:
    """The column with further special codes, which are removed from its own missing-value markers.

    Raises:
        DataError: The column is neither numerical nor a date, or would have too many special codes.
    """
    if column.kind not in ("numerical", "date"):
        raise DataError(
            f"Column {column.name!r} is {column.kind}: special codes are for numerical and date columns. In a "
            "categorical column every text is a category of its own."
        )
    special = tuple(dict.fromkeys((*column.special_texts, *(text.strip() for text in texts))))
    if len(special) > MAX_SPECIAL_TEXTS:
        raise DataError(
            f"Column {column.name!r} has {len(special):,} different special codes (first: {special[0]!r}), the limit "
            f"is {MAX_SPECIAL_TEXTS}. Name the most frequent ones, and read the others as missing."
        )
    markers = column.missing_markers
    own = None if markers is None else tuple(marker for marker in markers if marker not in special)
    changed = column.model_copy(update={"special_texts": special, "missing_markers": own})
    if changed.extra_markers:
        return changed
    return changed.model_copy(update={"reason": column.reason.replace(AS_MISSING, AS_SPECIAL)})


def markers_as_codes(column: Column) -> Column:
    """The column with its own missing-value markers turned into special codes; errors as for `with_special_texts`."""
    return with_special_texts(column, column.extra_markers)


def hide_special_codes(table: pa.Table, schema: Schema) -> pa.Table:
    """The typed table with null in place of special codes, (n, c); the same table where there are none."""
    for column in schema.columns:
        codes = column.special_codes
        if codes and column.name in table.column_names:
            place, cells = table.column_names.index(column.name), table[column.name]
            numbers = pc.cast(cells, pa.int32()) if column.kind == "date" else cells
            is_code = pc.is_in(numbers, value_set=pa.array(codes.values()).cast(numbers.type))
            table = table.set_column(place, column.name, pc.if_else(is_code, pa.scalar(None, cells.type), cells))
    return table


def count_special_codes(cells: Cells, column: Column) -> dict[str, int]:
    """Number of rows of each special code in a typed column, (n,), by the code's text; empty without special codes."""
    codes = column.special_codes
    if not codes:
        return {}
    numbers = pc.cast(cells, pa.int32()) if column.kind == "date" else cells
    counted = pc.value_counts(numbers.drop_null()).to_pylist()
    rows = {float(pair["values"]): pair["counts"] for pair in counted}
    return {text: rows.get(code, 0) for text, code in codes.items()}


def name_special_code(column: Column, value: object) -> str | None:
    """The text of the special code with this typed value; None if it is not a special code."""
    if isinstance(value, date):
        value = float((value - date(1970, 1, 1)).days)
    return next((text for text, code in column.special_codes.items() if code == value), None)


def describe_special_codes(schema: Schema) -> tuple[str, ...]:
    """A sentence for each column with special codes."""
    return tuple(
        f"Column {column.name!r}: {list_texts(column.special_texts, 'and')} "
        f"{plural(len(column.special_texts), 'is a special code', 'are special codes')}, learned separately from "
        "missing values."
        for column in schema.columns
        if column.special_codes
    )

"""A batch of columns as CSV text.

pyarrow's writer quotes every text cell; here only cells that need quotes are quoted, so that a file stays
unchanged, and cells that a spreadsheet would run as formulas are escaped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa

from riskmodel.tables.arrow import Array, pc
from riskmodel.tables.values.formulas import may_need_protection, protect, restore

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Byte order mark: spreadsheets detect UTF-8 by it."""
_QUOTED = r'[",\r\n]'


def write_header(names: Iterable[str]) -> bytes:
    """The header line; names that a spreadsheet would run as formulas are escaped."""
    cells = pa.array(list(names), pa.string())
    return (",".join(str(cell) for cell in _quote(_protect_once(cells)).to_pylist()) + "\n").encode()


def write_rows(batch: pa.RecordBatch, plain: Collection[str] = ()) -> pa.Buffer:
    """The rows of a batch as UTF-8 text, each ended by a line feed; nulls are empty cells.

    Args:
        batch: columns of text, numbers or nulls.
        plain: columns known to hold only numbers or missing values, whose cells are written unchanged.
    """
    columns = [_write_column(batch.column(name), name in plain) for name in batch.schema.names]
    columns[-1] = pc.binary_join_element_wise(columns[-1], "\n", "")
    rows = pc.binary_join_element_wise(*columns, ",")
    return _text_of(rows)


def _write_column(cells: Array, plain: bool) -> Array:
    if not pa.types.is_string(cells.type):
        text_cells: Array = pc.fill_null(pc.cast(cells, pa.string()), "")
        return text_cells
    filled: Array = pc.fill_null(cells, "") if cells.null_count else cells
    # One check of a column's whole text is much faster than one per cell, and most columns pass it.
    text = memoryview(_text_of(filled)).tobytes()
    if not plain and may_need_protection(text):
        filled = _protect_once(filled)
    if any(mark in text for mark in (b'"', b",", b"\r", b"\n")):
        filled = _quote(filled)
    return filled


def _protect_once(cells: Array) -> Array:
    """Escaped cells; already escaped ones, as in a scored file, are unchanged."""
    return protect(restore(cells))


def _quote(cells: Array) -> Array:
    needed = pc.match_substring_regex(cells, _QUOTED)
    doubled = pc.replace_substring(cells, '"', '""')
    quoted: Array = pc.if_else(needed, pc.binary_join_element_wise('"', doubled, '"', ""), cells)
    return quoted


def _text_of(cells: Array) -> pa.Buffer:
    """The bytes of all cells one after the other, without a copy."""
    offsets, data = cells.buffers()[1], cells.buffers()[2]
    if offsets is None or data is None or len(cells) == 0:
        return pa.py_buffer(b"")
    limits = memoryview(offsets).cast("i")
    start, end = limits[cells.offset], limits[cells.offset + len(cells)]
    return data.slice(start, end - start)

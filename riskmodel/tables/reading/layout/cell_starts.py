"""Vectorized access to the first bytes of a column's cells, for fast searches over millions of rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array

PREFIX_BYTES = 4
STARTS_WORD = np.array([chr(byte).isalpha() or byte >= 0x80 for byte in range(256)])
"""True for bytes with which a word may begin, (256,)."""

_LOWER_CASE = np.uint32(0x20202020)

Rows = npt.NDArray[np.int64]


def first_bytes(cells: Array) -> tuple[npt.NDArray[np.uint8], Callable[[Rows], npt.NDArray[np.uint32]]]:
    """The first byte of each cell, 0 where it is empty, and a function for the first four bytes of some cells.

    The four bytes are in lower case, in little-endian order; after a shorter cell they are those of the next one.
    """
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(memoryview(offsets or b""), np.int32)[cells.offset : cells.offset + len(cells) + 1]
    content = np.frombuffer(memoryview(data or b""), np.uint8)
    if len(content) < PREFIX_BYTES + ends[-1]:
        content = np.concatenate([content[: ends[-1]], np.zeros(PREFIX_BYTES, np.uint8)])
    first = content[ends[:-1]]
    first[ends[:-1] == ends[1:]] = 0
    wide = np.ndarray((len(content) - 3,), np.uint32, content, strides=(1,))

    def take_four(places: Rows) -> npt.NDArray[np.uint32]:
        four: npt.NDArray[np.uint32] = wide[ends[places]] | _LOWER_CASE
        return four

    return first, take_four


def take_rows(cells: Array, rows: Rows) -> Array:
    """The cells of the given rows."""
    places: Array = pa.array(rows)
    return cells.take(places)


def as_number(prefix: bytes) -> int:
    """Up to four bytes as the number that `first_bytes` returns for them."""
    return int.from_bytes(prefix, "little") | int(_LOWER_CASE)

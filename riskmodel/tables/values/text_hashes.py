"""64-bit hashes of texts, in memory independent of the number of distinct texts.

A short text's hash is the sum of a random number for each byte at each position (Zobrist hashing), vectorized over
many texts; longer texts are hashed one by one. A dictionary of ten million texts would take gigabytes.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from riskmodel.tables.arrow import Array, Cells

_MAX_SHORT_LENGTH = 256
_ROWS = 1 << 14
_MISSING = np.uint64(0x5BD1E995A5A5A5A5)
_SEED = 20243
_TABLE = np.random.default_rng(_SEED).integers(0, 1 << 64, (_MAX_SHORT_LENGTH + 1) * 256, np.uint64)


def hash_texts(cells: Cells) -> npt.NDArray[np.uint64]:
    """A hash for each text, (n,) uint64; missing is also a value.

    Different texts collide with a probability of 1 in 2⁶⁴.

    Args:
        cells: (n,) string.

    Example:
        >>> import pyarrow as pa
        >>> first, second, third = hash_texts(pa.chunked_array([["Oslo", "Bern", "Oslo"]]))
        >>> bool(first == third), bool(first == second)
        (True, False)
    """
    pieces = [_hash(chunk.slice(start, _ROWS)) for chunk in cells.chunks for start in range(0, len(chunk), _ROWS)]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.uint64)


def count_equal(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Frequency of each distinct hash, (m,); NumPy's `unique` is far slower for millions.

    Example:
        >>> count_equal(np.array([7, 5, 7], np.uint64)).tolist()
        [1, 2]
    """
    ordered = np.sort(hashes)
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    return np.diff(np.concatenate([[0], changes, [len(ordered)]])) if len(ordered) else changes


def _hash(cells: Array) -> npt.NDArray[np.uint64]:
    _, offsets, data = cells.buffers()
    limits = np.frombuffer(memoryview(offsets or b""), np.int32)[cells.offset : cells.offset + len(cells) + 1]
    starts, lengths = limits[:-1].astype(np.int64), np.diff(limits)
    content = memoryview(data or b"")
    short = lengths <= _MAX_SHORT_LENGTH
    hashes = np.empty(len(cells), np.uint64)
    hashes[short] = _hash_short(np.frombuffer(content, np.uint8), starts[short], lengths[short])
    for row in np.flatnonzero(~short):
        text = content[starts[row] : starts[row] + lengths[row]]
        hashes[row] = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
    if cells.null_count:
        hashes[np.asarray(cells.is_null())] = _MISSING
    return hashes


def _hash_short(
    content: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int32]
) -> npt.NDArray[np.uint64]:
    ends = np.cumsum(lengths, dtype=np.int64)
    begins = ends - lengths
    places = np.arange(ends[-1] if len(ends) else 0) - np.repeat(begins, lengths)  # within each text
    letters = content[np.repeat(starts, lengths) + places]
    sums = np.zeros(len(places) + 1, np.uint64)
    np.cumsum(_TABLE[places * 256 + letters], out=sums[1:])
    hashes: npt.NDArray[np.uint64] = sums[ends] - sums[begins] + _TABLE[_MAX_SHORT_LENGTH * 256 :][lengths % 256]
    return hashes

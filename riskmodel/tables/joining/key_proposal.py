"""Which columns of two tables hold the same customers' keys."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc
from riskmodel.tables.joining.keys import KeyComparison

SAMPLE_ROWS = 5_000
MOSTLY_DIFFERENT = 0.5
"""Cells of a key differ in at least this share of the rows looked at."""
FEWEST_FOUND = 0.05
"""A pair of columns with other names must have at least this share of the keys looked at in common."""
_LOOSE = KeyComparison(True, True, True)


def propose_key(left: pa.Table, right: pa.Table) -> tuple[str, str] | None:
    """The column of either table by which they are best joined; None where no pair suggests itself.

    Looked at are columns that are called alike, and columns whose cells differ in most rows. The keys of up to 5,000
    rows on the left are looked for on the right, without regard to spaces, case and leading zeros. The pair that finds
    most of them is proposed, rather one that is called alike, and rather one whose cells on the right differ.

    Example:
        >>> import pyarrow as pa
        >>> left = pa.table({"income": ["1", "1"], "client": ["007", "008"]})
        >>> propose_key(left, pa.table({"number": ["8", "7"], "limit": ["1", "2"]}))
        ('client', 'number')
    """
    unique_left = {name for name in left.column_names if _different(left[name]) >= MOSTLY_DIFFERENT}
    different = {name: _different(right[name]) for name in right.column_names}
    best: tuple[float, str, str] | None = None
    heads = {name: _looked_at(left[name]) for name in left.column_names}
    for other in right.column_names:
        alike = [name for name in left.column_names if _plain(name) == _plain(other)]
        named = [name for name in alike if name in unique_left or different[other] >= MOSTLY_DIFFERENT]
        unnamed = [name for name in unique_left if different[other] >= MOSTLY_DIFFERENT and name not in named]
        keys = _LOOSE.apply(pc.unique(right[other])) if named or unnamed else None
        for name in (*named, *sorted(unnamed, key=left.column_names.index)):
            found = _share_found(heads[name], keys)
            # A key is found nearly always, an amount of the same name only by chance.
            weight = found**2 + 0.4 * (name in named) + 0.1 * different[other]
            if (name in named or found >= FEWEST_FOUND) and (best is None or weight > best[0]):
                best = (weight, name, other)
    return None if best is None else best[1:]


def _looked_at(cells: Cells) -> Array:
    """Different keys of rows spread over the table, as they are compared; empty ones left out."""
    places = np.unique(np.linspace(0, max(len(cells) - 1, 0), min(len(cells), SAMPLE_ROWS)).astype(np.int64))
    keys = _LOOSE.apply(pc.unique(pc.take(cells, pa.array(places))))
    kept: Array = pc.filter(keys, pc.not_equal(keys, ""))
    return kept


def _share_found(keys: Array, among: Array | None) -> float:
    if among is None or len(keys) == 0:
        return 0.0
    return float(np.mean(as_numpy(pc.is_in(keys, value_set=among))))


def _different(cells: Cells) -> float:
    head = cells.slice(0, SAMPLE_ROWS)
    filled = pc.filter(head, pc.not_equal(head, ""))
    return len(pc.unique(filled)) / max(len(head), 1)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name

"""Proposal of the key columns for joining two tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc
from riskmodel.tables.joining.keys import KeyComparison

SAMPLE_ROWS = 5_000
MOSTLY_DIFFERENT = 0.5
"""Smallest share of distinct cells of a key in the sampled rows."""
MIN_MATCHED_SHARE = 0.05
"""Smallest share of common keys for a pair of columns with different names."""
_LOOSE = KeyComparison(True, True, True)


def propose_key(left: pa.Table, right: pa.Table) -> tuple[str, str] | None:
    """The best pair of key columns, one of each table; None if no pair qualifies.

    Candidates are columns with similar names, and columns with distinct cells in most rows. The keys of up to 5,000
    left rows are searched on the right, ignoring spaces, case and leading zeros. The pair with the most matches is
    proposed; pairs with similar names, and then pairs with distinct cells on the right, are preferred.

    Example:
        >>> import pyarrow as pa
        >>> left = pa.table({"income": ["1", "1"], "client": ["007", "008"]})
        >>> propose_key(left, pa.table({"number": ["8", "7"], "limit": ["1", "2"]}))
        ('client', 'number')
    """
    unique_left = {name for name in left.column_names if _different(left[name]) >= MOSTLY_DIFFERENT}
    different = {name: _different(right[name]) for name in right.column_names}
    best: tuple[float, str, str] | None = None
    heads = {name: _sample_keys(left[name]) for name in left.column_names}
    for other in right.column_names:
        alike = [name for name in left.column_names if _plain(name) == _plain(other)]
        named = [name for name in alike if name in unique_left or different[other] >= MOSTLY_DIFFERENT]
        unnamed = [name for name in unique_left if different[other] >= MOSTLY_DIFFERENT and name not in named]
        keys = _LOOSE.apply(pc.unique(right[other])) if named or unnamed else None
        for name in (*named, *sorted(unnamed, key=left.column_names.index)):
            share = _share_found(heads[name], keys)
            # A key nearly always matches, an amount of the same name only by chance.
            weight = share**2 + 0.4 * (name in named) + 0.1 * different[other]
            if (name in named or share >= MIN_MATCHED_SHARE) and (best is None or weight > best[0]):
                best = (weight, name, other)
    return None if best is None else best[1:]


def _sample_keys(cells: Cells) -> Array:
    """Distinct normalized keys of rows spread over the table, without empty ones."""
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

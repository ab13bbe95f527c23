"""Checks for mostly missing columns and for columns that are missing in the same rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.checks.groups import MAX_PAIRED_COLUMNS, group_linked
from riskmodel.tables.schema.schema import Schema
from riskmodel.wording import listed, percentage, plural, quoted

MOSTLY = 0.5
NEARLY_ALL = 0.95
"""Excluding a column is proposed from this share of missing cells on."""
TOGETHER = 0.98
"""Jaccard similarity of the missing rows of two columns."""
MIN_MISSING_SHARE = 0.005
MAX_CELLS = 10_000_000
"""Largest number of rows compared; of a larger table, evenly spaced rows are taken."""


def find_missingness(table: pa.Table, schema: Schema) -> list[Finding]:
    """Findings on columns with more cells missing than present, and on groups that are missing together.

    Args:
        table: All rows.
        schema: The column roles; only inputs are checked.
    """
    shares = {name: table[name].null_count / max(table.num_rows, 1) for name in schema.inputs}
    findings = [_mostly_missing(shares)] if any(MOSTLY <= share < 1 for share in shares.values()) else []
    return findings + _missing_together(table, shares)


def _mostly_missing(shares: dict[str, float]) -> Finding:
    names = sorted((name for name, share in shares.items() if MOSTLY <= share < 1), key=lambda name: -shares[name])
    nearly = tuple(name for name in names if shares[name] >= NEARLY_ALL)
    named = listed([f"'{name}' {percentage(shares[name])}" for name in names], 6)
    subject = plural(len(names), "One column is", f"{len(names):,} columns are")
    text = (
        f"{subject} mostly missing: {named}. "
        "Little can be learned from the few values; missingness may be more informative than the values."
    )
    return Finding("mostly_missing", tuple(names), "note", text, nearly, max(shares[name] for name in names))


def _missing_together(table: pa.Table, shares: dict[str, float]) -> list[Finding]:
    names = [name for name, share in shares.items() if MIN_MISSING_SHARE <= share < 1][:MAX_PAIRED_COLUMNS]
    if len(names) < 2:
        return []
    step = 1 + table.num_rows * len(names) // MAX_CELLS
    masks = np.stack([as_numpy(pc.is_null(table[name]))[::step] for name in names]).astype(np.float32)
    findings = []
    for group in group_linked(_overlap(masks) >= TOGETHER):
        members = [names[place] for place in group]
        text = (
            f"{listed(quoted(members), 6)} are missing in the same rows "
            f"({percentage(shares[members[0]])} of all): these rows "
            "probably come from another source or product, so one missing indicator is sufficient."
        )
        findings.append(Finding("missing_together", tuple(members), "note", text, weight=shares[members[0]]))
    return findings


def _overlap(masks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Jaccard similarity of each two of k masks of n rows, (k, k) in [0, 1]: shared over either."""
    shared = masks @ masks.T
    counts = np.diag(shared)
    overlap: npt.NDArray[np.float32] = shared / np.maximum(counts[:, None] + counts[None, :] - shared, 1)
    return overlap

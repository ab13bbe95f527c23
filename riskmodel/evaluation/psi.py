"""The population stability index: a measure of distribution shift."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SLIGHT_SHIFT = 0.1
"""Below it a distribution counts as stable, by the usual rule of thumb (Siddiqi 2006, Credit Risk Scorecards)."""
CLEAR_SHIFT = 0.25
"""From here a distribution counts as shifted, by the same rule."""
SMALLEST_SHARE = 1e-4
"""Share assumed for a bin without customers, to keep the logarithm finite."""


def compute_psi(before: npt.ArrayLike, after: npt.ArrayLike) -> float:
    """The index of two counts in the same bins: sum of (q - p) ln(q / p) over shares p before and q after.

    Args:
        before, after: (m,) counts, not negative.

    Returns:
        0 for equal shares, larger for larger shifts; NaN if one side has no rows.

    Example:
        >>> round(compute_psi([50, 50], [25, 75]), 4)  # -0.25 ln 0.5 + 0.25 ln 1.5
        0.2747
    """
    counts = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if not (counts[0].sum() > 0 and counts[1].sum() > 0):
        return float("nan")
    p, q = (np.maximum(count / count.sum(), SMALLEST_SHARE) for count in counts)
    return float(np.sum((q - p) * np.log(q / p)))


def psi_by_chance(before: npt.ArrayLike, after: npt.ArrayLike) -> float:
    """The expected index without a shift: (m - 1) (1/n + 1/k) for n and k rows in m bins.

    It is 1/n + 1/k times a chi-square variable with m - 1 degrees of freedom (Yurdakul 2018, Statistical Properties of
    Population Stability Index). Bins that are empty on both sides do not count.
    """
    counts = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    bins = int(np.count_nonzero(counts[0] + counts[1]))
    n, k = counts[0].sum(), counts[1].sum()
    return float((bins - 1) * (1 / n + 1 / k)) if n > 0 and k > 0 else 0.0

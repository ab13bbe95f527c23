"""Bootstrap resampling of customers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NUM_RESAMPLES = 1000
MAX_CUSTOMERS = 50_000
"""Maximum resampled customers; of more, a random sample is used and intervals are shrunk by √(sample / all)."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Resampling:
    """Draws of customers with replacement, the same for both models (paired).

    Attributes:
        rows: (m,) positions of the resampled customers: all of them, or `MAX_CUSTOMERS` of more.
        groups: (m,) integer; draws per group keep its size; one group for all is unstratified, good
            and bad customers as two groups are stratified.
        shrink: √(m / n), factor for intervals.
        seed: the same seed draws the same customers.
        num_resamples: number of resamples.
    """

    rows: npt.NDArray[np.intp]
    groups: npt.NDArray[np.int64]
    shrink: float
    seed: int
    num_resamples: int

    def draws(self) -> Iterator[Counts]:
        """(m,) int64 for each resample: how often each of `rows` was drawn."""
        random = np.random.default_rng(self.seed)
        members = [np.flatnonzero(self.groups == group) for group in np.unique(self.groups)]
        counts = np.empty(len(self.rows), np.int64)
        for _ in range(self.num_resamples):
            for positions in members:
                size = len(positions)
                counts[positions] = np.bincount(random.integers(0, size, size), minlength=size)
            yield counts


def plan_resampling(
    num_customers: int,
    *,
    strata: npt.NDArray[np.integer] | None = None,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
) -> Resampling:
    """The resampling plan for n customers.

    Args:
        strata: (n,) strata of constant size; None: unstratified.
    """
    if num_customers <= MAX_CUSTOMERS:
        rows = np.arange(num_customers)
    else:
        chosen = np.random.default_rng(seed).choice(num_customers, MAX_CUSTOMERS, replace=False)
        rows = np.sort(chosen)
    groups = np.zeros(len(rows), np.int64) if strata is None else np.asarray(strata)[rows].astype(np.int64)
    return Resampling(rows, groups, math.sqrt(len(rows) / num_customers), seed, num_resamples)

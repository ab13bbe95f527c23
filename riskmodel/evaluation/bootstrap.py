"""Resamples of customers: how much a figure would change with other customers of the same kind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NUM_RESAMPLES = 1000
MOST_CUSTOMERS = 50_000
"""Of more customers, so many drawn at random are resampled, and intervals are shrunk by √(drawn / all)."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Resampling:
    """Draws of customers with replacement; both models see the same draws (paired).

    Attributes:
        rows: (m,) positions of the customers that are resampled: all of them, or `MOST_CUSTOMERS` of more.
        groups: (m,) integer; of each group as many are drawn as it has, so one group for all draws freely, and good
            and bad customers as two groups keep their numbers (stratified).
        shrink: √(m / n), what intervals are to be multiplied by.
        seed: the same seed draws the same customers.
        num_resamples: how often.
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
    """How n customers are resampled.

    Args:
        strata: (n,) kinds whose numbers are kept; None keeps only the number of customers.
    """
    if num_customers <= MOST_CUSTOMERS:
        rows = np.arange(num_customers)
    else:
        chosen = np.random.default_rng(seed).choice(num_customers, MOST_CUSTOMERS, replace=False)
        rows = np.sort(chosen)
    groups = np.zeros(len(rows), np.int64) if strata is None else np.asarray(strata)[rows].astype(np.int64)
    return Resampling(rows, groups, math.sqrt(len(rows) / num_customers), seed, num_resamples)

"""A figure with what is known of it: estimates and their 95 % intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

NORMAL_QUANTILE = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: half the width of a 95 % interval in standard errors."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: of the customers at hand.
        low, high: limits of the interval.
    """

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out; for differences."""
        return self.low > 0.0 or self.high < 0.0

    @classmethod
    def from_resamples(cls, value: float, resampled: npt.NDArray[np.float64], shrink: float = 1.0) -> Self:
        """The percentile interval of bootstrap resamples (B. Efron, 1981).

        Args:
            value: of the customers at hand.
            resampled: (resamples,) the same figure of each resample.
            shrink: factor on the resamples' distances from their middle; below 1 where they are of fewer customers
                than `value` is.
        """
        low, high = np.quantile(resampled, [0.025, 0.975])
        if shrink != 1.0:
            centre = float(np.mean(resampled))
            low, high = value + shrink * (low - centre), value + shrink * (high - centre)
        return cls(value, float(low), float(high))


def wilson_interval(hits: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of ``hits`` in ``count`` ≥ 1 customers (E. B. Wilson, 1927), in [0, 1].

    Example:
        >>> [round(limit, 4) for limit in wilson_interval(0, 10)]
        [0.0, 0.2775]
    """
    share = hits / count
    shrink = 1 + NORMAL_QUANTILE**2 / count
    centre = (share + NORMAL_QUANTILE**2 / (2 * count)) / shrink
    half = NORMAL_QUANTILE * math.sqrt(share * (1 - share) / count + NORMAL_QUANTILE**2 / (4 * count**2)) / shrink
    return max(centre - half, 0.0), min(centre + half, 1.0)

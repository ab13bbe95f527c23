"""Estimates and their 95% intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

NORMAL_QUANTILE = 1.959963984540054
"""The 97.5% quantile of the normal distribution: half the width of a 95% interval in standard errors."""


@dataclass(frozen=True)
class Estimate:
    """An estimate with its 95% interval.

    Attributes:
        value: point estimate.
        low, high: limits of the interval.
    """

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes 0; for differences."""
        return self.low > 0.0 or self.high < 0.0

    @classmethod
    def from_resamples(cls, value: float, resampled: npt.NDArray[np.float64], shrink: float = 1.0) -> Self:
        """The percentile interval of bootstrap resamples (B. Efron, 1981).

        Args:
            value: point estimate.
            resampled: (resamples,) the estimate of each resample.
            shrink: factor on the resamples' distances from their median; below 1 if they have fewer customers
                than `value` is.
        """
        low, high = np.quantile(resampled, [0.025, 0.975])
        if shrink != 1.0:
            center = float(np.mean(resampled))
            low, high = value + shrink * (low - center), value + shrink * (high - center)
        return cls(value, float(low), float(high))


def wilson_interval(hits: float, count: int) -> tuple[float, float]:
    """The 95% interval of a share of ``hits`` in ``count`` ≥ 1 customers (E. B. Wilson, 1927), in [0, 1].

    Example:
        >>> [round(limit, 4) for limit in wilson_interval(0, 10)]
        [0.0, 0.2775]
    """
    share = hits / count
    shrink = 1 + NORMAL_QUANTILE**2 / count
    center = (share + NORMAL_QUANTILE**2 / (2 * count)) / shrink
    half = NORMAL_QUANTILE * math.sqrt(share * (1 - share) / count + NORMAL_QUANTILE**2 / (4 * count**2)) / shrink
    return max(center - half, 0.0), min(center + half, 1.0)

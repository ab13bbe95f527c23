"""Calibration: the reliability curve and the expected calibration error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.intervals import wilson_interval

NUM_BINS = 15


@dataclass(frozen=True)
class ReliabilityBin:
    """Customers of similar probability.

    Attributes:
        predicted: their mean probability.
        observed: their bad rate.
        low, high: 95% interval of `observed` (Wilson 1927).
        count: number of customers.
    """

    predicted: float
    observed: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Reliability:
    """The reliability curve.

    Attributes:
        bins: from the lowest probability to the highest, of about equal size.
        error: the expected calibration error: Σ count · |observed − predicted| / n, in [0, 1] (Naeini 2015, with bins
            of equal size rather than width, since most customers have small probabilities).
    """

    bins: tuple[ReliabilityBin, ...]
    error: float


def compute_reliability(
    bad: npt.NDArray[np.integer], probability: npt.NDArray[np.floating], num_bins: int = NUM_BINS
) -> Reliability:
    """The reliability curve of n ≥ 1 customers; equal probabilities stay in one bin.

    Args:
        bad: (n,) of 0 and 1.
        probability: (n,) in [0, 1].
    """
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, num_bins + 1)[1:-1]))
    place = np.searchsorted(edges, probability, side="left")
    size = len(edges) + 1
    count = np.bincount(place, minlength=size)
    bads = np.bincount(place, weights=bad, minlength=size)
    sums = np.bincount(place, weights=probability, minlength=size)
    bins = tuple(
        _bin(float(sums[number]), float(bads[number]), int(count[number])) for number in range(size) if count[number]
    )
    error = sum(interval.count * abs(interval.observed - interval.predicted) for interval in bins) / len(bad)
    return Reliability(bins, error)


def expected_calibration_error(
    bad: npt.NDArray[np.integer], probability: npt.NDArray[np.floating], num_bins: int = NUM_BINS
) -> float:
    """The error of `compute_reliability`.

    Example:
        >>> expected_calibration_error(np.array([0, 1]), np.array([0.25, 0.75]), num_bins=2)
        0.25
    """
    return compute_reliability(bad, probability, num_bins).error


def _bin(sum_of_probabilities: float, bads: float, count: int) -> ReliabilityBin:
    low, high = wilson_interval(bads, count)
    return ReliabilityBin(sum_of_probabilities / count, bads / count, low, high, count)

"""Counts: columns of few whole numbers from 0 on, and groups of their values that have a risk of their own.

A network reads a count as a number, so the risk beyond the largest training value follows the trend. Some counts do not
follow a trend within the training values: the risk is lowest in the middle, or one value stands out. These get 0/1
inputs for groups of values in addition to the number. More inputs cost accuracy where a trend is enough, so the
training outcomes decide (:func:`find_groups`).

The network of the preset ``mission`` on 1,000 generated customers (12 files; gain of AUC over the
number alone):

=====================================  ========  ==================  ============
inputs in addition to the number       U-shaped  one value apart     even trend
=====================================  ========  ==================  ============
groups where the criterion finds them  .044      .052                .000
groups for every count                 .048      .055                .000
1 from a value on, for every count     .046      .035                −.001
=====================================  ========  ==================  ============
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

MIN_VALUES = 3
MAX_VALUES = 10
MAX_COUNT = 20
"""A count has 3 to 10 different values, whole numbers from 0 to 20."""

MIN_EXPECTED = 5.0
"""Bad customers, and good ones, that a group has at the bad rate of all (Cochran's rule for Pearson's X²)."""

_NUM_STEPS, _MAX_STEP, _RIDGE = 30, 2.0, 1e-3
"""Newton steps of the trend, how far one may go, and a penalty that keeps the trend of separated outcomes finite."""


def is_count(observed: FloatArray) -> bool:
    """Whether training values, float64 (n,) without missing ones, are those of a count.

    Example:
        >>> is_count(np.array([0.0, 1.0, 4.0])), is_count(np.array([0.0, 0.5, 4.0])), is_count(np.array([0.0, 1.0]))
        (True, False, False)
    """
    if observed.size == 0 or observed.min() < 0 or observed.max() > MAX_COUNT:
        return False
    different = np.unique(observed)
    return MIN_VALUES <= len(different) <= MAX_VALUES and bool(np.all(different == np.round(different)))


def find_groups(values: FloatArray, bad: npt.NDArray[np.int8]) -> tuple[float, ...]:
    """The smallest value of each group, ascending; empty where a trend describes the risk well enough.

    1. Neighboring values are joined, from the smallest, until each group has :data:`MIN_EXPECTED` bad and good
       customers at the bad rate of all.
    2. A logistic regression of the outcome on the value is the trend.
    3. Groups are kept where their bad rates depart from it: where Pearson's X² is more than twice its degrees of
       freedom, the number of groups less two (Akaike's criterion).

    Args:
        values: float64 (n,), not missing.
        bad: int8 (n,), 1 bad and 0 good.

    Example:
        >>> values, bad = np.repeat([0.0, 1.0, 2.0], 100), np.zeros(300, np.int8)
        >>> bad[:10], bad[100:140], bad[200:210] = 1, 1, 1
        >>> find_groups(values, bad)
        (0.0, 1.0, 2.0)
    """
    rate = float(bad.mean())
    if not 0 < rate < 1:
        return ()
    different, places, customers = np.unique(values, return_inverse=True, return_counts=True)
    starts = _join(customers, MIN_EXPECTED / min(rate, 1 - rate))
    if len(starts) < MIN_VALUES:
        return ()
    num_bad = np.bincount(places, bad, len(different)).astype(np.float64)
    departure = _measure_departure(different, customers, num_bad, starts)
    return tuple(different[starts].tolist()) if departure > 2 * (len(starts) - 2) else ()


def _join(customers: npt.NDArray[np.int64], needed: float) -> list[int]:
    """Positions of the values at which groups of at least `needed` customers begin."""
    starts, size = [0], 0
    for place, own in enumerate(customers.tolist()):
        if size >= needed:
            starts, size = [*starts, place], 0
        size += own
    return starts if size >= needed or len(starts) == 1 else starts[:-1]


def _measure_departure(
    values: FloatArray, customers: npt.NDArray[np.int64], bad: FloatArray, starts: list[int]
) -> float:
    """Pearson's X² between the bad customers of each group and those expected from the trend; arrays are by value."""
    expected = customers * _fit_trend(values, customers, bad)
    variance = expected * (1 - expected / customers)
    observed, trend, spread = (np.add.reduceat(each, starts) for each in (bad, expected, variance))
    return float(np.sum((observed - trend) ** 2 / np.maximum(spread, 1e-9)))


def _fit_trend(values: FloatArray, customers: npt.NDArray[np.int64], bad: FloatArray) -> FloatArray:
    """The probability of each value under a logistic regression on the value, float64 (k,)."""
    inputs = np.stack([np.ones_like(values), (values - values.mean()) / values.std()], axis=1)
    rate = bad.sum() / customers.sum()
    weights = np.array([np.log(rate / (1 - rate)), 0.0])
    for _ in range(_NUM_STEPS):
        probability = 1 / (1 + np.exp(-inputs @ weights))
        curvature = customers * probability * (1 - probability)
        gradient = inputs.T @ (bad - customers * probability) - _RIDGE * weights
        hessian = (inputs * curvature[:, None]).T @ inputs + _RIDGE * np.eye(2)
        weights = weights + np.clip(np.linalg.solve(hessian, gradient), -_MAX_STEP, _MAX_STEP)
    probability = 1 / (1 + np.exp(-inputs @ weights))
    return np.asarray(probability, np.float64)

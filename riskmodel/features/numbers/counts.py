"""Counts: columns of few whole numbers from 0, and groups of their values with a distinct risk.

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

from riskmodel.features.numbers.trend import ValueTable, fit_line

FloatArray = npt.NDArray[np.float64]

MIN_VALUES = 3
MAX_VALUES = 10
MAX_COUNT = 20
"""A count has 3 to 10 different values, whole numbers from 0 to 20."""


def is_count(observed: FloatArray) -> bool:
    """Whether training values, float64 (n,) without missing ones, form a count.

    Example:
        >>> is_count(np.array([0.0, 1.0, 4.0])), is_count(np.array([0.0, 0.5, 4.0])), is_count(np.array([0.0, 1.0]))
        (True, False, False)
    """
    if observed.size == 0 or observed.min() < 0 or observed.max() > MAX_COUNT:
        return False
    different = np.unique(observed)
    return MIN_VALUES <= len(different) <= MAX_VALUES and bool(np.all(different == np.round(different)))


def find_groups(values: FloatArray, bad: npt.NDArray[np.int8]) -> tuple[float, ...]:
    """The smallest value of each group, ascending; empty if a trend describes the risk.

    1. Neighboring values are joined, from the smallest, until each group has five bad and five good customers at
       the bad rate of all (:meth:`ValueTable.group`).
    2. A logistic regression of the outcome on the value is the trend.
    3. Groups are kept if their bad rates depart from it: if Pearson's X² is more than twice its degrees of
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
    table = ValueTable.count(values, bad)
    if not table.has_both:
        return ()
    starts = table.group()
    if len(starts) < MIN_VALUES:
        return ()
    departure = _measure_departure(table, starts)
    return tuple(table.values[starts].tolist()) if departure > 2 * (len(starts) - 2) else ()


def _measure_departure(table: ValueTable, starts: list[int]) -> float:
    """Pearson's X² between the bad customers of each group and those expected from the trend."""
    expected = table.customers * fit_line(table).probability
    variance = expected * (1 - expected / table.customers)
    observed, trend, spread = (np.add.reduceat(values, starts) for values in (table.bad, expected, variance))
    return float(np.sum((observed - trend) ** 2 / np.maximum(spread, 1e-9)))

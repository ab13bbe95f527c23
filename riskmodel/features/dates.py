"""Conversion of dates to days before the as-of date: positive for the past, negative for the future."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt

_EPOCH = date(1970, 1, 1)


def days_before(as_of: date, days: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Days from each date to `as_of`.

    Args:
        days: float64, shape (n,); dates as days since 1970-01-01, NaN where missing.

    Returns:
        float64, shape (n,), NaN where missing.

    Example:
        >>> days_before(date(1970, 1, 31), np.array([0.0, 30.0, 31.0])).tolist()
        [30.0, 0.0, -1.0]
    """
    return (as_of - _EPOCH).days - days


def latest_date(columns: Iterable[npt.NDArray[np.float64]]) -> date | None:
    """The latest of all dates (days since 1970-01-01, NaN where missing); None without dates."""
    latest = [np.nanmax(days) for days in columns if not np.isnan(days).all()]
    return date.fromordinal(_EPOCH.toordinal() + int(max(latest))) if latest else None

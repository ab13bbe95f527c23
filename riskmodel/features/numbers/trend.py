"""Extrapolation of the risk beyond the largest training value of a column of few whole numbers.

The network has no training customers there, so its output depends on the architecture and the initial weights,
and may have the wrong direction. Networks therefore read at most the largest training value. What exceeds it is an
offset of their log-odds, the damped trend of the training customers::

    slope · width · log(1 + (x − largest) / width)

with the range of the training values as width: one more unit changes the log-odds by about the slope, and ten times
the range by less than two and a half times as much as the range itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import Field

from riskmodel.features.state import State, format_number

FloatArray = npt.NDArray[np.float64]

MIN_VALUES, MAX_VALUES = 3, 21
"""A column has a trend if it has 3 to 21 distinct training values, all whole numbers."""

MIN_EXPECTED = 5.0
"""Minimum expected bad and good customers per group at the overall bad rate (Cochran's rule for Pearson's X²)."""

_DOUBT, _CONTRADICTION = 1.5, 2.6
"""Standard errors of an opposite slope at the largest values."""

_BOUND, _MAX_SLOPE = 1e150, 1e9
"""Bounds of values and slope within which offsets are finite."""

_NUM_STEPS, _MAX_STEP, _RIDGE = 30, 2.0, 1e-3
"""Newton steps of a line, how far one may go, and a penalty that keeps the line of separated outcomes finite."""


class Trend(State):
    """The trend beyond the largest training value.

    Attributes:
        largest: The largest training value.
        width: The range of the training values, 1 or more.
        slope: Log-odds per unit; 0 if the risk stays at that of the largest training value.
    """

    largest: float = Field(ge=-_BOUND, le=_BOUND)
    width: float = Field(ge=1, le=2 * _BOUND)
    slope: float = Field(ge=-_MAX_SLOPE, le=_MAX_SLOPE)

    @property
    def treatment(self) -> str:
        """Description of the fitted trend."""
        if not self.slope:
            return f"capped at {format_number(self.largest)}"
        sign = "+" if self.slope > 0 else ""
        return (
            f"trend continued above {format_number(self.largest)} ({sign}{format_number(self.slope)} log-odds per unit)"
        )

    def compute_offset(self, values: FloatArray) -> FloatArray:
        """Offset of the log-odds, float64 (n,), 0 up to the largest training value.

        Example:
            >>> values = np.array([4.0, 5.0, 8.0, 40.0])
            >>> Trend(largest=4.0, width=4.0, slope=0.5).compute_offset(values).round(2).tolist()
            [0.0, 0.45, 1.39, 4.61]
        """
        excess = np.maximum(values - self.largest, 0.0)
        offset: FloatArray = self.slope * self.width * np.log1p(excess / self.width)
        return offset


@dataclass(frozen=True, eq=False)
class ValueTable:
    """Customers and bad ones among them by value; float64 (k,), values ascending."""

    values: FloatArray
    customers: FloatArray
    bad: FloatArray

    @classmethod
    def count(cls, values: FloatArray, bad: npt.NDArray[np.int8]) -> ValueTable:
        """Count customers, values float64 (n,) and outcomes int8 (n,)."""
        different, places, customers = np.unique(values, return_inverse=True, return_counts=True)
        num_bad = np.bincount(places, bad, len(different))
        return cls(different, customers.astype(np.float64), num_bad.astype(np.float64))

    @property
    def has_both(self) -> bool:
        """Whether there are good and bad customers."""
        return bool(0 < self.bad.sum() < self.customers.sum())

    def beginning_at(self, place: int) -> ValueTable:
        """The values from a position."""
        return ValueTable(self.values[place:], self.customers[place:], self.bad[place:])

    def group(self) -> list[int]:
        """Positions at which groups of neighboring values begin, each of :data:`MIN_EXPECTED` bad and good customers.

        They are joined from the smallest value; a last group that is too small joins the one before it.
        """
        rate = self.bad.sum() / self.customers.sum()
        needed = MIN_EXPECTED / min(rate, 1 - rate)
        starts, size = [0], 0.0
        for place, own in enumerate(self.customers.tolist()):
            if size >= needed:
                starts, size = [*starts, place], 0.0
            size += own
        return starts if size >= needed or len(starts) == 1 else starts[:-1]


@dataclass(frozen=True, eq=False)
class Line:
    """A logistic regression of the outcome on the value.

    Attributes:
        probability: Of each value, float64 (k,).
        slope: Log-odds per unit.
        error: Its standard error.
    """

    probability: FloatArray
    slope: float
    error: float

    @property
    def shrunk(self) -> float:
        """The slope times 1 − (error / slope)², and 0 within one standard error (James & Stein 1961, positive part)."""
        return self.slope * max(0.0, 1 - (self.error / self.slope) ** 2) if self.slope else 0.0


def fit_line(table: ValueTable) -> Line:
    """Fit the regression to customers of two different values or more, of both outcomes."""
    values, customers, bad = table.values, table.customers, table.bad
    center = np.average(values, weights=customers)
    spread = np.sqrt(np.average((values - center) ** 2, weights=customers))
    inputs = np.stack([np.ones_like(values), (values - center) / spread], axis=1)
    rate = bad.sum() / customers.sum()
    weights = np.array([np.log(rate / (1 - rate)), 0.0])
    hessian = np.eye(2)
    for _ in range(_NUM_STEPS):
        probability = 1 / (1 + np.exp(-inputs @ weights))
        curvature = customers * probability * (1 - probability)
        gradient = inputs.T @ (bad - customers * probability) - _RIDGE * weights
        hessian = (inputs * curvature[:, None]).T @ inputs + _RIDGE * np.eye(2)
        weights = weights + np.clip(np.linalg.solve(hessian, gradient), -_MAX_STEP, _MAX_STEP)
    probability = 1 / (1 + np.exp(-inputs @ weights))
    error = float(np.sqrt(np.linalg.inv(hessian)[1, 1]) / spread)
    return Line(probability, float(weights[1] / spread), error)


def fit_trend(values: FloatArray, bad: npt.NDArray[np.int8], direction: int = 0) -> Trend | None:
    """The trend of a column; None if it has more or fewer values than :data:`MAX_VALUES` and :data:`MIN_VALUES`.

    1. A logistic regression of the outcome on the value gives the slope, shrunk by its standard error.
    2. The customers of the last two groups of values (:meth:`ValueTable.group`), the last three and so on are fitted
       alone. The first of these slopes that is 2.6 standard errors from 0 and has another direction replaces it: of a
       U-shaped risk, the end decides. Where one contradicts it by 1.5 standard errors, the slope is 0.

    On 1,400 generated counts (0–3 to 0–15, 300 to 10,000 customers) the direction is wrong in none of the even trends,
    0.5% of steps, and 4% of U-shaped risks, whose ends have too few customers.

    Args:
        values: float64 (n,), not missing.
        bad: int8 (n,), 1 bad and 0 good.
        direction: 1 or −1 of a monotone column, against which the slope is 0; else 0.

    Example:
        >>> values, bad = np.repeat([0.0, 1.0, 2.0], 100), np.zeros(300, np.int8)
        >>> bad[:10], bad[100:120], bad[200:240] = 1, 1, 1
        >>> round(fit_trend(values, bad).slope, 2)
        0.87
    """
    head = np.unique(values[:1_000])
    if len(head) > MAX_VALUES or not np.array_equal(head, np.round(head)):
        return None  # avoids sorting a column of many values
    table = ValueTable.count(values, bad)
    different = table.values
    if not MIN_VALUES <= len(different) <= MAX_VALUES or not np.array_equal(different, np.round(different)):
        return None
    slope = _find_slope(table) if table.has_both else 0.0
    largest, width = float(different[-1]), float(different[-1] - different[0])
    return Trend(largest=largest, width=width, slope=0.0 if slope * direction < 0 else slope)


def _find_slope(table: ValueTable) -> float:
    whole = fit_line(table).shrunk
    in_doubt = False
    for start in reversed(table.group()[1:-1]):
        end = table.beginning_at(start)
        if not end.has_both:
            continue
        line = fit_line(end)
        if np.sign(line.slope) != np.sign(whole) and abs(line.slope) > _CONTRADICTION * line.error:
            return line.shrunk
        in_doubt |= bool(-np.sign(whole) * line.slope > _DOUBT * line.error)
    return 0.0 if in_doubt else whole

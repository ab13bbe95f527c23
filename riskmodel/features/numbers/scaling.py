"""Scaling of one numerical column: fitted to its training values, applied in place.

Standard, min–max, robust and logarithm are one subtraction and one division (after the logarithm). Quantile gives
each value the normal quantile of its rank among the training values. Constants are never scaled: :func:`fit_scaling`
returns None for them and the column's value is excluded.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from riskmodel.config.sections.preprocessing import Scaling as ScalingName
from riskmodel.features.numbers.normal import normal_quantile
from riskmodel.features.state import State, format_number

FloatArray = npt.NDArray[np.float64]


class AffineScaling(State):
    """(x − center) / scale; where `kind` is ``log``, of sign(x)·log(1 + |x|) instead of x.

    Attributes:
        kind: ``standard``: mean and standard deviation (of the population, as scikit-learn); ``minmax``:
            minimum and range; ``robust``: median and interquartile range, or half the range where that is 0
            (RealMLP, https://arxiv.org/abs/2407.04491); ``log``: mean and deviation of the logarithms;
            ``none``: 0 and 1.
        centre: In the column's unit (for ``log``, of the logarithms).
        scale: The same, above 0.
    """

    kind: Literal["standard", "minmax", "robust", "log", "none"]
    centre: float = 0.0
    scale: float = Field(1.0, gt=0)

    def apply(self, values: FloatArray) -> FloatArray:
        """Scale `values` (float64, shape (n,), no NaN), which may be overwritten."""
        if self.kind == "none":
            return values
        if self.kind == "log":
            values = signed_log(values)
        np.subtract(values, self.centre, out=values)
        return np.divide(values, self.scale, out=values)

    @property
    def treatment(self) -> str:
        """Description of the fitted scaling."""
        center, scale = format_number(self.centre), format_number(self.scale)
        return {
            "standard": f"standard (mean {center}, deviation {scale})",
            "minmax": f"min–max (minimum {center}, range {scale})",
            "robust": f"robust (median {center}, spread {scale})",
            "log": f"logarithm, then standard (mean {center}, deviation {scale})",
            "none": "as it is",
        }[self.kind]


class QuantileScaling(State):
    """The normal quantile of a value's rank among the training values, within ±5.1993.

    Between learned quantiles the rank is interpolated; a value that several quantiles share (a tie) gets the
    middle of their ranks; values beyond the training range get the ends. This is scikit-learn's
    ``QuantileTransformer`` with ``output_distribution="normal"``, except for ties at the ends of the range:
    scikit-learn maps them to ±5.2, here they get the middle of their ranks like other ties. Many amounts
    are 0 for most customers, and a mass at −5.2 costs accuracy: on Taiwan's 30,000 customers, 5 folds,
    logistic log-loss .4702 against .4600 (AUC .7336 against .7373).

    Attributes:
        quantiles: Training values at equally spaced ranks from 0 to 1, ascending; at least two, not all
            equal.
    """

    kind: Literal["quantile"] = "quantile"
    quantiles: tuple[float, ...] = Field(min_length=2)

    @cached_property
    def _knots(self) -> _Knots:
        return _Knots(np.array(self.quantiles))

    def apply(self, values: FloatArray) -> FloatArray:
        """Scale `values` (float64, shape (n,), no NaN); they are unchanged."""
        return normal_quantile(self._knots.rank(values))

    @property
    def treatment(self) -> str:
        """Description of the fitted scaling."""
        low, high = format_number(self.quantiles[0]), format_number(self.quantiles[-1])
        return f"rank among {len(self.quantiles):,} quantiles from {low} to {high}, as a normal value"


Scaling = Annotated[AffineScaling | QuantileScaling, Field(discriminator="kind")]


class _Knots:
    """Ranks of values by linear interpolation between distinct quantiles, one search per value.

    Between two neighboring distinct quantiles the rank runs from the last rank of the lower to the first
    rank of the upper; on a quantile it is the middle of its first and last rank.
    """

    def __init__(self, quantiles: FloatArray) -> None:
        ranks = np.linspace(0, 1, len(quantiles))
        self.values, first = np.unique(quantiles, return_index=True)
        last = np.append(first[1:], len(quantiles)) - 1
        # Segment j begins at values[j - 1]; segment 0 is everything below the training range.
        with np.errstate(over="ignore"):  # a slope may overflow in a narrow gap: ranks are clipped later
            slope = (ranks[first[1:]] - ranks[last[:-1]]) / np.diff(self.values)
        self.slope = np.concatenate([[0.0], slope, [0.0]])
        self.origin = np.concatenate([self.values[:1], self.values])
        self.after_origin = np.concatenate([[0.0], ranks[last]])
        self.at_origin = np.concatenate([[0.0], (ranks[first] + ranks[last]) / 2])

    def rank(self, values: FloatArray) -> FloatArray:
        segment = np.searchsorted(self.values, values, side="right")
        origin = self.origin[segment]
        with np.errstate(invalid="ignore"):  # 0 · ∞ only at the origin, which is set below
            rank: FloatArray = (values - origin) * self.slope[segment]
        rank += self.after_origin[segment]
        np.copyto(rank, self.at_origin[segment], where=values == origin)
        return rank


def signed_log(values: FloatArray) -> FloatArray:
    """sign(x)·log(1 + |x|), a new float64 array of the same shape."""
    logs: FloatArray = np.log1p(np.abs(values))
    np.copysign(logs, values, out=logs)
    return logs


def fit_scaling(values: FloatArray, kind: ScalingName) -> AffineScaling | QuantileScaling | None:
    """Fit a scaling to training values (float64, shape (n,), finite); None if constant."""
    if values.size == 0 or values.min() == values.max():
        return None
    if kind == "quantile":
        # One quantile per thirty rows, between 10 and 1,000 (TabM, arXiv 2410.24210).
        num_quantiles = min(max(min(len(values) // 30, 1000), 10), max(len(values), 2))
        quantiles = np.quantile(values, np.linspace(0, 1, num_quantiles))
        return QuantileScaling(quantiles=tuple(np.maximum.accumulate(quantiles).tolist()))
    if kind == "auto":
        kind = "standard"  # without a network's preference
    center, scale = _affine(values, kind)
    # Differences whose squares underflow count as none.
    return AffineScaling(kind=kind, centre=center, scale=scale) if scale > 0 else None


def _affine(values: FloatArray, kind: Literal["standard", "minmax", "robust", "log", "none"]) -> tuple[float, float]:
    if kind == "none":
        return 0.0, 1.0
    if kind == "minmax":
        return float(values.min()), float(np.ptp(values))
    if kind == "robust":
        lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75])
        return float(median), float(upper - lower or np.ptp(values) / 2)
    if kind == "log":
        values = signed_log(values)
    return float(values.mean()), float(values.std())

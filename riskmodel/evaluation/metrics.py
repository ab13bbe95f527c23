"""Metrics of discrimination and calibration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from riskmodel.errors import DataError
from riskmodel.evaluation.calibration import expected_calibration_error
from riskmodel.evaluation.intervals import NORMAL_QUANTILE


@dataclass(frozen=True)
class Metrics:
    """The metrics of one part of the split.

    Attributes:
        num_rows, num_bads: customers, and bad ones among them.
        event_rate: share of bad customers, in [0, 1].
        auc: area under the ROC curve, in [0, 1].
        auc_low, auc_high: its 95% interval by DeLong, clipped to [0, 1].
        gini: 2 · auc − 1.
        ks: Kolmogorov–Smirnov distance of the probabilities of bad and good customers, in [0, 1].
        log_loss: mean binary cross-entropy, natural logarithm.
        brier: mean squared difference of probability and outcome.
        accuracy: with customers at or above the threshold classified as bad.
        calibration_error: mean distance of predicted and observed, in [0, 1] (`riskmodel.evaluation.calibration`);
            None in metrics of earlier versions.
    """

    num_rows: int
    num_bads: int
    event_rate: float
    auc: float
    auc_low: float
    auc_high: float
    gini: float
    ks: float
    log_loss: float
    brier: float
    accuracy: float
    calibration_error: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The metrics from ``to_dict``.

        Raises:
            TypeError: a metric is unknown, missing or not a number.
        """
        for name, value in values.items():
            if not isinstance(value, (int, float)) and (value is not None or name != "calibration_error"):
                raise TypeError(f"{name} must be a number; received {value!r:.40}")
        return cls(**values)


def compute_metrics(
    bad: npt.NDArray[np.integer], probability: npt.NDArray[np.floating], threshold: float = 0.5
) -> Metrics:
    """All metrics of n customers.

    Args:
        bad: (n,) 1 bad, 0 good; both must occur.
        probability: (n,) P(bad) in [0, 1].
        threshold: probability from which a customer is classified as bad; for the accuracy only.

    Raises:
        DataError: the arrays differ in length, hold other values, or only one outcome occurs.

    Example:
        >>> found = compute_metrics(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
        >>> found.auc, found.gini, found.ks, found.accuracy
        (0.75, 0.5, 0.5, 0.75)
    """
    is_bad, p = check_outcomes(bad, probability)
    if p.min() < 0.0 or p.max() > 1.0:
        raise DataError(f"Probabilities must be in [0, 1]; received {p.min():g} to {p.max():g}.")
    area, low, high = _auc_with_interval(is_bad, p)
    return Metrics(
        num_rows=len(p),
        num_bads=int(np.count_nonzero(is_bad)),
        event_rate=float(is_bad.mean()),
        auc=area,
        auc_low=low,
        auc_high=high,
        gini=2.0 * area - 1.0,
        ks=_ks(is_bad, p),
        log_loss=float(log_losses(is_bad, p).mean()),
        brier=float(np.mean((p - is_bad) ** 2)),
        accuracy=float(np.mean((p >= threshold) == is_bad)),
        calibration_error=float(expected_calibration_error(is_bad.astype(np.int8), p)),
    )


def auc(bad: npt.NDArray[np.integer], probability: npt.NDArray[np.floating]) -> float:
    """Area under the ROC curve: P(a bad customer has a higher value than a good one), ties count one half.

    Args:
        bad: (n,) 1 bad, 0 good; both must occur.
        probability: (n,) any values that increase with the risk, such as probabilities or log-odds.

    Raises:
        DataError: as for `compute_metrics`.

    References:
        Mann and Whitney (1947), from the sum of the ranks of bad customers.
    """
    is_bad, values = check_outcomes(bad, probability)
    num_bads = int(np.count_nonzero(is_bad))
    num_goods = len(values) - num_bads
    ranks = _midranks(values)
    return float((ranks[is_bad].sum() - num_bads * (num_bads + 1) / 2) / (num_bads * num_goods))


def auc_and_ks(bad: npt.NDArray[np.integer], probability: npt.NDArray[np.floating]) -> tuple[float, float]:
    """`auc` and the Kolmogorov–Smirnov distance, with a single sort.

    Args:
        bad: (n,) 1 bad, 0 good; both must occur.
        probability: (n,) any values that increase with the risk.

    Raises:
        DataError: as for `compute_metrics`.

    Example:
        >>> auc_and_ks(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
        (0.75, 0.5)
    """
    is_bad, values = check_outcomes(bad, probability)
    order = np.argsort(values)  # unstable sort is faster; equal values form one group
    ordered = values[order]
    ends = np.flatnonzero(np.concatenate((ordered[1:] != ordered[:-1], [True])))  # ends of groups of equal values
    bads = np.cumsum(is_bad[order])[ends]
    goods = ends + 1 - bads
    num_bads, num_goods = int(bads[-1]), int(goods[-1])
    # For bad customers of each group: good ones below count 1, those in the group one half.
    half_goods = goods - np.diff(goods, prepend=0) / 2
    area = float(half_goods @ np.diff(bads, prepend=0)) / (num_bads * num_goods)
    return area, float(np.abs(goods / num_goods - bads / num_bads).max())


def check_outcomes(
    bad: npt.NDArray[np.integer], values: npt.NDArray[np.floating]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Outcomes as booleans and values as float64, both (n,).

    Raises:
        DataError: they differ in length, an outcome is neither 0 nor 1, only one of them occurs, or a value is NaN.
    """
    outcome = np.asarray(bad)
    numbers = np.asarray(values, dtype=np.float64)
    if outcome.shape != numbers.shape or outcome.ndim != 1:
        raise DataError(f"Each customer needs one outcome and one value; received {outcome.shape} and {numbers.shape}.")
    is_bad = outcome == 1
    if not np.all(is_bad | (outcome == 0)):
        raise DataError("Outcomes must be 1 (bad) or 0 (good); leave customers without an outcome out.")
    num_bads = int(np.count_nonzero(is_bad))
    if num_bads in (0, len(numbers)):
        raise DataError(
            f"Figures need good and bad customers; received {num_bads:,} bad of {len(numbers):,}. Take more customers."
        )
    if np.isnan(numbers).any():
        raise DataError(f"{np.count_nonzero(np.isnan(numbers)):,} values are NaN; every customer needs a number.")
    return is_bad, numbers


def log_losses(is_bad: npt.NDArray[np.bool_], probability: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The binary cross-entropy of each customer, (n,), finite also where a probability is 0 or 1."""
    clipped = np.clip(probability, np.finfo(np.float64).eps, 1.0 - np.finfo(np.float64).eps)
    return np.where(is_bad, -np.log(clipped), -np.log1p(-clipped))


def structural_components(
    is_bad: npt.NDArray[np.bool_], values: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Components of the AUC per customer, from midranks in O(n log n).

    Args:
        is_bad: (n,) whether a customer is bad; both kinds must occur.
        values: (n,) increasing with the risk.

    Returns:
        For each bad customer the share of good ones with a lower value, and for each good customer the share of bad
        ones with a higher value, ties one half; the mean of either is the AUC.

    References:
        E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), 837–845; X. Sun and W. Xu, IEEE
        Signal Processing Letters 21 (2014), 1389–1393.
    """
    num_bads = int(np.count_nonzero(is_bad))
    ranks = _midranks(values)
    of_bads = (ranks[is_bad] - _midranks(values[is_bad])) / (len(values) - num_bads)
    of_goods = 1.0 - (ranks[~is_bad] - _midranks(values[~is_bad])) / num_bads
    return of_bads, of_goods


def _midranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ranks from 1, equal values sharing their mean rank."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.append(starts, len(values)))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(starts + (counts + 1) / 2, counts)
    return ranks


def _auc_with_interval(is_bad: npt.NDArray[np.bool_], p: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """AUC and its 95% interval by DeLong; with a single customer of one class: [0, 1]."""
    of_bads, of_goods = structural_components(is_bad, p)
    area = float(of_bads.mean())
    if min(len(of_bads), len(of_goods)) < 2:
        return area, 0.0, 1.0
    error = math.sqrt(of_bads.var(ddof=1) / len(of_bads) + of_goods.var(ddof=1) / len(of_goods))
    half = NORMAL_QUANTILE * error
    return area, max(0.0, area - half), min(1.0, area + half)


def _ks(is_bad: npt.NDArray[np.bool_], p: npt.NDArray[np.float64]) -> float:
    goods, bads = np.sort(p[~is_bad]), np.sort(p[is_bad])
    values = np.concatenate([goods, bads])
    below_good = np.searchsorted(goods, values, side="right") / len(goods)
    below_bad = np.searchsorted(bads, values, side="right") / len(bads)
    return float(np.abs(below_good - below_bad).max())

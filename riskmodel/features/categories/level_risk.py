"""Risk of each category among training customers, as a number for columns with many categories.

The weight of evidence of a category is its log-odds of bad less those of all training customers, with
:data:`PRIOR` customers of the overall bad rate added to each category, so that a category of few customers is near 0
(Good 1950; smoothed as in Micci-Barreca 2001). An unseen category has 0.

The outcome of a training customer must not enter their own input, or the network would learn it. So training
customers get the values from the other nine folds (cross-fitting), and all others those from all customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

PRIOR = 10.0
"""Customers of the overall bad rate added to each category."""

_FOLDS = 10


@dataclass(frozen=True)
class LevelRisk:
    """Risk of each of k categories.

    Attributes:
        evidence: float64 (k,), weight of evidence.
        log_count: float64 (k,), ln(1 + customers).
    """

    evidence: FloatArray
    log_count: FloatArray


def compute_level_risk(levels: npt.NDArray[np.integer], bad: npt.NDArray[np.int8], num_levels: int) -> LevelRisk:
    """The risk of each category.

    Args:
        levels: (n,) in [0, num_levels).
        bad: (n,) 1 bad, 0 good.

    Example:
        >>> risk = compute_level_risk(np.array([0] * 30 + [1] * 30), np.array([1] * 30 + [0] * 30, np.int8), 3)
        >>> risk.evidence.round(3).tolist()  # ln(35 / 5), its negative, no customer
        [1.946, -1.946, 0.0]
    """
    count = np.bincount(levels, minlength=num_levels)
    bads = np.bincount(levels, weights=bad, minlength=num_levels)
    rate = float(np.clip(np.mean(bad), 1e-6, 1 - 1e-6))
    share = (bads + PRIOR * rate) / (count + PRIOR)
    evidence = np.log(share) - np.log1p(-share) - (np.log(rate) - np.log1p(-rate))
    return LevelRisk(evidence, np.log1p(count))


def cross_fit_level_risk(
    levels: npt.NDArray[np.integer], bad: npt.NDArray[np.int8], num_levels: int
) -> tuple[FloatArray, FloatArray]:
    """Evidence and log count (n,) of each customer's category among the customers of the other folds.

    Folds are drawn at random from a fixed seed, stratified by outcome. Counts are scaled up to all customers.
    """
    random = np.random.default_rng(0)
    fold = np.empty(len(bad), np.int64)
    for outcome in (0, 1):
        places = random.permutation(np.flatnonzero(bad == outcome))
        fold[places] = np.arange(len(places)) % _FOLDS
    evidence, log_count = np.zeros(len(bad)), np.zeros(len(bad))
    for number in range(_FOLDS):
        own = fold == number
        risk = compute_level_risk(levels[~own], bad[~own], num_levels)
        evidence[own] = risk.evidence[levels[own]]
        count = np.expm1(risk.log_count[levels[own]])
        log_count[own] = np.log1p(count * _FOLDS / (_FOLDS - 1))
    return evidence, log_count


def refit_level_risk(
    levels: npt.NDArray[np.integer], held_out: npt.NDArray[np.integer], bad: npt.NDArray[np.int8], scale: float
) -> dict[str, FloatArray]:
    """Evidence (``"risk"``) and log count (``"customers"``) of n training customers, then of m held-out ones.

    Args:
        levels: (n,) categories of training customers, cross-fitted.
        held_out: (m,) categories of customers whose outcomes are not used.
        bad: (n,) of the training customers.
        scale: Counts are multiplied by it.
    """
    num_levels = int(max(levels.max(initial=0), held_out.max(initial=0))) + 1
    evidence, log_count = cross_fit_level_risk(levels, bad, num_levels)
    risk = compute_level_risk(levels, bad, num_levels)
    log_counts = np.concatenate([log_count, risk.log_count[held_out]])
    return {
        "risk": np.concatenate([evidence, risk.evidence[held_out]]),
        "customers": np.log1p(np.expm1(log_counts) * scale),
    }

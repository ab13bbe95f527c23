"""ROC and KS curves, thinned for drawing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.metrics import auc, check_outcomes

MAX_POINTS = 500

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RocCurve:
    """True positive rate against false positive rate, from (0, 0) to (1, 1); bad is positive.

    Attributes:
        false_positive_rate, true_positive_rate: (m,) float64, ascending, m ≤ 500.
        threshold: (m,) probability from which customers are classified as bad; infinite at the first point.
        auc: area under the whole curve, before thinning.
    """

    false_positive_rate: Points
    true_positive_rate: Points
    threshold: Points
    auc: float


@dataclass(frozen=True, eq=False)
class KsCurve:
    """Cumulative distributions of good and bad customers over the probability, and their largest distance.

    Attributes:
        probability: (m,) float64, ascending, m ≤ 501.
        good, bad: (m,) share of good and of bad customers at or below it.
        ks: the largest distance, of all customers.
        at: the probability where it is reached; it is one of the points.
    """

    probability: Points
    good: Points
    bad: Points
    ks: float
    at: float


def compute_roc_curve(bad: npt.NDArray[np.integer], probability: npt.NDArray[np.floating]) -> RocCurve:
    """The ROC curve of n customers; errors as for `compute_metrics`.

    Args:
        bad: (n,) 1 bad, 0 good.
        probability: (n,) values that rise with the risk.
    """
    thresholds, goods, bads = _cumulate(*check_outcomes(bad, probability))
    # From the highest threshold down: at first no customer is classified as bad.
    false = np.concatenate(([0.0], np.cumsum(goods[::-1]) / goods.sum()))
    true = np.concatenate(([0.0], np.cumsum(bads[::-1]) / bads.sum()))
    levels = np.concatenate(([np.inf], thresholds[::-1]))
    kept = _thin(false + true)
    return RocCurve(false[kept], true[kept], levels[kept], auc(bad, probability))


def compute_ks_curve(bad: npt.NDArray[np.integer], probability: npt.NDArray[np.floating]) -> KsCurve:
    """The two cumulative distributions of n customers; arguments and errors as for `compute_roc_curve`."""
    values, goods, bads = _cumulate(*check_outcomes(bad, probability))
    good, of_bad = np.cumsum(goods) / goods.sum(), np.cumsum(bads) / bads.sum()
    furthest = int(np.argmax(np.abs(good - of_bad)))
    kept = np.union1d(_thin(good + of_bad), [furthest])
    return KsCurve(
        values[kept], good[kept], of_bad[kept], float(abs(good[furthest] - of_bad[furthest])), float(values[furthest])
    )


def _cumulate(is_bad: npt.NDArray[np.bool_], values: Points) -> tuple[Points, Points, Points]:
    """The distinct values, ascending, with the counts of good and bad customers."""
    distinct, positions = np.unique(values, return_inverse=True)
    bads = np.bincount(positions[is_bad], minlength=len(distinct)).astype(np.float64)
    goods = np.bincount(positions[~is_bad], minlength=len(distinct)).astype(np.float64)
    return distinct, goods, bads


def _thin(way: Points) -> npt.NDArray[np.intp]:
    """Positions of at most 500 points, evenly spaced along a non-decreasing path, both ends included."""
    if len(way) <= MAX_POINTS:
        return np.arange(len(way))
    wanted = np.linspace(way[0], way[-1], MAX_POINTS)
    found = np.clip(np.searchsorted(way, wanted), 0, len(way) - 1)
    found[0], found[-1] = 0, len(way) - 1
    return np.unique(found)

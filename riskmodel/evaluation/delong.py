"""DeLong's test: paired comparison of two AUCs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.errors import DataError
from riskmodel.evaluation.intervals import NORMAL_QUANTILE
from riskmodel.evaluation.metrics import check_outcomes, structural_components


@dataclass(frozen=True)
class AucDifference:
    """The AUCs of two models on the same customers, with inference on their difference.

    Attributes:
        champion, challenger: their AUCs, in [0, 1].
        difference: challenger − champion.
        standard_error: of the difference, with the two AUCs' covariance.
        low, high: its 95% interval.
        p_value: two-sided, for no difference.
    """

    champion: float
    challenger: float
    difference: float
    standard_error: float
    low: float
    high: float
    p_value: float


def compare_auc(
    bad: npt.NDArray[np.integer], champion: npt.NDArray[np.floating], challenger: npt.NDArray[np.floating]
) -> AucDifference:
    """The paired test of DeLong, DeLong and Clarke-Pearson (1988) in O(n log n) after Sun and Xu (2014).

    Args:
        bad: (n,) 1 bad, 0 good; at least two of each.
        champion, challenger: (n,) each model's values, rising with the risk, of the same customers in the same order.

    Raises:
        DataError: as for `compute_metrics`, or there is a single good or bad customer.

    Example:
        >>> bad = np.array([0, 0, 0, 1, 1])
        >>> found = compare_auc(bad, np.array([1, 2, 3, 4, 2]), np.array([1, 2, 3, 4, 5]))
        >>> round(found.champion, 4), found.challenger, round(found.difference, 4)
        (0.75, 1.0, 0.25)
    """
    is_bad, first = check_outcomes(bad, champion)
    _, second = check_outcomes(bad, challenger)
    num_bads = int(np.count_nonzero(is_bad))
    if min(num_bads, len(first) - num_bads) < 2:
        raise DataError(
            f"Comparing AUCs needs at least 2 good and 2 bad customers; received {num_bads:,} bad of "
            f"{len(first):,}. Take more customers."
        )
    bads_first, goods_first = structural_components(is_bad, first)
    bads_second, goods_second = structural_components(is_bad, second)
    # The variance of a difference of paired figures is the variance of the paired differences.
    of_bads, of_goods = bads_second - bads_first, goods_second - goods_first
    difference = float(of_bads.mean())
    error = math.sqrt(of_bads.var(ddof=1) / len(of_bads) + of_goods.var(ddof=1) / len(of_goods))
    half = NORMAL_QUANTILE * error
    return AucDifference(
        champion=float(bads_first.mean()),
        challenger=float(bads_second.mean()),
        difference=difference,
        standard_error=error,
        low=difference - half,
        high=difference + half,
        p_value=_two_sided(difference, error),
    )


def _two_sided(difference: float, error: float) -> float:
    if error == 0.0:
        return 1.0 if difference == 0.0 else 0.0
    return math.erfc(abs(difference / error) / math.sqrt(2.0))

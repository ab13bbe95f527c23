"""Comparison of two models on the same customers: differences of metrics with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.bootstrap import NUM_RESAMPLES, plan_resampling
from riskmodel.evaluation.delong import AucDifference, compare_auc
from riskmodel.evaluation.intervals import Estimate
from riskmodel.evaluation.metrics import Metrics, check_outcomes, compute_metrics, log_losses
from riskmodel.wording import with_minus_sign

SIGNIFICANCE = 0.05
"""P-value at which a difference counts as unclear."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """A challenger against a champion, on n common customers.

    Differences are challenger − champion. That of the AUC is DeLong's; the others have percentile intervals of a
    paired bootstrap that keeps the numbers of good and bad customers (stratified).

    Attributes:
        champion, challenger: the metrics of each.
        auc: the difference of the AUCs, above 0 if the challenger ranks better.
        ks: likewise.
        log_loss, brier: below 0 if the challenger's probabilities are better.
        num_resamples: for the intervals.
    """

    champion: Metrics
    challenger: Metrics
    auc: AucDifference
    ks: Estimate
    log_loss: Estimate
    brier: Estimate
    num_resamples: int

    def describe(self, champion: str, challenger: str) -> str:
        """Summary of which model ranks customers better; arguments are the models' names."""
        auc = self.auc
        if auc.p_value >= SIGNIFICANCE:
            first = f"No clear difference in ranking between {challenger} and {champion}"
        else:
            first = f"{challenger} ranks customers {'better' if auc.difference > 0 else 'worse'} than {champion}"
        return (
            f"{first}: test AUC {auc.challenger:.4f} against {auc.champion:.4f}, difference {_signed(auc.difference)} "
            f"({_signed(auc.low)} to {_signed(auc.high)}), p {_describe_p(auc.p_value)}."
        )


def compare_models(
    bad: npt.NDArray[np.integer],
    champion: npt.NDArray[np.floating],
    challenger: npt.NDArray[np.floating],
    *,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
) -> Comparison:
    """Compare two models' probabilities of the same customers.

    Args:
        bad: (n,) 1 bad, 0 good; at least two of each.
        champion, challenger: (n,) P(bad) in [0, 1] by each model, in the same order.
        num_resamples, seed: of the bootstrap; see `MAX_CUSTOMERS` for large data.

    Raises:
        DataError: as for `compute_metrics` and `compare_auc`.
    """
    is_bad, first = check_outcomes(bad, champion)
    _, second = check_outcomes(bad, challenger)
    before, after = compute_metrics(bad, first), compute_metrics(bad, second)
    plan = plan_resampling(len(first), strata=is_bad.astype(np.int8), num_resamples=num_resamples, seed=seed)
    outcome = is_bad[plan.rows]
    steps = [_KsSteps.of(outcome, values[plan.rows]) for values in (first, second)]
    losses = (log_losses(is_bad, second) - log_losses(is_bad, first))[plan.rows]
    squares = ((second - is_bad) ** 2 - (first - is_bad) ** 2)[plan.rows]
    means = np.stack([losses, squares]) / len(plan.rows)
    found = np.empty((num_resamples, 3))
    for number, counts in enumerate(plan.draws()):
        found[number, 0] = steps[1].ks(counts) - steps[0].ks(counts)
        found[number, 1:] = means @ counts
    return Comparison(
        champion=before,
        challenger=after,
        auc=compare_auc(bad, first, second),
        ks=Estimate.from_resamples(after.ks - before.ks, found[:, 0], plan.shrink),
        log_loss=Estimate.from_resamples(after.log_loss - before.log_loss, found[:, 1], plan.shrink),
        brier=Estimate.from_resamples(after.brier - before.brier, found[:, 2], plan.shrink),
        num_resamples=num_resamples,
    )


@dataclass(frozen=True, eq=False)
class _KsSteps:
    """Customers in the order of a model, with the ends of groups of equal values."""

    order: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    weights: Values

    @classmethod
    def of(cls, is_bad: npt.NDArray[np.bool_], values: Values) -> _KsSteps:
        order = np.argsort(values, kind="stable")
        ordered = values[order]
        ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
        num_bads = max(int(np.count_nonzero(is_bad)), 1)
        num_goods = max(len(values) - num_bads, 1)
        return cls(order, ends, np.where(is_bad[order], -1.0 / num_bads, 1.0 / num_goods))

    def ks(self, counts: npt.NDArray[np.int64]) -> float:
        return float(np.abs(np.cumsum(self.weights * counts[self.order])[self.ends]).max())


def _signed(value: float) -> str:
    return with_minus_sign(f"{value:+.4f}")


def _describe_p(p_value: float) -> str:
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.3f}"

"""Impact of a new model at an approval rate: swap set, bad rates, approvals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.errors import DataError
from riskmodel.evaluation.bootstrap import NUM_RESAMPLES, Resampling, plan_resampling
from riskmodel.evaluation.intervals import Estimate, wilson_interval
from riskmodel.evaluation.metrics import check_outcomes
from riskmodel.wording import count, with_minus_sign

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
_TIES_SEED = 20_140


@dataclass(frozen=True)
class Group:
    """A group of customers by the models' decisions.

    Attributes:
        count, bads: customers, and bad ones among them.
        bad_rate: bads / count with Wilson's 95% interval; None for an empty group.
    """

    count: int
    bads: int
    bad_rate: Estimate | None


@dataclass(frozen=True, eq=False)
class RetrainImpact:
    """A challenger in place of a champion, at the same approval rate.

    Intervals of changes and of the approval at equal bad rate are percentiles of a paired bootstrap: customers are
    drawn with replacement, good and bad together (not stratified, since bad rates depend on how many are bad), and the
    cut-offs are recomputed in each resample.

    Attributes:
        approval_rate: share of approved customers, lowest risk first.
        num_approved: their number, for either model.
        champion, challenger: those approved by each.
        both, swap_in, swap_out, neither: approved by both; by the challenger only; by the champion only; by none.
        bad_rate_change: bad rate of the approved, challenger − champion; below 0 is better.
        approval_at_equal_bad_rate: the largest share that the challenger can approve without a higher bad rate than
            the champion's.
        approval_change: that share − approval_rate; above 0 is better.
        champion_approves, challenger_approves: (n,) bool.
        champion_cutoff, challenger_cutoff: the probability of the riskiest customer approved by each.
        champion_tied, challenger_tied: customers with exactly that probability, of whom only a part is approved; 0 if
            the cut-off separates no equal customers.
        num_resamples: for the intervals.
    """

    approval_rate: float
    num_approved: int
    champion: Group
    challenger: Group
    both: Group
    swap_in: Group
    swap_out: Group
    neither: Group
    bad_rate_change: Estimate
    approval_at_equal_bad_rate: Estimate
    approval_change: Estimate
    champion_approves: npt.NDArray[np.bool_]
    challenger_approves: npt.NDArray[np.bool_]
    champion_cutoff: float
    challenger_cutoff: float
    champion_tied: int
    challenger_tied: int
    num_resamples: int

    def describe(self) -> str:
        """Summary in two sentences."""
        swapped = f"{count(self.swap_in.count, 'customer')} would swap in and {self.swap_out.count:,} out"
        rates = [group.bad_rate.value if group.bad_rate else 0.0 for group in (self.champion, self.challenger)]
        change, equal = self.bad_rate_change, self.approval_at_equal_bad_rate
        return (
            f"At {self.approval_rate:.1%} approval, {swapped}; the bad rate of the approved would go from "
            f"{rates[0]:.2%} to {rates[1]:.2%}, a change of {_points(change.value)} ({_points(change.low)} to "
            f"{_points(change.high)}) percentage points. At the current bad rate, {equal.value:.1%} could be approved "
            f"({equal.low:.1%} to {equal.high:.1%})."
        )


def compute_impact(
    bad: npt.NDArray[np.integer],
    champion: npt.NDArray[np.floating],
    challenger: npt.NDArray[np.floating],
    approval_rate: float,
    *,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
) -> RetrainImpact:
    """Compute the impact of replacing the champion by the challenger.

    Customers of equal probability are in a fixed random order, the same for both models and every call:
    so equal models have an empty swap set, and a file sorted by outcome has no effect.

    Args:
        bad: (n,) 1 bad, 0 good.
        champion, challenger: (n,) P(bad) by each model, in the same order.
        approval_rate: share to approve, above 0 and below 1; at least one customer is approved and one is not.
        num_resamples, seed: of the bootstrap; see `MAX_CUSTOMERS` for large data.

    Raises:
        DataError: as for `compute_metrics`, or the approval rate is not between 0 and 1.
    """
    is_bad, first = check_outcomes(bad, champion)
    _, second = check_outcomes(bad, challenger)
    if not 0.0 < approval_rate < 1.0:
        raise DataError(f"The approval rate must be above 0 and below 1; received {approval_rate:g}.")
    size = len(first)
    num_approved = min(max(round(approval_rate * size), 1), size - 1)
    before, after = (_Queue.of(is_bad, values) for values in (first, second))
    old, new = before.approves(num_approved), after.approves(num_approved)
    champion_group, challenger_group = _group(is_bad, old), _group(is_bad, new)
    plan = plan_resampling(size, num_resamples=num_resamples, seed=seed)
    resampled = _resample(is_bad[plan.rows], first[plan.rows], second[plan.rows], num_approved / size, plan)
    change = (challenger_group.bads - champion_group.bads) / num_approved
    share = num_approved / size
    equal = after.largest_share(*after.cumulate(np.ones(size, np.int64)), champion_group.bads, num_approved)
    return RetrainImpact(
        approval_rate=share,
        num_approved=num_approved,
        champion=champion_group,
        challenger=challenger_group,
        both=_group(is_bad, old & new),
        swap_in=_group(is_bad, new & ~old),
        swap_out=_group(is_bad, old & ~new),
        neither=_group(is_bad, ~(old | new)),
        bad_rate_change=Estimate.from_resamples(change, resampled[:, 0], plan.shrink),
        approval_at_equal_bad_rate=Estimate.from_resamples(equal, resampled[:, 1], plan.shrink),
        approval_change=Estimate.from_resamples(equal - share, resampled[:, 1] - share, plan.shrink),
        champion_approves=old,
        challenger_approves=new,
        champion_cutoff=before.cutoff(num_approved),
        challenger_cutoff=after.cutoff(num_approved),
        champion_tied=before.count_tied(num_approved),
        challenger_tied=after.count_tied(num_approved),
        num_resamples=num_resamples,
    )


@dataclass(frozen=True, eq=False)
class _Queue:
    """Customers in a model's order of approval, safest first.

    Attributes:
        order: (n,) positions of the customers.
        bad: (n,) int64, their outcomes in this order.
        values: (n,) their probabilities in this order.
    """

    order: npt.NDArray[np.intp]
    bad: Counts
    values: Values

    @classmethod
    def of(cls, is_bad: npt.NDArray[np.bool_], values: Values) -> _Queue:
        draw = np.random.default_rng(_TIES_SEED).permutation(len(values))
        order = np.lexsort((draw, values))
        return cls(order, is_bad[order].astype(np.int64), values[order])

    def approves(self, number: int) -> npt.NDArray[np.bool_]:
        """(n,) in the original order."""
        found = np.zeros(len(self.order), np.bool_)
        found[self.order[:number]] = True
        return found

    def cutoff(self, number: int) -> float:
        return float(self.values[number - 1])

    def count_tied(self, number: int) -> int:
        """Customers with the probability of the cut-off if it separates them, else 0."""
        if self.values[number] != self.values[number - 1]:
            return 0
        return int(np.count_nonzero(self.values == self.values[number]))

    def cumulate(self, counts: Counts) -> tuple[Counts, Counts]:
        """Cumulative customers and bad ones, with customer i repeated counts[i] times."""
        ordered = counts[self.order]
        return np.cumsum(ordered), np.cumsum(ordered * self.bad)

    def bads_among(self, customers: Counts, bads: Counts, number: int) -> int:
        """Bad customers among the first ``number``; repeated customers may be approved in part."""
        place = int(np.searchsorted(customers, number))
        return int(bads[place] - (customers[place] - number) * self.bad[place])

    @staticmethod
    def largest_share(customers: Counts, bads: Counts, max_bads: int, number: int) -> float:
        """The largest share of all that can be approved with no more bads than `max_bads` in `number`."""
        allowed = bads * number <= max_bads * customers
        place = len(allowed) - 1 - int(np.argmax(allowed[::-1]))
        return float(customers[place] / customers[-1]) if allowed[place] else 0.0


def _resample(
    is_bad: npt.NDArray[np.bool_], champion: Values, challenger: Values, share: float, plan: Resampling
) -> Values:
    """(resamples, 2): change of the bad rate at equal approval, and approval at equal bad rate."""
    before, after = _Queue.of(is_bad, champion), _Queue.of(is_bad, challenger)
    number = min(max(round(share * len(is_bad)), 1), len(is_bad))
    found = np.empty((plan.num_resamples, 2))
    for row, counts in zip(found, plan.draws(), strict=True):
        old_bads = before.bads_among(*before.cumulate(counts), number)
        customers, bads = after.cumulate(counts)
        row[0] = (after.bads_among(customers, bads, number) - old_bads) / number
        row[1] = after.largest_share(customers, bads, old_bads, number)
    return found


def _group(is_bad: npt.NDArray[np.bool_], chosen: npt.NDArray[np.bool_]) -> Group:
    count, bads = int(np.count_nonzero(chosen)), int(np.count_nonzero(chosen & is_bad))
    return Group(count, bads, Estimate(bads / count, *wilson_interval(bads, count)) if count else None)


def _points(share: float) -> str:
    return with_minus_sign(f"{100 * share:+.2f}")

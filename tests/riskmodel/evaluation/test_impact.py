"""Swap sets counted by hand, and intervals compared with plain resampling."""

import time

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from riskmodel.errors import DataError
from riskmodel.evaluation import bootstrap
from riskmodel.evaluation.impact import RetrainImpact, compute_impact
from riskmodel.evaluation.intervals import Estimate, wilson_interval
from tests.riskmodel.evaluation.test_delong import Values, customers

# Ten customers a … j. The champion's order is a … j; the challenger moves d and e (bad) back and g and h forward.
BAD = np.array([0, 0, 0, 1, 1, 0, 0, 1, 0, 1])
CHAMPION = np.array([0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50])
CHALLENGER = np.array([0.05, 0.10, 0.15, 0.40, 0.45, 0.20, 0.25, 0.30, 0.35, 0.50])


def test_groups_by_hand() -> None:
    found = compute_impact(BAD, CHAMPION, CHALLENGER, 0.5, num_resamples=20)
    # Champion approves a–e (2 bad), challenger a b c f g (none).
    assert found.num_approved == 5 and found.approval_rate == 0.5
    assert np.flatnonzero(found.champion_approves).tolist() == [0, 1, 2, 3, 4]
    assert np.flatnonzero(found.challenger_approves).tolist() == [0, 1, 2, 5, 6]
    groups = [found.champion, found.challenger, found.both, found.swap_in, found.swap_out, found.neither]
    assert [(group.count, group.bads) for group in groups] == [(5, 2), (5, 0), (3, 0), (2, 0), (2, 2), (3, 2)]
    assert found.bad_rate_change.value == pytest.approx(-0.4)
    # The challenger's order is a b c f g h i d e j: bad counts 0 0 0 0 0 1 1 2 3 4. At most 40 %: all ten of them.
    assert found.approval_at_equal_bad_rate.value == 1.0
    assert found.approval_change.value == 0.5
    assert (found.champion_cutoff, found.challenger_cutoff) == (0.25, 0.25)
    assert found.swap_out.bad_rate is not None
    low, high = stats.binomtest(2, 2).proportion_ci(method="wilson")
    assert (found.swap_out.bad_rate.low, found.swap_out.bad_rate.high) == pytest.approx((low, high))


def test_approval_at_equal_bad_rate_by_hand() -> None:
    # Approving three, the champion has one bad (33 %); the challenger reaches 1/3 last at its third customer.
    bad = np.array([0, 0, 1, 1, 1, 0])
    champion = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    challenger = np.array([0.3, 0.1, 0.2, 0.4, 0.5, 0.6])
    assert compute_impact(bad, champion, challenger, 0.5, num_resamples=5).approval_at_equal_bad_rate.value == 0.5
    # A challenger that finds every good customer first approves 4: g g g b is 25 %, g g g b b is 40 %.
    best = np.array([0.1, 0.2, 0.4, 0.5, 0.6, 0.3])
    assert compute_impact(bad, champion, best, 0.5, num_resamples=5).approval_at_equal_bad_rate.value == pytest.approx(
        4 / 6
    )


def test_equal_models_have_an_empty_swap_set_even_with_ties() -> None:
    bad, first, _ = customers(500, seed=1, round_to=1)
    found = compute_impact(bad, first, first.copy(), 0.6, num_resamples=50)
    assert (found.swap_in.count, found.swap_out.count) == (0, 0)
    assert found.swap_in.bad_rate is None
    assert (found.bad_rate_change.low, found.bad_rate_change.high) == (0.0, 0.0)
    assert found.champion_tied > 0 and found.champion_tied == np.count_nonzero(first == found.champion_cutoff)


def test_a_file_sorted_by_outcome_gains_nothing_from_ties() -> None:
    """All customers are equal: the approved ones are a random sample, the same at every call."""
    bad = np.repeat([0, 1], [5000, 5000])
    flat, random = np.full(10_000, 0.5), np.random.default_rng(0).random(10_000)
    found = compute_impact(bad, flat, random, 0.5, num_resamples=5)
    assert found.champion.bads / 5000 == pytest.approx(0.5, abs=0.03)
    assert found.champion_tied == 10_000 and found.challenger_tied == 0
    again = compute_impact(bad, flat, random, 0.5, num_resamples=5)
    assert np.array_equal(found.champion_approves, again.champion_approves)


def slow_resamples(bad: npt.NDArray[np.int8], first: Values, second: Values, rate: float, number: int) -> Values:
    """Change of the bad rate of approved customers, by resampling and sorting the rows."""
    random = np.random.default_rng(99)
    size, approved = len(bad), round(rate * len(bad))
    found = []
    for _ in range(number):
        rows = random.integers(0, size, size)
        rates = [bad[rows][np.argsort(values[rows])[:approved]].mean() for values in (first, second)]
        found.append(rates[1] - rates[0])
    return np.array(found)


def limits(estimate: Estimate) -> list[float]:
    return [estimate.low, estimate.high]


def test_the_interval_agrees_with_a_slow_bootstrap() -> None:
    bad, first, second = customers(3000, seed=7)
    found = compute_impact(bad, first, second, 0.7, num_resamples=800)
    slow = np.quantile(slow_resamples(bad, first, second, 0.7, 800), [0.025, 0.975])
    width = slow[1] - slow[0]
    assert limits(found.bad_rate_change) == pytest.approx(slow, abs=width / 8)
    assert found.bad_rate_change.is_clear and found.bad_rate_change.value < 0
    assert found.approval_at_equal_bad_rate.low < found.approval_at_equal_bad_rate.value
    assert found.approval_change.value > 0


def test_of_very_many_customers_a_sample_gives_the_same_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, first, second = customers(12_000, seed=8)

    def impact() -> RetrainImpact:
        return compute_impact(bad, first, second, 0.7, num_resamples=400)

    whole = impact()
    monkeypatch.setattr(bootstrap, "MAX_CUSTOMERS", 6000)
    sampled = impact()
    assert sampled.bad_rate_change.value == whole.bad_rate_change.value
    width = whole.bad_rate_change.high - whole.bad_rate_change.low
    assert limits(sampled.bad_rate_change) == pytest.approx(limits(whole.bad_rate_change), abs=width / 5)


def test_thirty_thousand_customers_take_less_than_a_second_or_two() -> None:
    bad, first, second = customers(30_000, seed=3)
    start = time.process_time()
    compute_impact(bad, first, second, 0.7)
    assert time.process_time() - start < 2  # 0.6 s of one core, measured


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.2])
def test_an_approval_rate_beyond_its_range_is_refused(rate: float) -> None:
    with pytest.raises(DataError, match=f"above 0 and below 1; received {rate:g}"):
        compute_impact(BAD, CHAMPION, CHALLENGER, rate)


@pytest.mark.parametrize(("hits", "count"), [(0, 10), (3, 10), (50, 1000), (7, 7)])
def test_the_wilson_interval_equals_that_of_scipy(hits: int, count: int) -> None:
    expected = stats.binomtest(hits, count).proportion_ci(method="wilson")
    assert wilson_interval(hits, count) == pytest.approx((expected.low, expected.high))

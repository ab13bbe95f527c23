"""DeLong's test against its definition, pair by pair, and against the bootstrap."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from riskmodel.errors import DataError
from riskmodel.evaluation.comparison import compare_models
from riskmodel.evaluation.delong import compare_auc

Values = npt.NDArray[np.float64]


def customers(num: int, seed: int, round_to: int = 12) -> tuple[npt.NDArray[np.int8], Values, Values]:
    """Outcomes, and two models that predict the same risk with different noise."""
    random = np.random.default_rng(seed)
    risk = random.normal(size=num)
    bad = (risk + random.normal(size=num) > 1.0).astype(np.int8)
    models = [stats.norm.cdf(risk + spread * random.normal(size=num)).round(round_to) for spread in (1.0, 0.6)]
    return bad, models[0], models[1]


def naive(bad: npt.NDArray[np.int8], first: Values, second: Values) -> tuple[float, float, float]:
    """Difference, standard error and p-value by the definition: every bad customer against every good one."""
    bads, goods = [], []
    for values in (first, second):
        x, y = values[bad == 1][:, None], values[bad == 0][None, :]
        wins = (x > y) + 0.5 * (x == y)
        bads.append(wins.mean(axis=1))
        goods.append(wins.mean(axis=0))
    covariance = np.cov(bads) / len(bads[0]) + np.cov(goods) / len(goods[0])
    contrast = np.array([-1.0, 1.0])
    difference = float(np.mean(bads[1]) - np.mean(bads[0]))
    error = float(np.sqrt(contrast @ covariance @ contrast))
    return difference, error, float(2 * stats.norm.sf(abs(difference) / error))


@pytest.mark.parametrize(("num", "round_to"), [(60, 12), (400, 12), (400, 1), (900, 2)])
def test_it_is_the_definition_with_and_without_ties(num: int, round_to: int) -> None:
    bad, first, second = customers(num, seed=num + round_to, round_to=round_to)
    found = compare_auc(bad, first, second)
    difference, error, p_value = naive(bad, first, second)
    assert found.difference == pytest.approx(difference, abs=1e-12)
    assert found.standard_error == pytest.approx(error, rel=1e-10)
    assert found.p_value == pytest.approx(p_value, rel=1e-8)
    interval = stats.norm.interval(0.95, difference, error)
    assert (found.low, found.high) == pytest.approx(interval, abs=1e-10)


def test_each_area_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    bad, first, second = customers(500, seed=1, round_to=2)
    found = compare_auc(bad, first, second)
    assert found.champion == pytest.approx(roc_auc_score(bad, first), abs=1e-12)
    assert found.challenger == pytest.approx(roc_auc_score(bad, second), abs=1e-12)


def test_auc_difference_and_standard_error_of_four_customers_computed_by_hand() -> None:
    # Goods 1, 2 and bads 3, 4 in both models, but the challenger gives the second bad customer 1.5:
    # it beats one good of two, so its component falls from 1 to 1/2 and that of the good with 2 from 1 to 1/2.
    found = compare_auc(np.array([0, 0, 1, 1]), np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 3, 1.5]))
    assert (found.champion, found.challenger, found.difference) == (1.0, 0.75, -0.25)
    # Differences of components: bads (0, −1/2), goods (0, −1/2): each has variance 1/8, each mean is of two.
    assert found.standard_error == pytest.approx(np.sqrt(1 / 8 / 2 + 1 / 8 / 2))


def test_standard_error_and_interval_agree_with_the_bootstrap() -> None:
    bad, first, second = customers(2000, seed=5)
    random = np.random.default_rng(0)
    goods, bads = np.flatnonzero(bad == 0), np.flatnonzero(bad == 1)
    differences = []
    for _ in range(600):
        rows = np.concatenate([random.choice(goods, len(goods)), random.choice(bads, len(bads))])
        ranks = [stats.rankdata(values[rows])[len(goods) :].sum() for values in (first, second)]
        differences.append((ranks[1] - ranks[0]) / (len(goods) * len(bads)))
    found = compare_auc(bad, first, second)
    assert found.standard_error == pytest.approx(np.std(differences), rel=0.1)
    assert [found.low, found.high] == pytest.approx(np.quantile(differences, [0.025, 0.975]), abs=0.004)


def test_half_of_equally_good_models_have_a_p_value_below_one_half() -> None:
    """Without a difference, p-values are uniformly distributed."""
    values = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        risk = random.normal(size=300)
        bad = (risk + random.normal(size=300) > 0).astype(np.int8)
        values.append(compare_auc(bad, risk + random.normal(size=300), risk + random.normal(size=300)).p_value)
    assert stats.kstest(values, "uniform").pvalue > 0.01


def test_equal_models_do_not_differ() -> None:
    bad, first, _ = customers(200, seed=3)
    found = compare_auc(bad, first, first)
    assert (found.difference, found.standard_error, found.low, found.high, found.p_value) == (0, 0, 0, 0, 1)


def test_the_other_way_round_is_the_same_with_the_other_sign() -> None:
    bad, first, second = customers(300, seed=9)
    there, back = compare_auc(bad, first, second), compare_auc(bad, second, first)
    assert there.difference == pytest.approx(-back.difference)
    assert there.p_value == pytest.approx(back.p_value)


def test_a_single_bad_customer_is_refused() -> None:
    with pytest.raises(DataError, match="2 good and 2 bad customers; received 1 bad of 3"):
        compare_auc(np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3]), np.array([0.1, 0.2, 0.3]))
    with pytest.raises(DataError, match="1 values are NaN"):
        compare_auc(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.1, 0.2, np.nan, 0.4]))


def test_differences_of_means_have_the_interval_of_the_normal_distribution() -> None:
    bad, first, second = customers(3000, seed=2)
    found = compare_models(bad, first, second, num_resamples=800)
    squares = (second - bad) ** 2 - (first - bad) ** 2
    # Stratified: the variance within good and bad customers only.
    error = np.sqrt(sum(squares[bad == kind].var() * np.count_nonzero(bad == kind) for kind in (0, 1))) / len(bad)
    assert found.brier.value == pytest.approx(squares.mean())
    assert [found.brier.low, found.brier.high] == pytest.approx(
        stats.norm.interval(0.95, squares.mean(), error), abs=error / 5
    )
    assert found.log_loss.value == pytest.approx(found.challenger.log_loss - found.champion.log_loss)
    assert found.ks.value == pytest.approx(found.challenger.ks - found.champion.ks)
    assert found.ks.low < found.ks.value < found.ks.high


def test_the_same_seed_gives_the_same_intervals() -> None:
    bad, first, second = customers(500, seed=4)
    assert compare_models(bad, first, second, num_resamples=50) == compare_models(bad, first, second, num_resamples=50)
    other = compare_models(bad, first, second, num_resamples=50, seed=1)
    assert other.ks.low != compare_models(bad, first, second, num_resamples=50).ks.low


def test_the_resampled_ks_is_that_of_the_resampled_customers() -> None:
    """One resample: scipy's two-sample distance of the drawn customers."""
    from riskmodel.evaluation.bootstrap import plan_resampling
    from riskmodel.evaluation.comparison import _KsSteps

    bad, first, _ = customers(300, seed=6, round_to=2)
    counts = next(plan_resampling(300, strata=bad, num_resamples=1).draws())
    assert counts[bad == 1].sum() == np.count_nonzero(bad)
    drawn = np.repeat(np.arange(300), counts)
    expected = stats.ks_2samp(first[drawn][bad[drawn] == 1], first[drawn][bad[drawn] == 0]).statistic
    assert _KsSteps.of(bad == 1, first).ks(counts) == pytest.approx(expected)

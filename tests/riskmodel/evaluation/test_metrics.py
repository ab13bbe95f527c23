"""Metrics compared with figures computed by hand and with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score, roc_curve

from riskmodel.errors import DataError
from riskmodel.evaluation.metrics import Metrics, auc, compute_metrics

OUTCOMES = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=60).filter(
    lambda rows: len({bad for bad, _ in rows}) == 2
)


def simulate(num_rows: int, seed: int, decimals: int = 2) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    probability = np.round(random.beta(1.5, 5, num_rows), decimals)
    return (random.random(num_rows) < probability).astype(np.int8), probability


def test_figures_worked_out_by_hand() -> None:
    bad, p = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    found = compute_metrics(bad, p)
    assert (found.num_rows, found.num_bads, found.event_rate) == (4, 2, 0.5)
    assert (found.auc, found.gini, found.ks, found.accuracy) == (0.75, 0.5, 0.5, 0.75)
    assert found.brier == pytest.approx((0.01 + 0.16 + 0.4225 + 0.04) / 4)
    assert found.log_loss == pytest.approx(-np.log([0.9, 0.6, 0.35, 0.8]).mean())


def test_figures_agree_with_scikit_learn() -> None:
    bad, p = simulate(3000, seed=1)
    found = compute_metrics(bad, p)
    false, true, _ = roc_curve(bad, p)
    assert found.auc == pytest.approx(roc_auc_score(bad, p), abs=1e-12)
    assert found.ks == pytest.approx(np.max(true - false), abs=1e-12)
    assert found.log_loss == pytest.approx(log_loss(bad, p), abs=1e-9)
    assert found.brier == pytest.approx(brier_score_loss(bad, p), abs=1e-12)
    assert found.accuracy == pytest.approx(accuracy_score(bad, p >= 0.5))


def test_the_interval_is_delongs_by_its_definition() -> None:
    bad, p = simulate(400, seed=2)
    bads, goods = p[bad == 1], p[bad == 0]
    wins = (bads[:, None] > goods).astype(float) + 0.5 * (bads[:, None] == goods)
    variance = wins.mean(1).var(ddof=1) / len(bads) + wins.mean(0).var(ddof=1) / len(goods)
    found = compute_metrics(bad, p)
    assert found.auc == pytest.approx(wins.mean(), abs=1e-12)
    assert found.auc_high - found.auc_low == pytest.approx(2 * 1.959963984540054 * np.sqrt(variance), rel=1e-9)


def test_the_interval_is_about_the_bootstraps() -> None:
    bad, p = simulate(2000, seed=3)
    random = np.random.default_rng(0)
    draws = (random.integers(0, len(p), len(p)) for _ in range(400))
    low, high = np.quantile([roc_auc_score(bad[rows], p[rows]) for rows in draws], [0.025, 0.975])
    found = compute_metrics(bad, p)
    assert found.auc_low == pytest.approx(low, abs=0.006)
    assert found.auc_high == pytest.approx(high, abs=0.006)


def test_one_bad_customer_leaves_the_auc_unknown() -> None:
    found = compute_metrics(np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3]))
    assert (found.auc, found.auc_low, found.auc_high) == (1.0, 0.0, 1.0)


@given(OUTCOMES)
def test_turning_the_order_round_mirrors_the_auc(rows: list[tuple[bool, int]]) -> None:
    bad, values = np.array([bad for bad, _ in rows], int), np.array([value for _, value in rows], float)
    assert 0.0 <= auc(bad, values) <= 1.0
    assert auc(bad, -values) == pytest.approx(1.0 - auc(bad, values))
    assert auc(bad, values) == pytest.approx(roc_auc_score(bad, values))


def test_certain_and_wrong_is_finite() -> None:
    assert compute_metrics(np.array([0, 1]), np.array([1.0, 0.0])).log_loss == pytest.approx(36.04, abs=0.01)


@pytest.mark.parametrize(
    ("bad", "p", "words"),
    [
        ([1, 1], [0.5, 0.5], r"Figures need good and bad customers; received 2 bad of 2\."),
        ([0, 1, 0], [0.5, 0.5], r"one outcome and one value; received \(3,\) and \(2,\)"),
        ([0, -1], [0.5, 0.5], "leave customers without an outcome out"),
        ([0, 1], [0.5, np.nan], "1 values are NaN"),
        ([0, 1], [0.5, 1.5], r"must be in \[0, 1\]; received 0.5 to 1.5"),
    ],
)
def test_invalid_input_of_metrics_raises(bad: list[int], p: list[float], words: str) -> None:
    with pytest.raises(DataError, match=words):
        compute_metrics(np.array(bad), np.array(p))


def test_figures_go_to_json_and_back() -> None:
    found = compute_metrics(*simulate(50, seed=4))
    assert Metrics.from_dict(found.to_dict()) == found

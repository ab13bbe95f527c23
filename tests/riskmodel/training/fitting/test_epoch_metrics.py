import math

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import log_loss, roc_auc_score

from riskmodel.training.engines.engine import ClassWeights
from riskmodel.training.fitting.epoch_metrics import compute_epoch_metrics, count_probabilities


def test_metrics_of_four_customers_computed_by_hand() -> None:
    metrics = compute_epoch_metrics(np.array([1, 0, 1, 0], np.int8), np.array([0.0, 0.0, 2.0, -2.0], np.float32))
    assert metrics.loss == pytest.approx((2 * math.log(2) + 2 * math.log1p(math.exp(-2))) / 4)
    assert metrics.auc == pytest.approx(3.5 / 4)  # of four pairs three in order and one tied
    assert metrics.ks == 0.5  # from 0 up both bad customers and one of the good; below it none and the other
    assert metrics.accuracy == 0.75  # at exactly .5 the network says good


def test_equals_scikit_learn() -> None:
    random = np.random.default_rng(0)
    bad = (random.random(500) < 0.3).astype(np.int8)
    log_odds = random.standard_normal(500).astype(np.float32).round(1)  # with ties
    metrics = compute_epoch_metrics(bad, log_odds)
    assert metrics.auc == pytest.approx(roc_auc_score(bad, log_odds))
    assert metrics.ks == pytest.approx(ks_2samp(log_odds[bad == 1], log_odds[bad == 0]).statistic)
    assert metrics.loss == pytest.approx(log_loss(bad, 1 / (1 + np.exp(-log_odds.astype(float)))))


def test_class_weights_affect_the_loss_only() -> None:
    bad, log_odds = np.array([1, 0], np.int8), np.array([0.0, 0.0], np.float32)
    metrics = compute_epoch_metrics(bad, log_odds, ClassWeights(good=1.0, bad=3.0))
    assert metrics.loss == pytest.approx(2 * math.log(2))
    assert metrics.accuracy == 0.5


def test_huge_log_odds_do_not_overflow() -> None:
    metrics = compute_epoch_metrics(np.array([1, 0], np.int8), np.array([-1e6, -1e6], np.float32))
    assert metrics.loss == pytest.approx(5e5)


def test_one_class_has_no_auc() -> None:
    metrics = compute_epoch_metrics(np.zeros(3, np.int8), np.zeros(3, np.float32))
    assert math.isnan(metrics.auc) and math.isnan(metrics.ks)


def test_counts_by_hand() -> None:
    # Probabilities ~0, .5, .5249791…, ~1.
    counts = count_probabilities(np.array([-1e4, 0.0, 0.1, 1e4], np.float32))
    assert len(counts) == 40
    assert {index: n for index, n in enumerate(counts) if n} == {0: 1, 20: 2, 39: 1}
    assert count_probabilities(np.zeros(0, np.float32)) == (0,) * 40


def test_balanced_class_weights() -> None:
    assert ClassWeights.balanced(np.array([1, 0, 0, 0], np.int8)) == ClassWeights(good=4 / 6, bad=2.0)

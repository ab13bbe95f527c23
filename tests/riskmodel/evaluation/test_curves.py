"""Curves against scikit-learn, thinned or not."""

import numpy as np
import pytest
from sklearn.metrics import auc as area_below
from sklearn.metrics import roc_auc_score, roc_curve

from riskmodel.evaluation.curves import MAX_POINTS, compute_ks_curve, compute_roc_curve
from riskmodel.evaluation.metrics import compute_metrics


def simulate(num_rows: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    probability = random.beta(1.5, 5, num_rows)
    return (random.random(num_rows) < probability).astype(np.int8), probability


def test_a_short_roc_curve_has_every_point() -> None:
    bad, p = simulate(200)
    found = compute_roc_curve(bad, p)
    false, true, threshold = roc_curve(bad, p, drop_intermediate=False)
    np.testing.assert_allclose(found.false_positive_rate, false)
    np.testing.assert_allclose(found.true_positive_rate, true)
    np.testing.assert_allclose(found.threshold, threshold)


def test_a_long_curve_is_thinned_without_losing_its_shape() -> None:
    bad, p = simulate(50_000)
    roc = compute_roc_curve(bad, p)
    assert len(roc.threshold) <= MAX_POINTS
    assert (roc.false_positive_rate[0], roc.true_positive_rate[-1]) == (0.0, 1.0)
    assert roc.auc == pytest.approx(roc_auc_score(bad, p))
    assert area_below(roc.false_positive_rate, roc.true_positive_rate) == pytest.approx(roc.auc, abs=1e-4)


def test_the_ks_point_is_never_thinned_away() -> None:
    bad, p = simulate(50_000)
    curve = compute_ks_curve(bad, p)
    assert len(curve.probability) <= MAX_POINTS + 1
    assert curve.ks == pytest.approx(compute_metrics(bad, p).ks)
    at = np.flatnonzero(curve.probability == curve.at)
    assert curve.good[at[0]] - curve.bad[at[0]] == pytest.approx(curve.ks)


def test_a_ks_curve_worked_out_by_hand() -> None:
    curve = compute_ks_curve(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    assert curve.probability.tolist() == [0.1, 0.35, 0.4, 0.8]
    assert curve.good.tolist() == [0.5, 0.5, 1.0, 1.0]
    assert curve.bad.tolist() == [0.0, 0.5, 0.5, 1.0]
    assert (curve.ks, curve.at) == (0.5, 0.1)

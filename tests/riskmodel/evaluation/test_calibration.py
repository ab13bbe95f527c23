"""Reliability by hand, and intervals against scipy."""

import numpy as np
import pytest
from scipy.stats import binomtest

from riskmodel.evaluation.calibration import compute_reliability, expected_calibration_error


def test_bins_and_error_by_hand() -> None:
    probability = np.array([0.1, 0.2, 0.3, 0.6, 0.7, 0.8])
    bad = np.array([0, 0, 1, 1, 1, 0])
    low, high = compute_reliability(bad, probability, num_bins=2).bins
    assert (low.predicted, low.observed, low.count) == (pytest.approx(0.2), pytest.approx(1 / 3), 3)
    assert (high.predicted, high.observed, high.count) == (pytest.approx(0.7), pytest.approx(2 / 3), 3)
    assert expected_calibration_error(bad, probability, 2) == pytest.approx((1 / 3 - 0.2 + 0.7 - 2 / 3) / 2)


def test_intervals_are_wilsons() -> None:
    bad = np.array([1] * 7 + [0] * 23)
    (only,) = compute_reliability(bad, np.full(30, 0.2)).bins
    expected = binomtest(7, 30).proportion_ci(method="wilson")
    assert (only.low, only.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_equal_probabilities_stay_together() -> None:
    probability = np.array([0.1] * 50 + [0.5] * 50)
    bins = compute_reliability(np.array([0, 1] * 50), probability).bins
    assert [each.count for each in bins] == [50, 50]


def test_true_probabilities_have_a_small_error_and_halved_ones_a_large() -> None:
    random = np.random.default_rng(0)
    probability = random.random(50_000)
    bad = (random.random(50_000) < probability).astype(np.int8)
    assert expected_calibration_error(bad, probability) < 0.01
    assert expected_calibration_error(bad, probability / 2) == pytest.approx(0.25, abs=0.01)

"""Means and weights of several networks' predictions."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from riskmodel.training.ensembles.blend import average_probability, blend_weights, to_log_odds


def test_each_row_gets_the_mean_of_its_predictions() -> None:
    first = (np.array([0, 1]), np.array([0.0, np.log(3.0)], np.float32))
    second = (np.array([1]), np.array([-np.log(3.0)], np.float32))
    received = average_probability(3, [first, second])
    assert received[:2] == pytest.approx([0.5, (0.75 + 0.25) / 2])
    assert np.isnan(received[2])


@pytest.mark.parametrize("num_rows", [200, 4000])
def test_weights_minimize_the_penalized_log_loss_of_the_mixture(num_rows: int) -> None:
    random = np.random.default_rng(1)
    truth = random.random(num_rows)
    bad = (random.random(num_rows) < truth).astype(np.int8)
    noisy = [np.clip(truth + random.normal(0, size, num_rows), 0.01, 0.99) for size in (0.2, 0.3)]
    weights = blend_weights(np.stack(noisy), bad, least=0.0)

    def log_loss(weight: float) -> float:
        mixed = weight * noisy[0] + (1 - weight) * noisy[1]
        loss = -np.sum(np.log(np.where(bad == 1, mixed, 1 - mixed)))
        return float(loss - 20 * (np.log(weight) + np.log(1 - weight)))

    best = minimize_scalar(log_loss, bounds=(0, 1), method="bounded", options={"xatol": 1e-6}).x
    assert weights == pytest.approx([best, 1 - best], abs=1e-3)
    assert 0.5 < weights[0] < 1


def test_a_learner_without_benefit_is_excluded() -> None:
    bad = np.array([1, 0] * 2_000, np.int8)
    good_guess = np.where(bad == 1, 0.9, 0.1)
    weights = blend_weights(np.stack([good_guess, 1 - good_guess]), bad, least=0.01)
    assert weights.tolist() == [1.0, 0.0]


def test_weights_of_few_customers_are_close_to_equal() -> None:
    bad = np.array([1, 0] * 4, np.int8)
    good_guess = np.where(bad == 1, 0.9, 0.1)
    weights = blend_weights(np.stack([good_guess, 1 - good_guess]), bad, least=0.01)
    assert 0.5 < weights[0] < 0.6


def test_log_odds_of_certain_predictions_stay_finite() -> None:
    assert to_log_odds(np.array([0.0, 0.5, 0.75, 1.0])) == pytest.approx([-27.631, 0, np.log(3), 27.631], abs=1e-3)

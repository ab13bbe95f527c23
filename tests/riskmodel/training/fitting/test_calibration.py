"""Calibrators fitted to predictions, against scikit-learn."""

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss as sklearn_log_loss

from riskmodel.scoring.model.calibrator import (
    BetaCalibrator,
    IdentityCalibrator,
    IsotonicCalibrator,
    PlattCalibrator,
    TemperatureCalibrator,
)
from riskmodel.training.fitting.calibration import choose_calibrator, fit_calibrator, log_loss, temperature_scaled_loss


def customers(num_rows: int = 4000, slope: float = 0.5, shift: float = 0.0, seed: int = 0):
    """Log-odds that are overconfident by a factor of 1 / slope and shifted, and outcomes."""
    random = np.random.default_rng(seed)
    z = random.normal(-1, 2, num_rows)
    bad = (random.random(num_rows) < 1 / (1 + np.exp(-(slope * z + shift)))).astype(np.int8)
    return z, bad


def test_the_temperature_minimizes_the_loss() -> None:
    z, bad = customers()
    best = minimize_scalar(
        lambda t: sklearn_log_loss(bad, 1 / (1 + np.exp(-z / t))), bounds=(0.1, 10), method="bounded"
    )
    fitted = fit_calibrator("temperature", z, bad)
    assert isinstance(fitted, TemperatureCalibrator)
    assert fitted.temperature == pytest.approx(best.x, rel=1e-3)
    assert fitted.temperature == pytest.approx(2.0, rel=0.1)
    assert temperature_scaled_loss(z.astype(np.float32), bad) == pytest.approx(best.fun, abs=1e-6)


def test_platt_is_scikit_learns_logistic_regression() -> None:
    z, bad = customers(shift=0.7)
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(z[:, None], bad)
    fitted = fit_calibrator("platt", z, bad)
    assert isinstance(fitted, PlattCalibrator)
    assert [fitted.slope, fitted.intercept] == pytest.approx([oracle.coef_[0, 0], oracle.intercept_[0]], rel=1e-4)


def test_beta_equals_an_optimizers_solution() -> None:
    z, bad = customers(shift=0.7)

    def loss(parameters: np.ndarray) -> float:
        a, b, c = parameters
        return float(np.mean(np.logaddexp(0, y := b * np.logaddexp(0, z) - a * np.logaddexp(0, -z) + c) - bad * y))

    best = minimize(loss, [1.0, 1.0, 0.0], bounds=[(0, None), (0, None), (None, None)], tol=1e-12)
    fitted = fit_calibrator("beta", z, bad)
    assert isinstance(fitted, BetaCalibrator)
    assert loss(np.array([fitted.a, fitted.b, fitted.c])) == pytest.approx(best.fun, abs=1e-8)


def test_isotonic_is_scikit_learns_but_never_certain() -> None:
    z, bad = customers(500)
    fitted = fit_calibrator("isotonic", z, bad)
    assert isinstance(fitted, IsotonicCalibrator)
    oracle = IsotonicRegression(y_min=0.001, y_max=0.999).fit(z, bad)
    assert np.allclose(fitted.to_probability(z), oracle.predict(z), atol=1e-9)
    assert 0 < fitted.to_probability(np.array([-99.0]))[0] < fitted.to_probability(np.array([99.0]))[0] < 1


def test_reversed_log_odds_are_unchanged() -> None:
    z, bad = customers(slope=-1.0)
    assert fit_calibrator("temperature", z, bad) == IdentityCalibrator()
    assert fit_calibrator("platt", z, bad) == IdentityCalibrator()


@pytest.mark.parametrize("kind", ["temperature", "platt", "beta", "isotonic"])
def test_perfectly_separated_and_extreme_log_odds_give_finite_values(kind: str) -> None:
    z = np.array([-500.0, -400.0, -1.0, 1.0, 400.0, 500.0] * 5)
    fitted = fit_calibrator(kind, z, (z > 0).astype(np.int8))
    assert np.isfinite(fitted.to_probability(z)).all()


def test_a_helpful_calibrator_is_kept_with_a_note() -> None:
    z, bad = customers(slope=0.5)
    chosen = choose_calibrator("auto", z, bad, seed=7)
    assert chosen.calibrator.kind in ("temperature", "beta")
    assert chosen.note.startswith(f"Calibrated by {chosen.calibrator.kind}: log-loss 0.")
    assert "cross-validated on 4,000 customers" in chosen.note
    assert log_loss(bad, chosen.calibrator.to_probability(z)) < log_loss(bad, IdentityCalibrator().to_probability(z))


def test_an_unhelpful_calibrator_is_dropped() -> None:
    z, bad = customers(400, slope=1.0, seed=3)
    chosen = choose_calibrator("isotonic", z, bad, seed=7)
    assert chosen.calibrator == IdentityCalibrator()
    assert chosen.note.startswith("Not calibrated: isotonic would not lower the log-loss")


def test_no_calibration_unless_requested() -> None:
    z, bad = customers(100)
    chosen = choose_calibrator("none", z, bad, seed=7)
    assert (chosen.calibrator, chosen.note) == (IdentityCalibrator(), "")


def test_the_log_loss_is_scikit_learns() -> None:
    z, bad = customers(300)
    probability = 1 / (1 + np.exp(-z))
    assert log_loss(bad, probability) == pytest.approx(sklearn_log_loss(bad, probability))

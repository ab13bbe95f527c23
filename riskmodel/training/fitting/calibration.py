"""Fitting and selection of calibrators on predictions of customers with known outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.config.sections.calibration import CalibrationMethod
from riskmodel.scoring.model.calibrator import (
    BetaCalibrator,
    Calibrator,
    IdentityCalibrator,
    IsotonicCalibrator,
    PlattCalibrator,
    TemperatureCalibrator,
    sigmoid,
)

FloatArray = npt.NDArray[np.float64]
Outcomes = npt.NDArray[np.int8]

_FOLDS = 5
_STEPS = 50
_NEVER_CERTAIN = 1e-15


@dataclass(frozen=True)
class CalibrationResult:
    """The selected calibrator.

    Attributes:
        calibrator: The identity if none lowered the log-loss.
        note: For the analyst; empty if no calibration was requested.
    """

    calibrator: Calibrator
    note: str = ""


def choose_calibrator(method: CalibrationMethod, log_odds: FloatArray, bad: Outcomes, seed: int) -> CalibrationResult:
    """Fit the calibrator of ``method`` to all predictions if it lowers the cross-validated log-loss.

    Uses five stratified folds; ``auto`` takes the better of temperature and beta.

    Args:
        log_odds: float64 (n,), of networks that have not seen these customers.
        bad: int8 (n,).
    """
    if method == "none":
        return CalibrationResult(IdentityCalibrator())
    kinds: tuple[CalibrationMethod, ...] = ("temperature", "beta") if method == "auto" else (method,)
    before = log_loss(bad, IdentityCalibrator().to_probability(log_odds))
    after = {kind: _cross_fitted_loss(kind, log_odds, bad, seed) for kind in kinds}
    best = min(after, key=lambda kind: after[kind])
    figures = f"log-loss {before:.5f} → {after[best]:.5f}, cross-validated on {len(bad):,} customers"
    if after[best] < before:
        return CalibrationResult(fit_calibrator(best, log_odds, bad), f"Calibrated by {best}: {figures}.")
    return CalibrationResult(IdentityCalibrator(), f"Not calibrated: {best} would not lower the log-loss ({figures}).")


def fit_calibrator(kind: CalibrationMethod, log_odds: FloatArray, bad: Outcomes) -> Calibrator:
    """The calibrator of this kind with the smallest log-loss on these customers; the identity where it has none.

    Temperature, Platt and beta are logistic regressions on functions of the log-odds, fitted by Newton's method;
    isotonic pools adjacent violators.
    """
    ones = np.ones_like(log_odds)
    if kind == "temperature":
        (slope,) = _regress(log_odds[:, None], bad)
        return TemperatureCalibrator(1.0 / slope) if slope > 0 else IdentityCalibrator()
    if kind == "platt":
        slope, intercept = _regress(np.stack([log_odds, ones], axis=1), bad)
        return PlattCalibrator(slope, intercept) if slope > 0 else IdentityCalibrator()
    if kind == "beta":
        return _fit_beta(log_odds, bad, ones)
    if kind == "isotonic":
        return _fit_isotonic(log_odds, bad)
    return IdentityCalibrator()


def temperature_scaled_loss(log_odds: npt.NDArray[np.floating], bad: Outcomes) -> float:
    """Log-loss after temperature scaling: discrimination, independent of the scale of the log-odds.

    Stopping on it lets a network keep learning while it becomes overconfident, which calibration corrects ("refine then
    calibrate": Berta 2025, arXiv 2501.19195).
    """
    return float(np.mean(temperature_scaled_losses(log_odds, bad)))


def temperature_scaled_losses(log_odds: npt.NDArray[np.floating], bad: Outcomes) -> FloatArray:
    """Log-loss of each customer after temperature scaling, float64 (m,)."""
    z = np.asarray(log_odds, np.float64)
    return _log_losses(bad, fit_calibrator("temperature", z, bad).to_probability(z))


def log_loss(bad: Outcomes, probability: FloatArray) -> float:
    """Mean of −ln of the probability of the actual outcome; probabilities are clipped to [1e-15, 1 − 1e-15]."""
    return float(np.mean(_log_losses(bad, probability)))


def _log_losses(bad: Outcomes, probability: FloatArray) -> FloatArray:
    likelihood = np.where(bad == 1, probability, 1.0 - probability)
    return np.asarray(-np.log(np.maximum(likelihood, _NEVER_CERTAIN)), np.float64)


def _cross_fitted_loss(kind: CalibrationMethod, log_odds: FloatArray, bad: Outcomes, seed: int) -> float:
    random = np.random.default_rng(seed)
    fold = np.empty(len(bad), np.int64)
    for outcome in (0, 1):
        places = random.permutation(np.flatnonzero(bad == outcome))
        fold[places] = np.arange(len(places)) % _FOLDS
    probability = np.empty(len(bad))
    for number in range(_FOLDS):
        held_out = fold == number
        fitted = fit_calibrator(kind, log_odds[~held_out], bad[~held_out])
        probability[held_out] = fitted.to_probability(log_odds[held_out])
    return log_loss(bad, probability)


def _fit_beta(log_odds: FloatArray, bad: Outcomes, ones: FloatArray) -> Calibrator:
    low, high = -np.logaddexp(0.0, -log_odds), np.logaddexp(0.0, log_odds)  # ln p and −ln(1 − p)
    a, b, c = _regress(np.stack([low, high, ones], axis=1), bad)
    # A negative weight would reverse the order at one end: its term is dropped, as in Kull et al. 2017.
    if a < 0:
        a, (b, c) = 0.0, _regress(np.stack([high, ones], axis=1), bad)
    elif b < 0:
        b, (a, c) = 0.0, _regress(np.stack([low, ones], axis=1), bad)
    return BetaCalibrator(a, b, c) if min(a, b) >= 0 and a + b > 0 else IdentityCalibrator()


def _regress(inputs: FloatArray, bad: Outcomes) -> list[float]:
    """Weights (k,) of the logistic regression of ``bad`` on ``inputs`` (n, k), by Newton's method with halved steps."""
    weights = np.zeros(inputs.shape[1])
    weights[0] = 1.0
    loss = _regression_loss(inputs @ weights, bad)
    for _ in range(_STEPS):
        probability = sigmoid(inputs @ weights)
        gradient = inputs.T @ (probability - bad) / len(bad)
        curvature = (inputs * (probability * (1 - probability))[:, None]).T @ inputs / len(bad)
        # A small ridge penalty: perfectly separable outcomes have no minimum.
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(weights)), gradient)
        size = 1.0
        while size > 1e-6 and not _regression_loss(inputs @ (weights - size * step), bad) <= loss:
            size /= 2
        weights = weights - size * step if size > 1e-6 else weights
        new_loss = _regression_loss(inputs @ weights, bad)
        done = loss - new_loss < 1e-12
        loss = new_loss
        if done:
            break
    return [float(weight) for weight in weights]


def _regression_loss(z: FloatArray, bad: Outcomes) -> float:
    return float(np.mean(np.logaddexp(0.0, z) - bad * z))


def _fit_isotonic(log_odds: FloatArray, bad: Outcomes) -> Calibrator:
    """Pool adjacent violators over distinct log-odds; a knot at both ends of each block of equal probability.

    Probabilities stay half a customer of all away from 0 and 1: a block without bads does not prove zero risk.
    """
    places, inverse = np.unique(log_odds, return_inverse=True)
    count = np.bincount(inverse).astype(np.float64)
    sums = np.bincount(inverse, weights=bad)
    blocks: list[list[float]] = []  # bads, customers, first place, last place
    for number in range(len(places)):
        blocks.append([sums[number], count[number], places[number], places[number]])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            bads, customers, _, last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + bads, blocks[-1][1] + customers, blocks[-1][2], last]
    least = 0.5 / len(bad)
    knots: dict[float, float] = {}
    for bads, customers, first, last in blocks:
        knots[first] = knots[last] = float(np.clip(bads / customers, least, 1 - least))
    return IsotonicCalibrator(tuple(knots), tuple(knots.values()))

"""Predictions of several networks: their mean, and the blending weights of the learners."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riskmodel.scoring.model.calibrator import IdentityCalibrator

FloatArray = npt.NDArray[np.float64]

_PRIOR = 20.0
"""Customers added to each learner's share, which draws the weights of few customers towards equal ones."""
_STEPS = 500
_CLOSE_ENOUGH = 1e-9


def average_probability(
    num_rows: int, predictions: Sequence[tuple[npt.NDArray[np.integer], npt.NDArray[np.float32]]]
) -> FloatArray:
    """Mean probability per row over the networks that predict it, float64 (num_rows,); NaN where none does.

    Args:
        predictions: Rows (m,) and log-odds (m,) of each network.
    """
    total, count = np.zeros(num_rows), np.zeros(num_rows)
    for rows, log_odds in predictions:
        total[rows] += IdentityCalibrator().to_probability(log_odds)
        count[rows] += 1
    with np.errstate(invalid="ignore"):
        return total / count


def blend_weights(probability: FloatArray, bad: npt.NDArray[np.int8], least: float) -> FloatArray:
    """Weights (r,), at least 0 and 1 in sum, of the mixture of r learners with the smallest penalized log-loss.

    The log-loss of a mixture is convex in its weights, and so is the penalty −c Σ ln w of a Dirichlet prior, which
    draws them towards equal weights. Expectation–maximization reaches the minimum without a step size: wᵣ ∝ c + sum
    over customers of wᵣ qᵣ / Σ w q, q being the probability of the actual outcome by a learner, c the prior's customers
    per learner (Dempster, Laird & Rubin 1977).

    Args:
        probability: float64 (r, m) of being bad.
        bad: int8 (m,).
        least: A smaller weight becomes 0.
    """
    likelihood = np.where(bad == 1, probability, 1.0 - probability)
    likelihood = np.maximum(likelihood, 1e-12)
    weights = np.full(len(likelihood), 1.0 / len(likelihood))
    for _ in range(_STEPS):
        shares = weights[:, None] * likelihood
        updated = (shares / shares.sum(axis=0)).sum(axis=1) + _PRIOR
        updated /= updated.sum()
        moved = float(np.abs(updated - weights).max())
        weights = updated
        if moved < _CLOSE_ENOUGH:
            break
    weights = np.where(weights < least, 0.0, weights)
    return np.asarray(weights / weights.sum(), np.float64)


def to_log_odds(probability: FloatArray) -> FloatArray:
    """ln(p / (1 − p)), float64, of probabilities clipped to [1e-12, 1 − 1e-12]."""
    inside = np.clip(probability, 1e-12, 1.0 - 1e-12)
    return np.asarray(np.log(inside) - np.log1p(-inside), np.float64)

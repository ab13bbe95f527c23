"""Metrics of an epoch, from log-odds and outcomes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.metrics import auc_and_ks
from riskmodel.training.engines.engine import ClassWeights
from riskmodel.training.progress import NUM_PROBABILITY_BINS

_ROWS_AT_ONCE = 65_536
"""Customers processed at a time: the float64 log-odds of a million, with all members, would be a large array."""


@dataclass(frozen=True)
class EpochMetrics:
    """Metrics of log-odds against outcomes.

    Attributes:
        loss: Mean binary cross-entropy, without regularization.
        auc: Area under the ROC curve; NaN with a single class.
        ks: Kolmogorov–Smirnov distance of good and bad; NaN with a single class.
        accuracy: Accuracy at probability .5.
    """

    loss: float
    auc: float
    ks: float
    accuracy: float


def compute_epoch_metrics(
    bad: npt.NDArray[np.int8], log_odds: npt.NDArray[np.float32], weights: ClassWeights | None = None
) -> EpochMetrics:
    """Metrics of customers with outcomes ``bad`` (n,) 0/1 and ``log_odds`` (n,), or (n, members).

    With several members, the loss is the mean of theirs; AUC, KS and accuracy use their mean probability. Class weights
    affect the loss only, as in Keras; it is divided by the number of customers, not by their weights.
    """
    loss = sum_losses(bad, log_odds, weights or ClassWeights()) / len(bad)
    return metrics_with_loss(bad, average_log_odds(log_odds), loss)


def metrics_with_loss(bad: npt.NDArray[np.int8], log_odds: npt.NDArray[np.float32], loss: float) -> EpochMetrics:
    """Metrics for a known loss, from the log-odds (n,) of the mean probability."""
    is_one_class = not 0 < np.count_nonzero(bad) < len(bad)
    area, distance = (float("nan"), float("nan")) if is_one_class else auc_and_ks(bad, log_odds)
    return EpochMetrics(
        loss=loss,
        auc=area,
        ks=distance,
        accuracy=float(np.mean((log_odds > 0) == (bad == 1))),
    )


def sum_losses(bad: npt.NDArray[np.int8], log_odds: npt.NDArray[np.float32], weights: ClassWeights) -> float:
    """Sum over customers of weighted binary cross-entropies, w · (log(1 + eᶻ) − bad · z), in float64.

    Log-odds (n,), or (n, members), whose losses are averaged. NaN or inf where a z is.
    """
    return sum(
        _sum_losses(bad[start : start + _ROWS_AT_ONCE], log_odds[start : start + _ROWS_AT_ONCE], weights)
        for start in range(0, len(bad), _ROWS_AT_ONCE)
    )


def _sum_losses(bad: npt.NDArray[np.int8], log_odds: npt.NDArray[np.float32], weights: ClassWeights) -> float:
    z = log_odds.astype(np.float64)
    with np.errstate(invalid="ignore"):
        if z.ndim == 1:
            losses = np.logaddexp(0.0, z) - bad * z
        else:
            losses = (np.logaddexp(0.0, z) - bad[:, None] * z).mean(axis=1)
    if weights == ClassWeights():
        return float(losses.sum())
    return float(losses @ np.where(bad == 1, weights.bad, weights.good))


def average_log_odds(log_odds: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Log-odds (n,) of the mean of the members' probabilities, from theirs (n, members); (n,) is returned unchanged."""
    if log_odds.ndim == 1:
        return log_odds
    if log_odds.shape[1] == 1:
        return log_odds[:, 0]
    averaged = np.empty(len(log_odds), np.float32)
    for start in range(0, len(log_odds), _ROWS_AT_ONCE):
        z = log_odds[start : start + _ROWS_AT_ONCE].astype(np.float64)
        log_bad, log_good = -np.logaddexp(0.0, -z), -np.logaddexp(0.0, z)
        averaged[start : start + _ROWS_AT_ONCE] = np.logaddexp.reduce(log_bad, 1) - np.logaddexp.reduce(log_good, 1)
    return averaged


def count_probabilities(log_odds: npt.NDArray[np.float32]) -> tuple[int, ...]:
    """Customers in each of the 40 equal bins of the probability on [0, 1].

    Example:
        >>> counts = count_probabilities(np.array([-50.0, 0.0, 50.0], np.float32))
        >>> counts[0], counts[20], counts[39]
        (1, 1, 1)
    """
    probability = 1.0 / (1.0 + np.exp(-np.clip(log_odds.astype(np.float64), -700.0, 700.0)))
    counts, _ = np.histogram(probability, bins=NUM_PROBABILITY_BINS, range=(0.0, 1.0))
    return tuple(int(count) for count in counts)

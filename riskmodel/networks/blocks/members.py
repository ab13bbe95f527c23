"""Averaging of the members' probabilities."""

from typing import Any

from riskmodel.networks.backend import keras

ops = keras.ops


def average_log_odds(log_odds: Any) -> Any:
    """Log-odds (n, 1) of the mean of the members' probabilities, from their log-odds (n, m).

    ln Σ σ(z) − ln Σ σ(−z), with every logarithm taken of a sum of exponentials, so that it is exact at both ends.
    """
    if log_odds.shape[-1] == 1:
        return log_odds
    bad = ops.logsumexp(-ops.softplus(-log_odds), axis=-1, keepdims=True)
    good = ops.logsumexp(-ops.softplus(log_odds), axis=-1, keepdims=True)
    return bad - good

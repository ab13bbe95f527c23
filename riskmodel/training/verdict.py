"""What the curves of a training say, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from riskmodel.training.progress import EpochResult

Fit = Literal["early", "learning", "level", "overfitting"]

_PATIENCE = 3
"""Epochs after the lowest validation loss from which on it counts as the lowest."""
_NOTEWORTHY = 0.002
"""Share by which a loss must have moved to be called risen or fallen: less is within the noise of an epoch."""


@dataclass(frozen=True)
class Verdict:
    """How training and validation loss go together.

    Attributes:
        fit: ``early`` before anything can be said; ``learning`` while the validation loss falls; ``level`` when it
            no longer does; ``overfitting`` when it rises while the training loss goes on falling.
        since: the epoch of the lowest validation loss, 1-based; None when it is too early.
        words: one sentence.
    """

    fit: Fit
    since: int | None
    words: str


def judge_fit(history: Sequence[EpochResult]) -> Verdict:
    """Judge the epochs so far, in order.

    The losses of both parts are compared between the epoch of the lowest validation loss and the mean of the last
    three epochs after it, so that one odd epoch decides nothing.
    """
    if len(history) < _PATIENCE:
        return Verdict("early", None, "")
    lowest = min(history, key=lambda epoch: epoch.validation_loss)
    later = [epoch for epoch in history if epoch.epoch > lowest.epoch]
    if len(later) < _PATIENCE:
        before = history[max(0, len(history) - 1 - _PATIENCE)]
        fell = before.validation_loss - lowest.validation_loss
        words = f"Still learning: validation loss fell by {fell:.4f} in the last {_PATIENCE} epochs."
        if fell < lowest.validation_loss * _NOTEWORTHY:
            words = f"Validation loss is lowest at epoch {lowest.epoch}; a few more epochs will tell."
        return Verdict("learning", lowest.epoch, words)
    validation = sum(epoch.validation_loss for epoch in later[-_PATIENCE:]) / _PATIENCE
    train = sum(epoch.train_loss for epoch in later[-_PATIENCE:]) / _PATIENCE
    rises = validation > lowest.validation_loss * (1 + _NOTEWORTHY)
    if rises and train < lowest.train_loss:
        return Verdict(
            "overfitting",
            lowest.epoch,
            f"Overfitting since epoch {lowest.epoch}: training loss fell on from {lowest.train_loss:.4f} to "
            f"{train:.4f}, validation loss rose from {lowest.validation_loss:.4f} to {validation:.4f}.",
        )
    if rises:
        words = f"No better since epoch {lowest.epoch}: both losses rose; a lower learning rate may help."
    else:
        words = f"Level since epoch {lowest.epoch}: validation loss has not fallen below {lowest.validation_loss:.4f}."
    return Verdict("level", lowest.epoch, words)

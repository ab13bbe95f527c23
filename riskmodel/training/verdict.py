"""The shape of the loss curves of a training, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from riskmodel.training.progress import EpochResult

Fit = Literal["early", "learning", "level", "overfitting"]

_PATIENCE = 3
"""Epochs without improvement after which the lowest validation loss counts as final."""
_NOTEWORTHY = 0.002
"""Relative change of a loss that counts as rise or fall; less is noise."""


@dataclass(frozen=True)
class Verdict:
    """Comparison of training and validation loss.

    Attributes:
        fit: ``early`` with too few epochs to judge; ``learning`` while the validation loss falls; ``level`` when it
            no longer does; ``overfitting`` when it rises while the training loss keeps falling.
        since: the epoch of the lowest validation loss, 1-based; None when it is too early.
        words: one sentence.
    """

    fit: Fit
    since: int | None
    words: str


def judge_fit(history: Sequence[EpochResult], *, ended: bool = False) -> Verdict:
    """Judge the epochs so far, in order.

    The losses of both sets are compared between the epoch of the lowest validation loss and the mean of the last
    three epochs after it, so that one atypical epoch has no effect. The sentence names both epochs.

    Args:
        ended: Training is over: no sentence mentions further epochs.
    """
    if len(history) < _PATIENCE:
        return Verdict("early", None, "")
    lowest = min(history, key=lambda epoch: epoch.validation_loss)
    later = [epoch for epoch in history if epoch.epoch > lowest.epoch]
    if len(later) < _PATIENCE:
        return Verdict("learning", lowest.epoch, _describe_learning(history, lowest, ended))
    last = later[-_PATIENCE:]
    validation = sum(epoch.validation_loss for epoch in last) / _PATIENCE
    train = sum(epoch.train_loss for epoch in last) / _PATIENCE
    if validation <= lowest.validation_loss * (1 + _NOTEWORTHY):
        words = f"Plateau since epoch {lowest.epoch}: validation loss stayed at or above {lowest.validation_loss:.4f}."
        return Verdict("level", lowest.epoch, words)
    rose = f"validation loss rose from {lowest.validation_loss:.4f} to {validation:.4f}"
    fell = f"training loss fell from {lowest.train_loss:.4f} to {train:.4f}"
    averaged = f"(means of epochs {last[0].epoch} to {last[-1].epoch})"
    if train < lowest.train_loss:
        words = f"Overfitting since epoch {lowest.epoch}: {rose} while {fell} {averaged}."
        return Verdict("overfitting", lowest.epoch, words)
    words = f"No improvement since epoch {lowest.epoch}: {rose} {averaged}. Try a lower learning rate."
    return Verdict("level", lowest.epoch, words)


def _describe_learning(history: Sequence[EpochResult], lowest: EpochResult, ended: bool) -> str:
    before = history[max(0, len(history) - 1 - _PATIENCE)]
    fell = before.validation_loss - lowest.validation_loss
    still = fell >= lowest.validation_loss * _NOTEWORTHY
    if still and ended:
        return f"Validation loss was still falling, by {fell:.4f} in the last {_PATIENCE} epochs. Train more epochs."
    if still:
        return f"Learning: validation loss fell by {fell:.4f} in the last {_PATIENCE} epochs."
    words = f"Validation loss is lowest at epoch {lowest.epoch}"
    return f"{words}." if ended else f"{words} so far."

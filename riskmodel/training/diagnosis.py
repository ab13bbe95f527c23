"""Diagnosis of a training from its loss curves, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from riskmodel.training.progress import EpochResult

State = Literal["unknown", "learning", "plateau", "overfitting"]

_PATIENCE = 3
"""Epochs without improvement after which the lowest validation loss counts as final."""
_NOTEWORTHY = 0.002
"""Relative change of a loss that counts as rise or fall; less is noise."""


@dataclass(frozen=True)
class Diagnosis:
    """Comparison of training and validation loss.

    Attributes:
        state: ``unknown`` with fewer than three epochs; ``learning`` while the validation loss falls; ``plateau`` when
            it no longer does; ``overfitting`` when it rises while the training loss keeps falling.
        since: the epoch of the lowest validation loss, 1-based; None if unknown.
        text: one sentence; empty if unknown.
    """

    state: State
    since: int | None
    text: str


def diagnose(history: Sequence[EpochResult], *, ended: bool = False) -> Diagnosis:
    """Compare training and validation loss of the epochs so far, in order.

    The losses of both sets are compared between the epoch of the lowest validation loss and the median of the last
    three epochs after it, so that one atypical epoch among these has no effect. The sentence names both epochs. The
    validation loss is still falling if the median of the last three epochs is clearly below the lowest loss before
    them, and the last epoch is not clearly above the lowest loss of all.

    Args:
        ended: Training is over: no sentence mentions further epochs.
    """
    if len(history) < _PATIENCE:
        return Diagnosis("unknown", None, "")
    lowest = min(history, key=lambda epoch: epoch.validation_loss)
    later = [epoch for epoch in history if epoch.epoch > lowest.epoch]
    if len(later) < _PATIENCE:
        return Diagnosis("learning", lowest.epoch, _describe_learning(history, lowest, ended))
    last = later[-_PATIENCE:]
    validation = median(epoch.validation_loss for epoch in last)
    train = median(epoch.train_loss for epoch in last)
    if validation <= lowest.validation_loss * (1 + _NOTEWORTHY):
        text = f"Plateau since epoch {lowest.epoch}: validation loss stayed at or above {lowest.validation_loss:.4f}."
        return Diagnosis("plateau", lowest.epoch, text)
    rose = f"validation loss rose from {lowest.validation_loss:.4f} to {validation:.4f}"
    fell = f"training loss fell from {lowest.train_loss:.4f} to {train:.4f}"
    averaged = f"(medians of epochs {last[0].epoch} to {last[-1].epoch})"
    if train < lowest.train_loss:
        text = f"Overfitting since epoch {lowest.epoch}: {rose} while {fell} {averaged}."
        return Diagnosis("overfitting", lowest.epoch, text)
    text = f"No improvement since epoch {lowest.epoch}: {rose} {averaged}. Try a lower learning rate."
    return Diagnosis("plateau", lowest.epoch, text)


def _describe_learning(history: Sequence[EpochResult], lowest: EpochResult, ended: bool) -> str:
    losses = [epoch.validation_loss for epoch in history]
    num_last = min(_PATIENCE, len(losses) - 1)
    last, before = losses[-num_last:], min(losses[:-num_last])
    noise = lowest.validation_loss * _NOTEWORTHY
    fell = before - last[-1]
    still = before - median(last) >= noise and last[-1] - lowest.validation_loss < noise
    if still and ended:
        return f"Validation loss was still falling, by {fell:.4f} in the last {num_last} epochs. Train more epochs."
    if still:
        return f"Learning: validation loss fell by {fell:.4f} in the last {num_last} epochs."
    text = f"Validation loss is lowest at epoch {lowest.epoch}"
    return f"{text}." if ended else f"{text} so far."

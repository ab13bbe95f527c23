"""Larger networks where the requested epochs were too few: when to train one, and whether it is better."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.config.ensemble import Learner
from riskmodel.config.network import describe_difference
from riskmodel.errors import TrainingError, is_out_of_memory
from riskmodel.training.fitting.calibration import temperature_scaled_losses
from riskmodel.wording import count

MAX_ENLARGEMENTS = 2
"""Each is at most twice as wide as the network before, so that the last has up to four times the units."""

_LAST_SHARE = 0.2
_MIN_T = 2.0
"""A difference of more than two standard errors is rarely by chance."""


def is_still_improving(best_epoch: int, num_epochs: int) -> bool:
    """Whether the best epoch is among the last fifth of the requested epochs.

    Example:
        >>> is_still_improving(49, 60), is_still_improving(48, 60)
        (True, False)
    """
    return best_epoch > (1.0 - _LAST_SHARE) * num_epochs


@dataclass(frozen=True)
class LossReduction:
    """Reduction of the log-loss on the same validation customers, after temperature scaling.

    Attributes:
        before, after: Mean log-loss of the smaller and the larger network.
        t: Mean difference over its standard error; positive if the larger one is better.
    """

    before: float
    after: float
    t: float

    @classmethod
    def between(
        cls, bad: npt.NDArray[np.int8], before: npt.NDArray[np.floating], after: npt.NDArray[np.floating]
    ) -> LossReduction:
        """Compare the log-odds (m,) of two networks for the same customers, whose outcomes are ``bad`` (m,)."""
        old, new = temperature_scaled_losses(before, bad), temperature_scaled_losses(after, bad)
        error = float(np.std(old - new)) / math.sqrt(len(bad))
        mean = float(np.mean(old - new))
        return cls(float(np.mean(old)), float(np.mean(new)), mean / error if error else 0.0)

    @property
    def is_clear(self) -> bool:
        """Whether the larger network is better by more than two standard errors."""
        return self.t > _MIN_T

    def describe(self, larger: Learner, smaller: Learner) -> str:
        """Note for the analyst."""
        kept = "The larger network was kept" if self.is_clear else "The smaller network was kept"
        why = "" if self.is_clear else "; a reduction by two standard errors is required"
        return (
            f"Still improving at the end of {count(smaller.training.epochs, 'epoch')}, so a larger network was "
            f"trained, too ({describe_larger(larger, smaller)}). {kept}: validation loss {self.after:.4f} of the "
            f"larger, {self.before:.4f} of the smaller, both calibrated{why}."
        )


def describe_larger(larger: Learner, smaller: Learner) -> str:
    """How the larger learner differs: fields of the network, and the epochs."""
    new, old = (learner.network.model_dump(mode="json") for learner in (larger, smaller))
    return ", ".join(filter(None, [describe_difference(new, old), count(larger.training.epochs, "epoch")]))


def describe_start(larger: Learner, smaller: Learner) -> str:
    """Line of the log before the training of the larger network."""
    return (
        f"Still improving at the end of {count(smaller.training.epochs, 'epoch')}; now a larger network is trained "
        f"({describe_larger(larger, smaller)})."
    )


def describe_too_large(larger: Learner, smaller: Learner, work: float) -> str:
    """Note for the analyst on a larger network that was not trained; ``work`` is its multiple of the smaller's."""
    return (
        f"Still improving at the end of {count(smaller.training.epochs, 'epoch')}. A larger network "
        f"({describe_larger(larger, smaller)}) may be better. It was not trained, because it takes about {work:.0f} "
        "times as long; set these values to train it."
    )


def describe_failure(larger: Learner, smaller: Learner, error: Exception) -> str:
    """Note for the analyst on a larger network whose training failed."""
    if isinstance(error, TrainingError):
        reason = "its training diverged"
    elif is_out_of_memory(error):
        reason = "there was not enough memory"
    else:
        first_line = str(error).strip().partition("\n")[0]
        reason = f"internal error: {type(error).__name__}: {first_line[:200].rstrip('.')}".rstrip(": ")
    return (
        f"Still improving at the end of {count(smaller.training.epochs, 'epoch')}. A larger network "
        f"({describe_larger(larger, smaller)}) could not be trained ({reason}), so the smaller one was kept."
    )


def describe_still_improving(learner: Learner) -> str:
    """Note for the analyst on a network that is not enlarged any more."""
    return (
        f"Still improving at the end of {count(learner.training.epochs, 'epoch')}, and not enlarged any more: more "
        "epochs may be better."
    )

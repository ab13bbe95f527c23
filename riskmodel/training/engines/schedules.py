"""Learning-rate schedules."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from riskmodel.config.sections.training import TrainingConfig

_MINIMUM_GAIN = 1e-4
"""Minimum improvement of the validation loss (the default of Keras's ``ReduceLROnPlateau``)."""


def cosine_factor(step: float, total_steps: int) -> float:
    """Share of the learning rate at a step (0-based): ½ (1 + cos(π · step / total_steps)).

    Loshchilov & Hutter 2017, one period without restarts; equal to ``keras.optimizers.schedules.CosineDecay``.

    Example:
        >>> cosine_factor(0, 100), round(cosine_factor(50, 100), 9)
        (1.0, 0.5)
    """
    return 0.5 * (1.0 + math.cos(math.pi * min(step, total_steps) / total_steps))


def cycles_factor(step: float, total_steps: int) -> float:
    """Share of the learning rate at a step (0-based): ½ (1 − cos(2π · log₂(1 + 15 · step / total_steps))).

    RealMLP's "coslog4": four cycles from 0 up to 1 and down to 0, each about twice as long as the one before
    (Holzmüller 2024, arXiv 2407.04491).

    Example:
        >>> [round(cycles_factor(step, 15), 9) for step in (0, 1, 3, 7, 15)]
        [0.0, 0.0, 0.0, 0.0, 0.0]
    """
    return 0.5 * (1.0 - math.cos(2.0 * math.pi * math.log2(1.0 + 15.0 * min(step, total_steps) / total_steps)))


@dataclass
class Plateau:
    """Multiplies the rate by ``factor`` when the validation loss has not improved for ``patience`` epochs.

    Attributes:
        rate: The learning rate of the next epoch.
    """

    rate: float
    patience: int
    factor: float
    _best: float = field(default=math.inf, init=False)
    _waited: int = field(default=0, init=False)

    def update(self, validation_loss: float) -> None:
        """Update with a finished epoch."""
        if validation_loss < self._best - _MINIMUM_GAIN:
            self._best = validation_loss
            self._waited = 0
            return
        self._waited += 1
        if self._waited >= self.patience:
            self.rate *= self.factor
            self._waited = 0

    def to_dict(self) -> dict[str, Any]:
        """State for JSON."""
        return {"rate": self.rate, "best": self._best, "waited": self._waited}

    def load(self, values: Mapping[str, Any]) -> None:
        """Restore the state of `to_dict`."""
        self.rate, self._best, self._waited = values["rate"], values["best"], values["waited"]


class Schedule:
    """The learning rate of every step of a run, from ``config``.

    Args:
        total_steps: Steps of the whole run without early end.
    """

    def __init__(self, config: TrainingConfig, total_steps: int) -> None:
        self.total_steps = total_steps
        self.kind = config.schedule
        self._rate = config.learning_rate
        self._plateau = (
            Plateau(config.learning_rate, config.plateau_patience, config.plateau_factor)
            if config.schedule == "plateau"
            else None
        )

    @property
    def base_rate(self) -> float:
        """The rate before the step's factor; may change between epochs."""
        return self._plateau.rate if self._plateau else self._rate

    def rate_at(self, step: int) -> float:
        """Learning rate of a step (0-based, counted over the whole run)."""
        if self.kind == "cosine":
            return self.base_rate * cosine_factor(step, self.total_steps)
        if self.kind == "cycles":
            return self.base_rate * cycles_factor(step, self.total_steps)
        return self.base_rate

    def end_epoch(self, validation_loss: float) -> None:
        """Update with a finished epoch."""
        if self._plateau:
            self._plateau.update(validation_loss)

    def to_dict(self) -> dict[str, Any]:
        """State for JSON; empty if the rate depends on the step alone."""
        return self._plateau.to_dict() if self._plateau else {}

    def load(self, values: Mapping[str, Any]) -> None:
        """Restore the state of `to_dict`."""
        if self._plateau:
            self._plateau.load(values)

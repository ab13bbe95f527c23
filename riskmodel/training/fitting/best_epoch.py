"""The best epoch so far, its weights, and early stopping."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.sections.training import TrainingConfig


class BestEpoch:
    """Tracks the monitored validation metric: a loss (smaller is better) or the AUC (larger is better).

    Only a strict improvement counts; of equal epochs the first stays the best.

    Args:
        config: With the monitor and the patience.
        expected_epoch: The best epoch of the same network on another fold: from half the patience later, half the
            patience is enough.

    Attributes:
        epoch: 1-based best epoch so far, 0 before the first.
        waited: Epochs since then.
        weights: The best epoch's, one array per variable of the model.
    """

    def __init__(self, config: TrainingConfig, expected_epoch: int | None = None) -> None:
        self._sign = 1.0 if config.monitor == "auc" else -1.0
        self._patience = config.patience if config.early_stopping else math.inf
        self._short_patience = math.inf if expected_epoch is None else self._patience / 2
        self._expected_epoch = expected_epoch or 0
        self._value = -math.inf
        self.weights: Sequence[npt.NDArray[Any]] = []
        self.epoch = 0
        self.waited = 0

    def update(self, epoch: int, monitored: float, model: Any) -> bool:
        """Update with a finished epoch; copies the model's weights if it is the best so far. Returns whether it is."""
        value = self._sign * monitored
        if self.epoch and not value > self._value:
            self.waited += 1
            return False
        self._value, self.epoch, self.waited = value, epoch, 0
        self.weights = copy_weights(model)
        return True

    @property
    def is_out_of_patience(self) -> bool:
        """Whether early stopping is on and the last ``patience`` epochs brought no improvement.

        Half as many are enough once the expected epoch is that long ago.
        """
        short = self._short_patience
        is_late = self.epoch + self.waited >= self._expected_epoch + short
        return self.waited >= self._patience or (is_late and self.waited >= short)

    def restore(self, model: Any) -> None:
        """Put the best epoch's weights (batch-norm statistics included) back into the model."""
        for variable, weights in zip(model.variables, self.weights, strict=True):
            variable.assign(weights)

    def to_dict(self) -> dict[str, Any]:
        """State other than the weights, for JSON."""
        return {"epoch": self.epoch, "value": self._value, "waited": self.waited}

    def load(
        self, values: Mapping[str, Any], weights: Sequence[npt.NDArray[Any]], *, renews_patience: bool = True
    ) -> None:
        """Restore the state of `to_dict`.

        Args:
            renews_patience: whether exhausted patience is reset, since the analyst requested more epochs.
        """
        self.epoch, self._value, self.waited = values["epoch"], values["value"], values["waited"]
        self.weights = weights
        if renews_patience and self.is_out_of_patience:
            self.waited = 0


def copy_weights(model: Any) -> list[npt.NDArray[Any]]:
    """A copy of every variable of the model: weights, statistics and seed-generator states."""
    # Copied again: on JAX the array is the variable's own buffer, which the next step overwrites.
    return [np.array(variable.numpy()) for variable in model.variables]

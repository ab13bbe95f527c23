"""How long the gradients of an epoch were, without a further operation in its steps.

The square root of a sum over all weights takes a TensorFlow step at batch 32 about a tenth longer. Adam, AdamW and
RMSprop keep a running mean of every squared gradient anyway, ``v ← β v + (1 − β) g²``, so that over T steps

    Σᵢ (vᵢ(T) − βᵀ vᵢ(0)) / (1 − βᵀ)

is the mean of the squared lengths of these T gradients, the later ones counting more: the last of 750 steps twice as
much as the first at β = .999; at β = .9 the last ten count for most of it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.training import TrainingConfig

Arrays = Sequence[npt.NDArray[Any]]

_RMSPROP_DECAY = 0.9


class GradientNorm:
    """Follows the length of the gradients from epoch to epoch.

    Attributes:
        place: Which of an optimizer's running values of a weight are its squares.
        in_step: Whether the steps themselves must sum the squared lengths: where the optimizer keeps no squares (SGD),
            or only those of limited gradients.
    """

    def __init__(self, config: TrainingConfig) -> None:
        places = {"adam": (1, config.beta_2), "adamw": (1, config.beta_2), "rmsprop": (0, _RMSPROP_DECAY)}
        self.in_step = config.optimizer not in places or config.clip_norm > 0
        self.place, self._decay = places.get(config.optimizer, (0, 0.0))
        self._before: list[float] | None = None
        self._summed, self._num_summed = 0.0, 0

    def add(self, squares: float, num_steps: int) -> None:
        """Take note of what steps summed up."""
        self._summed += squares
        self._num_summed += num_steps

    def begin(self, squares: Arrays) -> None:
        """Take note of the running squares, one array per weight, from which the next steps go on."""
        self._before = _sums(squares)

    def end_epoch(self, squares: Arrays, num_steps: int) -> float:
        """Root mean square of the lengths since the last call, or `begin`.

        Args:
            squares: The running squares now, one array per weight; not looked at where steps sum.
            num_steps: How many steps there were.
        """
        if self.in_step:
            mean = self._summed / max(self._num_summed, 1)
            self._summed, self._num_summed = 0.0, 0
            return float(np.sqrt(mean))
        after = _sums(squares)
        left = self._decay**num_steps
        before = self._before or [0.0] * len(after)
        mean = sum(now - left * then for now, then in zip(after, before, strict=True)) / (1.0 - left)
        self._before = after
        return float(np.sqrt(max(mean, 0.0)))


def _sums(arrays: Arrays) -> list[float]:
    return [float(np.sum(array, dtype=np.float64)) for array in arrays]

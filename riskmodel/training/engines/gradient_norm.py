"""Gradient norm of an epoch, without a further operation in its steps.

The square root of a sum over all weights makes a TensorFlow step at batch size 32 about 10% slower. Adam, AdamW and
RMSprop keep a running mean of every squared gradient anyway, ``v ← β v + (1 − β) g²``, so that over T steps

    Σᵢ (vᵢ(T) − βᵀ vᵢ(0)) / (1 − βᵀ)

is the mean of the squared norms of these T gradients, weighted toward the later ones: the last of 750 steps twice as
much as the first at β = .999; at β = .9 the last ten count for most of it.
"""

import math

from riskmodel.config.sections.training import TrainingConfig

_RMSPROP_DECAY = 0.9


class GradientNorm:
    """Tracks the gradient norm from epoch to epoch.

    Attributes:
        place: Which of the optimizer's running values of a weight are its squares; None where the steps themselves
            must sum the squared lengths: the optimizer keeps no squares (SGD), or only those of limited gradients.
    """

    def __init__(self, config: TrainingConfig) -> None:
        places = {"adam": (1, config.beta_2), "adamw": (1, config.beta_2), "rmsprop": (0, _RMSPROP_DECAY)}
        place, self._decay = places.get(config.optimizer, (None, 0.0))
        self.place = None if config.clip_norm > 0 else place
        self._before = self._now = 0.0

    def add(self, squares: float) -> None:
        """Add the result of a slice: its steps' summed squares, or the sum of all running squares after it."""
        self._now = self._now + squares if self.place is None else squares

    def begin(self, squares: float) -> None:
        """Set the sum of all running squares before the next steps."""
        self._before = self._now = squares

    def end_epoch(self, num_steps: int) -> float:
        """Root mean square of the norms of the ``num_steps`` gradients since the last call, or `begin`."""
        if self.place is None:
            mean, self._now = self._now / num_steps, 0.0
        else:
            left = self._decay**num_steps
            mean, self._before = (self._now - left * self._before) / (1.0 - left), self._now
        return math.sqrt(max(mean, 0.0)) if math.isfinite(mean) else math.nan

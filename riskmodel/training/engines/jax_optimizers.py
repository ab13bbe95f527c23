"""The optimizers on JAX: pure functions of weights, slots and gradients.

The formulas are those of ``tensorflow_optimizers``, and so Keras's (tests hold all three equal); XLA makes one pass
over the memory of each weight.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from riskmodel.config.sections.training import TrainingConfig

_EPSILON = 1e-7

Slots = tuple[Any, ...]


class Optimizer(ABC):
    """Updates weights from their gradients; the slots (state of earlier steps) are passed in and returned."""

    num_slots: ClassVar[int] = 0
    """Number of slots (running values) per weight."""

    def __init__(self, rate_factors: Sequence[float], decays: Sequence[bool]) -> None:
        self.rate_factors = rate_factors
        self.decays = decays

    def start(self, values: Sequence[Any]) -> list[Slots]:
        """The running values before the first step, one tuple per weight."""
        return [tuple(jnp.zeros_like(value) for _ in range(self.num_slots)) for value in values]

    def apply(
        self, values: Sequence[Any], slots: Sequence[Slots], gradients: Sequence[Any], step: Any, rate: Any
    ) -> tuple[list[Any], list[Slots]]:
        """The weights and running values after a step.

        Args:
            step: float32 scalar, 1 in the first step of the run.
            rate: float32 scalar, the learning rate.
        """
        scalars = self.step_scalars(step)
        moved = []
        updates = zip(values, slots, gradients, self.rate_factors, self.decays, strict=True)
        for value, own_slots, gradient, factor, decays in updates:
            kept = self.decay(value, rate) if decays else value
            moved.append(self.move(kept, own_slots, gradient, rate if factor == 1.0 else rate * factor, scalars))
        return [value for value, _ in moved], [own_slots for _, own_slots in moved]

    def step_scalars(self, step: Any) -> tuple[Any, ...]:
        """Scalars shared by all weights of a step."""
        return ()

    def decay(self, value: Any, rate: Any) -> Any:
        """The weight after weight decay, before the update."""
        return value

    @abstractmethod
    def move(self, value: Any, slots: Slots, gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> tuple[Any, Slots]:
        """One weight and its running values after a step."""


class SGD(Optimizer):
    """w ← w − rate · g."""

    def move(self, value: Any, slots: Slots, gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> tuple[Any, Slots]:
        """One weight after a step."""
        return value - rate * gradient, slots


class Momentum(Optimizer):
    """v ← momentum · v − rate · g;  w ← w + v (Polyak 1964, in Keras's form)."""

    num_slots = 1

    def __init__(self, rate_factors: Sequence[float], decays: Sequence[bool], momentum: float) -> None:
        super().__init__(rate_factors, decays)
        self.momentum = momentum

    def move(self, value: Any, slots: Slots, gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> tuple[Any, Slots]:
        """One weight and its velocity after a step."""
        velocity = self.momentum * slots[0] - rate * gradient
        return value + velocity, (velocity,)


class Adam(Optimizer):
    """m ← .9 m + .1 g;  v ← β₂ v + (1−β₂) g²;  w ← w − rate · √(1−β₂ᵗ)/(1−.9ᵗ) · m / (√v + 1e-7) (Kingma 2015)."""

    num_slots = 2
    beta_1 = 0.9

    def __init__(self, rate_factors: Sequence[float], decays: Sequence[bool], beta_2: float) -> None:
        super().__init__(rate_factors, decays)
        self.beta_2 = beta_2

    def step_scalars(self, step: Any) -> tuple[Any, ...]:
        """Bias corrections of the running means."""
        return (jnp.sqrt(1.0 - jnp.power(self.beta_2, step)) / (1.0 - jnp.power(self.beta_1, step)),)

    def move(self, value: Any, slots: Slots, gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> tuple[Any, Slots]:
        """One weight and its two running means after a step."""
        mean = slots[0] + (gradient - slots[0]) * (1.0 - self.beta_1)
        square = slots[1] + (jnp.square(gradient) - slots[1]) * (1.0 - self.beta_2)
        return value - rate * scalars[0] * mean / (jnp.sqrt(square) + _EPSILON), (mean, square)


class AdamW(Adam):
    """Adam after w ← w − rate · weight_decay · w (Loshchilov & Hutter 2019); ``decays`` selects the weights."""

    def __init__(
        self, rate_factors: Sequence[float], decays: Sequence[bool], weight_decay: float, beta_2: float
    ) -> None:
        super().__init__(rate_factors, decays, beta_2)
        self.weight_decay = weight_decay

    def decay(self, value: Any, rate: Any) -> Any:
        """Decoupled L2 decay."""
        return value - rate * self.weight_decay * value


class RMSprop(Optimizer):
    """v ← .9 v + .1 g²;  w ← w − rate · g / √(v + 1e-7) (Hinton 2012, in Keras's form)."""

    num_slots = 1

    def move(self, value: Any, slots: Slots, gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> tuple[Any, Slots]:
        """One weight and its running mean after a step."""
        square = slots[0] + (jnp.square(gradient) - slots[0]) * (1.0 - 0.9)
        return value - rate * gradient / jnp.sqrt(square + _EPSILON), (square,)


def make_optimizer(config: TrainingConfig, rate_factors: Sequence[float], decays: Sequence[bool]) -> Optimizer:
    """The optimizer that ``config`` names.

    Args:
        rate_factors: Learning-rate multiplier per weight.
        decays: Whether AdamW's weight decay applies, per weight.
    """
    match config.optimizer:
        case "sgd":
            return SGD(rate_factors, decays)
        case "momentum":
            return Momentum(rate_factors, decays, config.momentum)
        case "adam":
            return Adam(rate_factors, decays, config.beta_2)
        case "adamw":
            return AdamW(rate_factors, decays, config.weight_decay, config.beta_2)
        case "rmsprop":
            return RMSprop(rate_factors, decays)

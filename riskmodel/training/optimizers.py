"""The optimizers: how a step's gradients move the weights.

Each is one fused TensorFlow operation per weight, where Keras's optimizers take about ten; in a network of a few
thousand weights that is half of a step's time. The formulas are Keras's own (tests hold them equal over many steps).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from riskmodel.config.training import TrainingConfig
from riskmodel.networks.backend import tf

_EPSILON = 1e-7


class Optimizer(ABC):
    """Moves ``variables`` (a sequence of ``tf.Variable``) along their gradients."""

    num_slots: ClassVar[int] = 0
    """How many running values the rule keeps per weight."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self.variables = tuple(variables)
        self._slots = [[tf.Variable(tf.zeros_like(v)) for _ in range(self.num_slots)] for v in self.variables]

    def apply(self, gradients: Sequence[Any], step: Any, rate: Any) -> None:
        """One step, inside a compiled function.

        Args:
            gradients: One per variable, dense or ``tf.IndexedSlices``; None where the loss does not depend on it.
            step: float32 scalar, 1 in the first step of the run.
            rate: float32 scalar, the learning rate.
        """
        scalars = self.step_scalars(step)
        for variable, slots, gradient in zip(self.variables, self._slots, gradients, strict=True):
            if gradient is not None:
                self.move(variable, slots, tf.convert_to_tensor(gradient), rate, scalars)

    def step_scalars(self, step: Any) -> tuple[Any, ...]:
        """Numbers that every weight of a step shares."""
        return ()

    @abstractmethod
    def move(self, variable: Any, slots: Sequence[Any], gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> None:
        """Change one variable and its slots in place."""


class SGD(Optimizer):
    """w ← w − rate · g."""

    def move(self, variable: Any, slots: Sequence[Any], gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> None:
        """Change one variable in place."""
        tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=rate, delta=gradient)


class Momentum(Optimizer):
    """v ← momentum · v − rate · g;  w ← w + v (Polyak 1964, in Keras's form)."""

    num_slots = 1

    def __init__(self, variables: Sequence[Any], momentum: float) -> None:
        super().__init__(variables)
        self.momentum = momentum

    def move(self, variable: Any, slots: Sequence[Any], gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> None:
        """Change one variable and its velocity in place."""
        tf.raw_ops.ResourceApplyKerasMomentum(
            var=variable.handle, accum=slots[0].handle, lr=rate, grad=gradient, momentum=self.momentum
        )


class Adam(Optimizer):
    """m ← .9 m + .1 g;  v ← .999 v + .001 g²;  w ← w − rate · √(1−.999ᵗ)/(1−.9ᵗ) · m / (√v + 1e-7) (Kingma 2015)."""

    num_slots = 2
    beta_1, beta_2 = 0.9, 0.999

    def step_scalars(self, step: Any) -> tuple[Any, ...]:
        """The decay rates to the power of the step."""
        return tf.pow(self.beta_1, step), tf.pow(self.beta_2, step)

    def move(self, variable: Any, slots: Sequence[Any], gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> None:
        """Change one variable and its two running means in place."""
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=slots[0].handle,
            v=slots[1].handle,
            beta1_power=scalars[0],
            beta2_power=scalars[1],
            lr=rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=_EPSILON,
            grad=gradient,
        )


class AdamW(Adam):
    """Adam after w ← w − rate · weight_decay · w (Loshchilov & Hutter 2019); every weight decays, as in Keras."""

    def __init__(self, variables: Sequence[Any], weight_decay: float) -> None:
        super().__init__(variables)
        self.weight_decay = weight_decay

    def move(self, variable: Any, slots: Sequence[Any], gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> None:
        """Change one variable and its two running means in place."""
        tf.raw_ops.ResourceApplyGradientDescent(
            var=variable.handle, alpha=rate * self.weight_decay, delta=variable.read_value()
        )
        super().move(variable, slots, gradient, rate, scalars)


class RMSprop(Optimizer):
    """v ← .9 v + .1 g²;  w ← w − rate · g / √(v + 1e-7) (Hinton 2012, in Keras's form)."""

    num_slots = 2  # the operation also wants a velocity, which stays out of play at momentum 0

    def move(self, variable: Any, slots: Sequence[Any], gradient: Any, rate: Any, scalars: tuple[Any, ...]) -> None:
        """Change one variable and its running mean in place."""
        tf.raw_ops.ResourceApplyRMSProp(
            var=variable.handle,
            ms=slots[0].handle,
            mom=slots[1].handle,
            lr=rate,
            rho=0.9,
            momentum=0.0,
            epsilon=_EPSILON,
            grad=gradient,
        )


def make_optimizer(config: TrainingConfig, variables: Sequence[Any]) -> Optimizer:
    """The optimizer that ``config`` names, for these variables."""
    match config.optimizer:
        case "sgd":
            return SGD(variables)
        case "momentum":
            return Momentum(variables, config.momentum)
        case "adam":
            return Adam(variables)
        case "adamw":
            return AdamW(variables, config.weight_decay)
        case "rmsprop":
            return RMSprop(variables)

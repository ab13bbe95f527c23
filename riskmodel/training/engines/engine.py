"""The compiled epoch: many training steps in one call over data that stays on the device.

What all engines share; how a slice is compiled is in ``training.engines``, one module per backend of Keras.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from riskmodel.config.sections.training import TrainingConfig
from riskmodel.networks.backend import keras
from riskmodel.training.engines.gradient_norm import GradientNorm
from riskmodel.training.engines.schedules import Schedule

ops = keras.ops

EVALUATION_ROWS = 2_048
"""Customers predicted at a time."""


@dataclass(frozen=True)
class ClassWeights:
    """Loss weights of the classes ``bad`` and ``good``, both 1 by default."""

    good: float = 1.0
    bad: float = 1.0

    @classmethod
    def balanced(cls, bad: npt.NDArray[np.int8]) -> "ClassWeights":
        """n / (2 · customers of the class): both classes have equal total weight (scikit-learn's ``balanced``)."""
        num_bads = int(np.count_nonzero(bad))
        return cls(good=len(bad) / (2 * (len(bad) - num_bads)), bad=len(bad) / (2 * num_bads))


@dataclass(frozen=True, eq=False)
class Customers:
    """Some customers of arrays that lie on the device.

    Attributes:
        inputs: The arrays of all customers there, under the names the model takes.
        target: float32 (all,), 1 bad and 0 good, on the device.
        all_bad: int8 (all,), the same in memory.
        rows: int32 (n,), positions of these customers; None for all of them.
        columns: int32 (d,), positions of the numbers that the model takes; None for all of them.
        device: ``"cpu"`` or ``"gpu"``, where the arrays lie.
    """

    inputs: Mapping[str, Any]
    target: Any
    all_bad: npt.NDArray[np.int8]
    rows: npt.NDArray[np.int32] | None = None
    columns: npt.NDArray[np.int32] | None = None
    device: str = "cpu"

    @property
    def num_rows(self) -> int:
        """Number of customers."""
        return len(self.all_bad) if self.rows is None else len(self.rows)

    @property
    def bad(self) -> npt.NDArray[np.int8]:
        """int8 (n,): their outcomes."""
        return self.all_bad if self.rows is None else self.all_bad[self.rows]

    def take(self, rows: npt.NDArray[np.integer]) -> "Customers":
        """Other rows of the same arrays, by position, without a copy."""
        return replace(self, rows=np.asarray(rows, np.int32))

    def select_columns(self, columns: npt.NDArray[np.integer]) -> "Customers":
        """The same customers with a subset of the numerical columns, by position; copied only per batch."""
        return replace(self, columns=np.asarray(columns, np.int32))


@dataclass(frozen=True)
class SliceOutput:
    """Result of a slice of steps.

    Attributes:
        log_odds: float32 (rows of the slice, members), in the order trained, as the network saw them (dropout on).
        penalty: Regularization loss summed over rows, so that ``penalty / rows`` is its mean.
    """

    log_odds: npt.NDArray[np.float32]
    penalty: float


@dataclass(frozen=True, eq=False)
class EngineSpec:
    """What an engine trains, on what, and how.

    Attributes:
        model: Takes a dict of ``numerical`` and/or ``categorical``, returns log-odds (n, members).
        train: The training customers, on the device of the model's variables; several engines may share the arrays.
        config: Optimizer, loss and batch size.
        schedule: Learning rate of each step.
        weights: Weights of the classes in the loss.
    """

    model: Any
    train: Customers
    config: TrainingConfig
    schedule: Schedule
    weights: ClassWeights = ClassWeights()


class StepRange(NamedTuple):
    """Some steps of an epoch, as scalars of the backend.

    Attributes:
        start, stop: int32, the first step and the one after the last.
        steps_before: int32, steps of all earlier epochs.
        base_rate: float32, the learning rate before the schedule's factor.
    """

    start: Any
    stop: Any
    steps_before: Any
    base_rate: Any


class Engine(ABC):
    """Trains and evaluates one model on one set of customers.

    The arrays lie on the device and are passed to each call as arguments; they are never part of a graph.
    A step is: gather a batch, forward, gradient of the mean binary cross-entropy plus ``model.losses``, optimizer.
    The gradient of the cross-entropy by the log-odds is ``(sigmoid - bad) · weight / (rows · members)``, carried
    back unchanged; the loss itself is computed from the log-odds afterwards, for the whole slice at once. Members are
    trained on the mean of their losses and predict the mean of their probabilities.

    A layer may set ``rate_factor`` (a float) and ``decays`` (False) on its weights: their learning-rate multiplier,
    and whether AdamW's weight decay applies to them.
    """

    def __init__(self, spec: EngineSpec) -> None:
        model, train, config = spec.model, spec.train, spec.config
        self.model = model
        self.num_rows = train.num_rows
        self.batch_size = config.batch_rows(train.num_rows)
        self.num_full_steps, self.remainder = divmod(self.num_rows, self.batch_size)
        self._schedule = spec.schedule
        self._weights = spec.weights
        self._clip_norm = config.clip_norm
        self._focal_gamma = config.focal_gamma if config.loss == "focal" else 0.0
        self._gradients = GradientNorm(config)
        self._device = train.device
        self._num_members = model.output_shape[-1]
        self._rows = train.rows
        self._columns = train.columns
        self._inputs = chosen_inputs(model, train.inputs)
        self._bad = train.target
        variables = model.trainable_variables
        self._rate_factors = [float(getattr(variable, "rate_factor", 1.0)) for variable in variables]
        self._decays = [bool(getattr(variable, "decays", True)) for variable in variables]

    @property
    def num_steps(self) -> int:
        """Steps of an epoch; the last one has the remaining rows."""
        return self.num_full_steps + (self.remainder > 0)

    @abstractmethod
    def place_order(self, order: npt.NDArray[np.integer]) -> Any:
        """Put an epoch's order of rows, (num_rows,), on the device."""

    @abstractmethod
    def run_slice(self, order: Any, start: int, stop: int, steps_before: int) -> SliceOutput:
        """Train steps ``start`` to ``stop`` (excluded) of an epoch; a last, smaller batch must be alone in its slice.

        Args:
            order: From :meth:`place_order`.
            steps_before: Steps of all epochs before this one.
        """

    @abstractmethod
    def predict_log_odds(self, customers: Customers) -> npt.NDArray[np.float32]:
        """Log-odds (n,) of the mean probability with dropout off, in pieces of 2,048 customers."""

    @property
    @abstractmethod
    def num_slots(self) -> int:
        """Number of optimizer slots (running values) per weight."""

    @abstractmethod
    def read_slots(self, place: int) -> list[npt.NDArray[Any]]:
        """One slot of the optimizer, by trained weight. Valid until the next step."""

    @abstractmethod
    def load_slots(self, slots: Sequence[Sequence[npt.NDArray[Any]]]) -> None:
        """Restore the optimizer slots: for each place the result of `read_slots` from an identical network."""

    def gradient_norm(self, num_steps: int) -> float:
        """Root mean square of the norms of the last ``num_steps`` gradients: all since the last call."""
        return self._gradients.end_epoch(num_steps)

    def _begin_gradients(self) -> None:
        place = self._gradients.place
        self._gradients.begin(0.0 if place is None else sum(float(np.sum(slot)) for slot in self.read_slots(place)))

    def penalty(self) -> float:
        """The regularization loss of the current weights."""
        return float(sum(float(loss) for loss in self.model.losses))

    def _choose_columns(self, batch: dict[str, Any]) -> dict[str, Any]:
        """The batch with only the numerical columns that the model takes."""
        if self._columns is None:
            return batch
        return batch | {"numerical": ops.take(batch["numerical"], self._columns, axis=1)}

    def _slope(self, log_odds: Any, bad: Any) -> Any:
        """Gradient (rows, members) of a batch's mean loss by its log-odds (rows, members), outcomes (rows,)."""
        bad = ops.expand_dims(bad, 1)
        slope = ops.sigmoid(log_odds) - bad if self._focal_gamma == 0 else self._focal_slope(log_odds, bad)
        slope /= float(bad.shape[0] * self._num_members)
        if self._weights != ClassWeights():
            slope *= self._weights.good + (self._weights.bad - self._weights.good) * bad
        return slope

    def _focal_slope(self, log_odds: Any, bad: Any) -> Any:
        """Of −(1 − p)^γ ln p, p the probability of the actual outcome, by the log-odds (Lin 2017, arXiv 1708.02002)."""
        sign = 2.0 * bad - 1.0
        log_given = -ops.softplus(-sign * log_odds)
        given, gamma = ops.exp(log_given), self._focal_gamma
        missing = ops.sigmoid(-sign * log_odds)
        return sign * ops.power(missing, gamma) * (gamma * given * log_given - missing)

    def _rate(self, step: Any, base_rate: Any) -> Any:
        """Learning rate of a step (0-based, counted over the whole run); both are float32 scalars."""
        share = step / np.float32(self._schedule.total_steps)
        if self._schedule.kind == "cosine":
            return base_rate * 0.5 * (1.0 + ops.cos(np.float32(np.pi) * share))
        if self._schedule.kind == "cycles":
            cycle = ops.log(1.0 + 15.0 * share) / np.float32(np.log(2.0))
            return base_rate * 0.5 * (1.0 - ops.cos(np.float32(2.0 * np.pi) * cycle))
        return base_rate


def chosen_inputs(model: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the model takes, in its order."""
    return {tensor.name: inputs[tensor.name] for tensor in model.inputs}

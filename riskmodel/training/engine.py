"""The compiled epoch: many training steps in one TensorFlow call over data that stays on the device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.training import TrainingConfig
from riskmodel.features.model_input import ModelInput
from riskmodel.networks.backend import tf
from riskmodel.networks.members import average_log_odds
from riskmodel.training.executor import device_name, run_in_order
from riskmodel.training.optimizers import make_optimizer
from riskmodel.training.schedules import Schedule

_EVALUATION_ROWS = 16_384


@dataclass(frozen=True)
class ClassWeights:
    """What a customer's loss counts for: ``bad`` and ``good``, both 1 by default."""

    good: float = 1.0
    bad: float = 1.0

    @classmethod
    def balanced(cls, bad: npt.NDArray[np.int8]) -> "ClassWeights":
        """n / (2 · customers of the class), so that both classes weigh the same in total (as scikit-learn has it)."""
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
    """

    inputs: Mapping[str, Any]
    target: Any
    all_bad: npt.NDArray[np.int8]
    rows: npt.NDArray[np.int32] | None = None

    @property
    def num_rows(self) -> int:
        """How many customers these are."""
        return len(self.all_bad) if self.rows is None else len(self.rows)

    @property
    def bad(self) -> npt.NDArray[np.int8]:
        """int8 (n,): their outcomes."""
        return self.all_bad if self.rows is None else self.all_bad[self.rows]

    def take(self, rows: npt.NDArray[np.integer]) -> "Customers":
        """Others of the same arrays, by position; nothing is copied."""
        return Customers(self.inputs, self.target, self.all_bad, np.asarray(rows, np.int32))


def place_customers(inputs: ModelInput, bad: npt.NDArray[np.int8], device: str = "cpu") -> Customers:
    """Put customers on ``"cpu"`` or ``"gpu"``; inputs that are empty are left out."""
    with tf.device(device_name(device)):
        placed = {}
        if inputs.numerical.shape[1]:
            placed["numerical"] = tf.constant(inputs.numerical, tf.float32)
        if inputs.categorical.shape[1]:
            placed["categorical"] = tf.constant(inputs.categorical, tf.int32)
        return Customers(placed, tf.constant(bad, tf.float32), bad)


@dataclass(frozen=True)
class SliceOutput:
    """What a slice of steps leaves behind.

    Attributes:
        log_odds: float32 (rows of the slice, members), in the order trained, as the network saw them (dropout on).
        penalty: Regularisation loss summed over rows, so that ``penalty / rows`` is its mean.
    """

    log_odds: npt.NDArray[np.float32]
    penalty: float


class Engine:
    """Trains and evaluates one model on one set of customers.

    The arrays lie on the device and are passed to each call as arguments; they are never part of a graph.
    A step is: gather a batch, forward, gradient of the mean binary cross-entropy plus ``model.losses``, optimizer.
    The gradient of the cross-entropy by the log-odds is ``(sigmoid - bad) · weight / (rows · members)``, given to the
    tape as it is; the loss itself is computed from the log-odds afterwards, for the whole slice at once. Members are
    trained on the mean of their losses and predict the mean of their probabilities.

    A layer may set ``rate_factor`` (a float) and ``decays`` (False) on its weights: the share of the learning rate they
    move by, and whether AdamW's weight decay holds for them.

    Args:
        model: Takes a dict of ``numerical`` and/or ``categorical``, returns log-odds (n, members).
        train: The training customers; several engines may share the arrays they are rows of.
        device: ``"cpu"`` or ``"gpu"``, the device that holds the model's variables.
    """

    def __init__(
        self,
        model: Any,
        train: Customers,
        config: TrainingConfig,
        schedule: Schedule,
        weights: ClassWeights,
        device: str = "cpu",
    ) -> None:
        self.model = model
        self.num_rows = train.num_rows
        self.batch_size = config.batch_rows(train.num_rows)
        self.num_full_steps, self.remainder = divmod(self.num_rows, self.batch_size)
        self._schedule = schedule
        self._weights = weights
        self._clip_norm = config.clip_norm
        self._device = device
        self._num_members = model.output_shape[-1]
        variables = model.trainable_variables
        self._variables = [variable.value for variable in variables]
        self._rows = train.rows
        self._inputs = _chosen(model, train.inputs)
        self._bad = train.target
        with tf.device(device_name(device)):
            self._optimizer = make_optimizer(
                config,
                self._variables,
                rate_factors=[getattr(variable, "rate_factor", 1.0) for variable in variables],
                decays=[getattr(variable, "decays", True) for variable in variables],
            )
        # A trace for full batches and, where rows are left over, one for the last: shapes known, each graph is smaller.
        self._train_steps = tf.function(self._steps_graph, autograph=False)
        signature = {name: tf.TensorSpec([None, *array.shape[1:]], array.dtype) for name, array in self._inputs.items()}
        self._predict = tf.function(self._predict_graph, autograph=False, input_signature=[signature])

    @property
    def num_steps(self) -> int:
        """Steps of an epoch; the last one takes what rows are left."""
        return self.num_full_steps + (self.remainder > 0)

    def place_order(self, order: npt.NDArray[np.integer]) -> Any:
        """Put an epoch's order of rows, (num_rows,), on the device."""
        rows = order if self._rows is None else self._rows[order]
        with tf.device(device_name(self._device)):
            return tf.constant(rows, tf.int32)

    def run_slice(self, order: Any, start: int, stop: int, steps_before: int) -> SliceOutput:
        """Train steps ``start`` to ``stop`` (excluded) of an epoch; a last, smaller batch must be alone in its slice.

        Args:
            order: From :meth:`place_order`.
            steps_before: Steps of all epochs before this one.
        """
        batch_rows = self.batch_size if start < self.num_full_steps else self.remainder
        with tf.device(device_name(self._device)), run_in_order(self._device):
            log_odds, penalty = self._train_steps(
                self._inputs,
                self._bad,
                order,
                tf.constant(start, tf.int32),
                tf.constant(stop, tf.int32),
                tf.constant(steps_before, tf.int32),
                tf.constant(self._schedule.base_rate, tf.float32),
                batch_rows,
            )
            return SliceOutput(log_odds.numpy(), float(penalty) * batch_rows)

    def predict_log_odds(self, customers: Customers) -> npt.NDArray[np.float32]:
        """Log-odds (n,) of the mean probability with dropout off, in pieces of 16,384 customers."""
        inputs = _chosen(self.model, customers.inputs)
        pieces = []
        with tf.device(device_name(self._device)), run_in_order(self._device):
            for start in range(0, customers.num_rows, _EVALUATION_ROWS):
                stop = start + _EVALUATION_ROWS
                if customers.rows is None:
                    piece = {name: array[start:stop] for name, array in inputs.items()}
                else:
                    rows = tf.constant(customers.rows[start:stop])
                    piece = {name: tf.gather(array, rows) for name, array in inputs.items()}
                pieces.append(self._predict(piece).numpy())
        return np.concatenate(pieces)

    def penalty(self) -> float:
        """The regularisation loss of the weights as they are."""
        return float(sum(float(loss) for loss in self.model.losses))

    def _steps_graph(
        self,
        inputs: dict[str, Any],
        bad: Any,
        order: Any,
        start: Any,
        stop: Any,
        steps_before: Any,
        base_rate: Any,
        batch_rows: int,
    ) -> tuple[Any, Any]:
        """Graph of a slice; ``batch_rows`` is fixed in a trace, start and stop are not."""

        def one_step(step: Any, log_odds: Any, penalty: Any) -> tuple[Any, Any, Any]:
            rows = tf.slice(order, [step * self.batch_size], [batch_rows])
            batch = {name: tf.gather(array, rows) for name, array in inputs.items()}
            predicted, step_penalty = self._step_graph(batch, tf.gather(bad, rows), steps_before + step, base_rate)
            return step + 1, log_odds.write(step - start, predicted), penalty + step_penalty

        log_odds = tf.TensorArray(tf.float32, size=stop - start, element_shape=(batch_rows, self._num_members))
        _, log_odds, penalty = tf.while_loop(
            lambda step, *_: step < stop, one_step, (start, log_odds, tf.constant(0.0)), parallel_iterations=1
        )
        return log_odds.concat(), penalty

    def _step_graph(self, batch: dict[str, Any], bad: Any, step: Any, base_rate: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            log_odds = self.model(batch, training=True)
            losses = self.model.losses
            penalty = tf.add_n(losses) if losses else tf.constant(0.0)
        bad = tf.expand_dims(bad, 1)
        slope = (tf.sigmoid(log_odds) - bad) / float(bad.shape[0] * self._num_members)
        if self._weights != ClassWeights():
            slope *= self._weights.good + (self._weights.bad - self._weights.good) * bad
        targets, slopes = ([log_odds, penalty], [slope, tf.constant(1.0)]) if losses else ([log_odds], [slope])
        gradients = tape.gradient(targets, self._variables, output_gradients=slopes)
        if self._clip_norm:
            gradients, _ = tf.clip_by_global_norm(gradients, self._clip_norm)
        step = tf.cast(step, tf.float32)
        self._optimizer.apply(gradients, step + 1.0, self._rate_graph(step, base_rate))
        return log_odds, penalty

    def _rate_graph(self, step: Any, base_rate: Any) -> Any:
        share = step / np.float32(self._schedule.total_steps)
        if self._schedule.kind == "cosine":
            return base_rate * 0.5 * (1.0 + tf.cos(np.float32(np.pi) * share))
        if self._schedule.kind == "cycles":
            cycle = tf.math.log(1.0 + 15.0 * share) / np.float32(np.log(2.0))
            return base_rate * 0.5 * (1.0 - tf.cos(np.float32(2.0 * np.pi) * cycle))
        return base_rate

    def _predict_graph(self, inputs: dict[str, Any]) -> Any:
        return average_log_odds(self.model(inputs, training=False))[:, 0]


def _chosen(model: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the model takes, in its order."""
    return {tensor.name: inputs[tensor.name] for tensor in model.inputs}

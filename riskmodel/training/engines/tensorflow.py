"""The engine on TensorFlow: a slice is one call of a ``tf.function``."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.networks.backend import tf
from riskmodel.networks.blocks.members import average_log_odds
from riskmodel.training.engines.engine import (
    EVALUATION_ROWS,
    Customers,
    Engine,
    EngineSpec,
    SliceOutput,
    StepRange,
    chosen_inputs,
)
from riskmodel.training.engines.tensorflow_device import device_scope, run_in_order
from riskmodel.training.engines.tensorflow_optimizers import make_optimizer


class TensorFlowEngine(Engine):
    """The compiled epoch as a ``tf.while_loop``; a step changes the model's variables in place."""

    def __init__(self, spec: EngineSpec) -> None:
        super().__init__(spec)
        self._variables = [variable.value for variable in self.model.trainable_variables]
        with device_scope(self._device):
            self._optimizer = make_optimizer(spec.config, self._variables, self._rate_factors, self._decays)
        # One trace for full batches and, with remaining rows, one for the last: static shapes make smaller graphs.
        self._train_steps = tf.function(self._steps_graph, autograph=False)
        signature = {name: tf.TensorSpec([None, *array.shape[1:]], array.dtype) for name, array in self._inputs.items()}
        self._predict = tf.function(self._predict_graph, autograph=False, input_signature=[signature])

    def place_order(self, order: npt.NDArray[np.integer]) -> Any:
        """Put an epoch's order of rows, (num_rows,), on the device."""
        rows = order if self._rows is None else self._rows[order]
        with device_scope(self._device):
            return tf.constant(rows, tf.int32)

    def run_slice(self, order: Any, start: int, stop: int, steps_before: int) -> SliceOutput:
        """Train some steps of an epoch; see :meth:`Engine.run_slice`."""
        batch_rows = self.batch_size if start < self.num_full_steps else self.remainder
        # The last rows of the first epoch use the general trace, so that the first epoch is reported sooner.
        train_steps = self._steps_graph if steps_before == 0 and start == self.num_full_steps else self._train_steps
        with device_scope(self._device), run_in_order(self._device):
            steps = StepRange(
                tf.constant(start, tf.int32),
                tf.constant(stop, tf.int32),
                tf.constant(steps_before, tf.int32),
                tf.constant(self._schedule.base_rate, tf.float32),
            )
            log_odds, penalty, squares = train_steps(self._inputs, self._bad, order, steps, batch_rows)
            self._gradients.add(float(squares))
            return SliceOutput(log_odds.numpy(), float(penalty) * batch_rows)

    def predict_log_odds(self, customers: Customers) -> npt.NDArray[np.float32]:
        """Log-odds (n,) of the mean probability with dropout off, in pieces of 2,048 customers."""
        inputs = chosen_inputs(self.model, customers.inputs)
        pieces = []
        with device_scope(self._device), run_in_order(self._device):
            for start in range(0, customers.num_rows, EVALUATION_ROWS):
                stop = start + EVALUATION_ROWS
                if customers.rows is None:
                    piece = {name: array[start:stop] for name, array in inputs.items()}
                else:
                    rows = tf.constant(customers.rows[start:stop])
                    piece = {name: tf.gather(array, rows) for name, array in inputs.items()}
                pieces.append(self._predict(piece).numpy())
        return np.concatenate(pieces)

    @property
    def num_slots(self) -> int:
        """See :attr:`Engine.num_slots`."""
        return self._optimizer.num_slots

    def read_slots(self, place: int) -> list[npt.NDArray[Any]]:
        """See :meth:`Engine.read_slots`."""
        return [own[place].numpy() for own in self._optimizer.slots]

    def load_slots(self, slots: Sequence[Sequence[npt.NDArray[Any]]]) -> None:
        """Restore the slots; see :meth:`Engine.load_slots`."""
        for place, values in enumerate(slots):
            for own, value in zip(self._optimizer.slots, values, strict=True):
                own[place].assign(value)
        self._begin_gradients()

    def _steps_graph(
        self, inputs: dict[str, Any], bad: Any, order: Any, steps: StepRange, batch_rows: int
    ) -> tuple[Any, Any, Any]:
        """Graph of a slice; ``batch_rows`` is fixed in a trace, the steps are not."""

        def one_step(step: Any, log_odds: Any, penalty: Any, *squares: Any) -> tuple[Any, ...]:
            rows = tf.slice(order, [step * self.batch_size], [batch_rows])
            batch = self._choose_columns({name: tf.gather(array, rows) for name, array in inputs.items()})
            predicted, step_penalty, length = self._step_graph(
                batch, tf.gather(bad, rows), steps.steps_before + step, steps.base_rate
            )
            summed = [square + tf.square(length) for square in squares]
            return step + 1, log_odds.write(step - steps.start, predicted), penalty + step_penalty, *summed

        log_odds = tf.TensorArray(
            tf.float32, size=steps.stop - steps.start, element_shape=(batch_rows, self._num_members)
        )
        squares = (tf.constant(0.0),) if self._gradients.place is None else ()
        _, log_odds, penalty, *squares = tf.while_loop(
            lambda step, *_: step < steps.stop,
            one_step,
            (steps.start, log_odds, tf.constant(0.0), *squares),
            parallel_iterations=1,
        )
        place = self._gradients.place
        if place is None:
            return log_odds.concat(), penalty, squares[0]
        with tf.control_dependencies([penalty]):  # the loop has ended
            kept = [tf.reduce_sum(own[place]) for own in self._optimizer.slots]
        return log_odds.concat(), penalty, tf.add_n(kept)

    def _step_graph(self, batch: dict[str, Any], bad: Any, step: Any, base_rate: Any) -> tuple[Any, Any, Any]:
        """One step; its log-odds, its penalty, and its gradient norm where that is summed."""
        with tf.GradientTape() as tape:
            log_odds = self.model(batch, training=True)
            losses = self.model.losses
            penalty = tf.add_n(losses) if losses else tf.constant(0.0)
        slope = self._slope(log_odds, bad)
        targets, slopes = ([log_odds, penalty], [slope, tf.constant(1.0)]) if losses else ([log_odds], [slope])
        gradients = tape.gradient(targets, self._variables, output_gradients=slopes)
        length = None
        if self._gradients.place is None:
            # Embedding gradients are sparse: duplicates are summed before the norm is taken.
            gradients = [None if gradient is None else tf.convert_to_tensor(gradient) for gradient in gradients]
            length = tf.linalg.global_norm(gradients)
        if self._clip_norm:
            gradients, _ = tf.clip_by_global_norm(gradients, self._clip_norm, length)
        step = tf.cast(step, tf.float32)
        self._optimizer.apply(gradients, step + 1.0, self._rate(step, base_rate))
        return log_odds, penalty, length

    def _predict_graph(self, inputs: dict[str, Any]) -> Any:
        return average_log_odds(self.model(self._choose_columns(inputs), training=False))[:, 0]

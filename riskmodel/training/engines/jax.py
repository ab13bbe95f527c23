"""The engine on JAX: a slice is one call of a compiled function from the network's state to the next one."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

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
from riskmodel.training.engines.jax_device import device_scope
from riskmodel.training.engines.jax_optimizers import make_optimizer
from riskmodel.training.engines.jax_programs import Program

_MAX_VALUES = 1 << 22
"""Maximum log-odds returned by one call; a longer slice is several calls."""


class _State(NamedTuple):
    """State changed by a step."""

    weights: list[Any]
    others: list[Any]
    slots: list[Any]


class JaxEngine(Engine):
    """The compiled epoch as a ``lax.fori_loop`` over a pure step.

    The state's buffers are donated to each call and returned by it, so nothing is copied; between calls the model's
    variables hold it. The number of steps is an argument, so slices of any length share one compiled program.
    """

    def __init__(self, spec: EngineSpec) -> None:
        super().__init__(spec)
        self._optimizer = make_optimizer(spec.config, self._rate_factors, self._decays)
        with device_scope(self._device):
            self._slots = self._optimizer.start([variable.value for variable in self.model.trainable_variables])
        self._max_steps = max(1, min(self.num_full_steps, _MAX_VALUES // (self.batch_size * self._num_members)))
        self._full_steps = Program(partial(self._steps, (self._max_steps, self.batch_size)), self._device, donate=True)
        self._last_step = Program(partial(self._steps, (1, self.remainder)), self._device, donate=True)
        self._predict = Program(self._predict_rows, self._device)

    def place_order(self, order: npt.NDArray[np.integer]) -> Any:
        """Put an epoch's order of rows, (num_rows,), on the device."""
        rows = order if self._rows is None else self._rows[order]
        with device_scope(self._device):
            return jnp.array(rows, jnp.int32)

    def run_slice(self, order: Any, start: int, stop: int, steps_before: int) -> SliceOutput:
        """Train some steps of an epoch; see :meth:`Engine.run_slice`."""
        is_last = start >= self.num_full_steps
        program, batch_rows = (self._last_step, self.remainder) if is_last else (self._full_steps, self.batch_size)
        max_steps = 1 if is_last else self._max_steps
        pieces, penalty = [], 0.0
        with device_scope(self._device):
            for first in range(start, stop, max_steps):
                number = min(max_steps, stop - first)
                steps = StepRange(
                    np.int32(first),
                    np.int32(first + number),
                    np.int32(steps_before),
                    np.float32(self._schedule.base_rate),
                )
                log_odds, penalties = self._run(program, order, steps)
                pieces.append(log_odds[: number * batch_rows])
                penalty += penalties
        return SliceOutput(np.concatenate(pieces), penalty * batch_rows)

    def predict_log_odds(self, customers: Customers) -> npt.NDArray[np.float32]:
        """Log-odds (n,) of the mean probability with dropout off, in pieces of 16,384 customers."""
        inputs = chosen_inputs(self.model, customers.inputs)
        state = self._state()
        rows = np.arange(customers.num_rows, dtype=np.int32) if customers.rows is None else customers.rows
        with device_scope(self._device):
            pieces = [
                np.array(self._predict(state.weights, state.others, inputs, rows[start : start + EVALUATION_ROWS]))
                for start in range(0, len(rows), EVALUATION_ROWS)
            ]
        return np.concatenate(pieces)

    @property
    def num_slots(self) -> int:
        """See :attr:`Engine.num_slots`."""
        return self._optimizer.num_slots

    def read_slots(self, place: int) -> list[npt.NDArray[Any]]:
        """See :meth:`Engine.read_slots`."""
        return [np.asarray(own[place]) for own in self._slots]

    def load_slots(self, slots: Sequence[Sequence[npt.NDArray[Any]]]) -> None:
        """Restore the slots; see :meth:`Engine.load_slots`."""
        with device_scope(self._device):
            by_weight = zip(*slots, strict=True) if slots else ((),) * len(self._slots)
            self._slots = [tuple(jnp.array(value) for value in own) for own in by_weight]
        self._begin_gradients()

    def _state(self) -> _State:
        weights = [variable.value for variable in self.model.trainable_variables]
        return _State(weights, [variable.value for variable in self.model.non_trainable_variables], self._slots)

    def _run(self, program: Program, order: Any, steps: StepRange) -> tuple[npt.NDArray[np.float32], float]:
        """Log-odds (rows, members), with those of the requested steps first; summed penalties."""
        state, log_odds, penalty, squares = program(self._state(), self._inputs, self._bad, order, steps)
        for variable, value in zip(self.model.trainable_variables, state.weights, strict=True):
            variable.assign(value)
        for variable, value in zip(self.model.non_trainable_variables, state.others, strict=True):
            variable.assign(value)
        self._slots = state.slots
        self._gradients.add(float(squares))
        return np.array(log_odds).reshape(-1, self._num_members), float(penalty)

    def _steps(
        self,
        size: tuple[int, int],
        state: _State,
        inputs: Mapping[str, Any],
        bad: Any,
        order: Any,
        steps: StepRange,
    ) -> tuple[_State, Any, Any, Any]:
        """Some steps; ``size`` is their maximum number in one call, and the customers of each."""
        max_steps, batch_rows = size

        def one_step(step: Any, carried: tuple[_State, Any, Any, Any]) -> tuple[_State, Any, Any, Any]:
            state, log_odds, penalty, squares = carried
            rows = jax.lax.dynamic_slice(order, (step * self.batch_size,), (batch_rows,))
            batch = self._choose_columns({name: _take(array, rows) for name, array in inputs.items()})
            state, predicted, added, square = self._step(
                state, batch, _take(bad, rows), steps.steps_before + step, steps.base_rate
            )
            log_odds = jax.lax.dynamic_update_slice(log_odds, predicted[None], (step - steps.start, 0, 0))
            return state, log_odds, penalty + added, squares + square

        log_odds = jnp.zeros((max_steps, batch_rows, self._num_members), jnp.float32)
        carried: tuple[_State, Any, Any, Any] = (state, log_odds, jnp.float32(0.0), jnp.float32(0.0))
        state, log_odds, penalty, squares = jax.lax.fori_loop(steps.start, steps.stop, one_step, carried)
        if self._gradients.place is not None:
            squares = sum(jnp.sum(own[self._gradients.place]) for own in state.slots)
        return state, log_odds, penalty, squares

    def _step(
        self, state: _State, batch: dict[str, Any], bad: Any, step: Any, base_rate: Any
    ) -> tuple[_State, Any, Any, Any]:
        """One step; the state after it, its log-odds, its penalty, and its squared gradient norm where summed."""

        def forward(weights: Sequence[Any]) -> tuple[tuple[Any, Any], list[Any]]:
            log_odds, others, losses = self.model.stateless_call(
                weights, state.others, batch, training=True, return_losses=True
            )
            return (log_odds, sum(losses, jnp.float32(0.0))), others

        (log_odds, penalty), back, others = jax.vjp(forward, state.weights, has_aux=True)
        (gradients,) = back((self._slope(log_odds, bad), jnp.float32(1.0)))
        square = jnp.float32(0.0)
        if self._gradients.place is None:
            square = sum((jnp.sum(jnp.square(gradient)) for gradient in gradients), square)
        if self._clip_norm:
            length = jnp.sqrt(square)
            gradients = [gradient * (self._clip_norm / jnp.maximum(length, self._clip_norm)) for gradient in gradients]
        step = step.astype(jnp.float32)
        weights, slots = self._optimizer.apply(
            state.weights, state.slots, gradients, step + 1.0, self._rate(step, base_rate)
        )
        return _State(weights, others, slots), log_odds, penalty, square

    def _predict_rows(self, weights: list[Any], others: list[Any], inputs: Mapping[str, Any], rows: Any) -> Any:
        batch = self._choose_columns({name: _take(array, rows) for name, array in inputs.items()})
        log_odds, _ = self.model.stateless_call(weights, others, batch, training=False)
        return average_log_odds(log_odds)[:, 0]


def _take(array: Any, rows: Any) -> Any:
    """Rows known to be in bounds."""
    return array.at[rows].get(mode="promise_in_bounds")

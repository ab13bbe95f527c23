"""Estimates of training time and memory, without Keras: the web process also uses them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self

from riskmodel.config.ensemble import Learner
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.backend import Backend
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.counts import count_network
from riskmodel.sizing.outline import outline_network
from riskmodel.sizing.size import network_shapes

_EFFICIENCY = 0.55
"""Share of the matrix rate that whole training steps reach; the rest goes into activations, dropout and weights."""

START_SECONDS = 8.0
"""Starting a trainer where none is ready: process, imports, warm-up. Not part of `estimate_seconds`."""

_CELL_SECONDS = 2.5e-7
"""Reading, splitting and preprocessing one input of one customer."""

_BEGIN_SECONDS = 1.0
"""Building a network and tracing its steps."""

_EPOCH_SECONDS, _METRIC_SECONDS = 0.03, 5e-7
"""After each epoch of a network: its record in the database; metrics of each validation customer."""

_END_SECONDS, _EXPORT_SECONDS, _ROW_SECONDS = 0.5, 0.15, 3e-6
"""Once: evaluation and saving; for each network: ONNX export; for each customer: prediction and metrics."""

TRIAL_SAVING_SECONDS = _END_SECONDS + _EXPORT_SECONDS
"""A trial of a search is neither saved nor exported, so that it takes this much less than a run of one network."""

_COMPILE_SECONDS: dict[Backend, float] = {"tensorflow": 0.0, "jax": 4.0}
"""Compiling a learner's steps, once for all its networks."""


MAX_WORK = 5e12
"""Maximum multiply-adds of the forward passes of all epochs of all larger networks, some five minutes of two cores."""

_COMPILED_BYTES = 170 << 20
"""What the compiled steps of one network take, and the library around them; measured by
`tests.benchmarks.training_memory`."""

_WEIGHT_COPIES, _VALUE_COPIES = 5, 3
"""Weights, gradients, two moments and the best epoch's; values of a layer forward, backward and in between."""


@dataclass(frozen=True)
class MachineSpeed:
    """Measured speed of a device.

    Attributes:
        multiply_adds: Per second, in products of matrices of float32 as networks have them.
        operation_seconds: Of one small operation inside a compiled loop.
    """

    multiply_adds: float
    operation_seconds: float

    def to_json(self) -> str:
        """JSON for `from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self | None:
        """The speed from `to_json`; None if invalid."""
        try:
            values = json.loads(text)
            return cls(float(values["multiply_adds"]), float(values["operation_seconds"]))
        except (ValueError, KeyError, TypeError):
            return None

    def best_of(self, other: MachineSpeed | None) -> MachineSpeed:
        """The faster value of each measurement, closest to an idle machine."""
        if other is None:
            return self
        return MachineSpeed(
            max(self.multiply_adds, other.multiply_adds), min(self.operation_seconds, other.operation_seconds)
        )


def estimate_seconds(
    config: RunConfig,
    shape: InputShape,
    num_train: int,
    num_validation: int,
    speed: MachineSpeed,
    num_workers: int,
    num_test: int = 0,
) -> float:
    """Seconds of a run from reading the dataset to the saved model, if every epoch is trained on an idle machine.

    A training step is three times a forward pass: forward, and backward to weights and to inputs.

    Args:
        shape: Of the inputs, with the views that ``config.scalings`` names.
        num_workers: Networks of an ensemble trained at a time.
    """
    num_rows, num_inputs = num_train + num_validation + num_test, shape.num_numerical + len(shape.cardinalities)
    around = num_rows * (num_inputs * _CELL_SECONDS + _ROW_SECONDS) + _END_SECONDS
    num_members = max(config.ensemble.folds, 1) * config.ensemble.seeds
    epochs = estimate_epochs(config, shape, num_train, num_validation, speed)
    learner_seconds = [
        learner.training.epochs * epoch + _BEGIN_SECONDS for learner, epoch in zip(config.learners, epochs, strict=True)
    ]
    seconds = num_members * sum(learner_seconds)
    for variants in config.variant_groups:  # one variant per group is trained beyond the first fold; the slowest counts
        rest = sum(learner_seconds[learner] for learner in variants) - max(
            learner_seconds[learner] for learner in variants
        )
        seconds -= (num_members - config.ensemble.seeds) * rest
    num_networks = num_members * len(config.learners)
    compiling = _COMPILE_SECONDS[config.backend] * len(config.learners)
    return around + compiling + seconds / min(num_workers, num_networks) + num_networks * _EXPORT_SECONDS


def estimate_larger_seconds(
    config: RunConfig, shape: InputShape, num_train: int, num_validation: int, speed: MachineSpeed, num_workers: int
) -> float:
    """Further seconds, on an idle machine, if a learner is enlarged once; 0 if none can be.

    Arguments as for `estimate_seconds`. Of several learners that may be enlarged, the slowest counts. The second
    enlargement, which is rare, takes up to about four times as long.
    """
    num_train, num_validation = _fold_rows(config, num_train, num_validation)
    num_networks = max(config.ensemble.folds, 1) * config.ensemble.seeds
    longest = 0.0
    for learner, own_shape in zip(config.learners, network_shapes(config, shape), strict=True):
        larger = learner.enlarged() if learner.training.enlarge else None
        if larger is None:
            continue
        rows = num_train * num_networks * larger.training.epochs
        if rows * count_network(larger.network, own_shape).multiply_adds <= MAX_WORK:
            epoch = _epoch_seconds(larger, own_shape, num_train, num_validation, speed)
            longest = max(longest, larger.training.epochs * epoch + _BEGIN_SECONDS)
    return longest * num_networks / min(num_workers, num_networks)


def estimate_epochs(
    config: RunConfig, shape: InputShape, num_train: int, num_validation: int, speed: MachineSpeed
) -> list[float]:
    """Seconds of one epoch of one network of each kind on an idle machine; arguments as for `estimate_seconds`."""
    num_train, num_validation = _fold_rows(config, num_train, num_validation)
    return [
        _epoch_seconds(learner, own_shape, num_train, num_validation, speed)
        for learner, own_shape in zip(config.learners, network_shapes(config, shape), strict=True)
    ]


def estimate_bytes(config: RunConfig, shape: InputShape, num_rows: int, num_workers: int) -> int:
    """Memory in bytes that the training of ``config`` takes at its peak, beyond the libraries.

    The arrays of all customers, and for each network that is trained at a time its compiled steps, its weights with
    gradients, moments and best copy, and what a batch leaves behind in every layer.

    Args:
        shape: Of the inputs, with the views that ``config.scalings`` names.
        num_rows: Customers in all parts together.
        num_workers: Networks of an ensemble trained at a time.
    """
    arrays = num_rows * (4 * shape.num_numerical + 4 * len(shape.cardinalities) + 8)
    largest = 0
    for learner, own_shape in zip(config.learners, network_shapes(config, shape), strict=True):
        layers = outline_network(learner.network, own_shape)
        weights = sum(layer.parameters for layer in layers)
        values = sum(layer.width * layer.copies for layer in layers)
        batch = learner.training.batch_rows(num_rows)
        largest = max(largest, 4 * (_WEIGHT_COPIES * weights + _VALUE_COPIES * batch * values))
    num_networks = max(config.ensemble.folds, 1) * config.ensemble.seeds * len(config.learners)
    return arrays + min(num_workers, num_networks) * (_COMPILED_BYTES + largest)


def _fold_rows(config: RunConfig, num_train: int, num_validation: int) -> tuple[int, int]:
    """Training and validation rows of each network."""
    folds = config.ensemble.folds
    if not folds:
        return num_train, num_validation
    num_known = num_train + num_validation
    return num_known - num_known // folds, num_known // folds


def _epoch_seconds(
    learner: Learner, shape: InputShape, num_train: int, num_validation: int, speed: MachineSpeed
) -> float:
    counts = count_network(learner.network, shape)
    forward = counts.multiply_adds / (speed.multiply_adds * _EFFICIENCY)
    num_steps = -(-num_train // learner.training.batch_rows(num_train))
    epoch = (3 * num_train + num_validation) * forward + num_steps * counts.operations * speed.operation_seconds
    return epoch + _EPOCH_SECONDS + num_validation * _METRIC_SECONDS

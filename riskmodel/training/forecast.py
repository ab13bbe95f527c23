"""Forecast of a run before training: rows, inputs, parameters, time, memory. Does not import Keras."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from riskmodel.config.network_name import learner_title
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.cost import (
    START_SECONDS,
    MachineSpeed,
    estimate_bytes,
    estimate_epochs,
    estimate_larger_seconds,
    estimate_seconds,
)
from riskmodel.sizing.counts import count_network
from riskmodel.sizing.outline import Layer, outline_network
from riskmodel.sizing.size import count_run_parameters, network_shapes
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import PARTS, Split
from riskmodel.training.preparation import prepare

MAX_ROWS = 20_000
"""Up to this number all training rows are used; of more rows, a sample of about half this number."""


_FEW, _MANY = 10_000, 20_000
_SHARE_OF_FEW, _SHARE_OF_MANY = 0.25, 0.9
"""Where trainings of few and of many customers end between their shortest and their longest time: with many, the
validation loss falls for more epochs. Measured on the data sets of `.docs/QUALITY.md`."""


class Seconds(NamedTuple):
    """A range of time in seconds.

    Attributes:
        low: Early stopping at the first opportunity, on an idle machine.
        high: All epochs, at the present load.
    """

    low: float
    high: float


@dataclass(frozen=True)
class Machine:
    """Where a run would be trained.

    Attributes:
        device: ``"cpu"`` or ``"gpu"``.
        num_workers: Networks of an ensemble trained at a time.
        speed: None if not yet measured; times are then unknown.
        starts_trainer: Whether a trainer must be started first.
        slowdown: Factor by which other programs slow down the training at present, ≥ 1.
        note: Reason for the device where it is not obvious; else empty.
    """

    device: str
    num_workers: int
    speed: MachineSpeed | None = None
    starts_trainer: bool = True
    slowdown: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class InputColumn:
    """Preprocessing of one input column.

    Attributes:
        name: The column, or a ratio or difference of two.
        kind: ``"numerical"``, ``"categorical"``, ``"date"``, or ``"pair"`` for a ratio or difference.
        treatment: Description of the preprocessing; for an excluded column, the reason.
        num_inputs: Inputs of the network's layers; an embedded category is one, an excluded column none.
    """

    name: str
    kind: str
    treatment: str
    num_inputs: int


@dataclass(frozen=True)
class FittedInputs:
    """Inputs of a run after preprocessing.

    Attributes:
        shape: Of all views.
        columns: The input columns in the schema's order, then pairs of columns.
        sampled: Whether the preprocessing was fitted to a sample of the rows, so that sizes are estimates.
    """

    shape: InputShape
    columns: tuple[InputColumn, ...]
    sampled: bool


@dataclass(frozen=True)
class NetworkSize:
    """One kind of network in a run.

    Attributes:
        name: Architecture, numbered if the run has several of it.
        num_parameters: Trainable weights of one network.
        max_epochs: Epochs without early stopping.
        num_networks: Networks of this kind in the model: folds × seeds.
        is_variant: Whether this is one of several variants of an architecture, of which the model keeps only the best.
    """

    name: str
    num_parameters: int
    max_epochs: int
    num_networks: int = 1
    is_variant: bool = False


@dataclass(frozen=True)
class Forecast:
    """Size, time and memory of a run.

    Attributes:
        num_train, num_validation, num_test: Rows of each set.
        num_folds: Folds of the training and validation rows together; 0 without folds.
        num_inputs: Width of the network's input, embedded categories counted once.
        columns: As `FittedInputs.columns`.
        networks: One entry for each network and training configuration.
        num_networks: Networks that are kept: folds × seeds × kinds (of variants, one per architecture).
        num_parameters: Trainable weights of all kept networks.
        sampled: Whether inputs and parameters were estimated on a sample of the rows.
        epoch_seconds: One epoch of one network: the fastest on an idle machine, the slowest at the present load. None
            if the speed of the machine is not known.
        seconds: From reading the dataset to the saved model, including the start of a trainer if needed: early
            stopping at the first opportunity on an idle machine, and all epochs at the present load. None as above.
        larger_seconds: Further time on an idle machine if a network is still improving at the end of its epochs, so
            that a larger one is trained; 0 if none can be, None as above.
        num_bytes: Peak memory of the training without the libraries.
        backend: ``"tensorflow"`` or ``"jax"``.
        machine: Where the run would be trained.
        layers: Outline of each of `networks`.
    """

    num_train: int
    num_validation: int
    num_test: int
    num_folds: int
    num_inputs: int
    columns: tuple[InputColumn, ...]
    networks: tuple[NetworkSize, ...]
    num_networks: int
    num_parameters: int
    sampled: bool
    epoch_seconds: Seconds | None
    seconds: Seconds | None
    larger_seconds: float | None
    num_bytes: int
    backend: str
    machine: Machine
    layers: tuple[tuple[Layer, ...], ...]

    @property
    def idle_seconds(self) -> float | None:
        """Time for all epochs on an idle machine."""
        return None if self.seconds is None else self.seconds.high / self.machine.slowdown

    @property
    def expected_seconds(self) -> float | None:
        """Expected time on an idle machine, without a larger network."""
        if self.seconds is None or self.idle_seconds is None:
            return None
        num_known = self.num_train + self.num_validation
        share = np.interp(num_known, (_FEW, _MANY), (_SHARE_OF_FEW, _SHARE_OF_MANY))
        return float(self.seconds.low + share * (self.idle_seconds - self.seconds.low))

    def to_dict(self) -> dict[str, Any]:
        """Values for JSON: rows, inputs, networks, time in seconds, memory in bytes, device."""
        return {
            "rows": {"train": self.num_train, "validation": self.num_validation, "test": self.num_test},
            "num_folds": self.num_folds,
            "num_inputs": self.num_inputs,
            "columns": [asdict(column) for column in self.columns],
            "networks": [asdict(network) for network in self.networks],
            "num_networks": self.num_networks,
            "num_parameters": self.num_parameters,
            "sampled": self.sampled,
            "epoch_seconds": None if self.epoch_seconds is None else self.epoch_seconds._asdict(),
            "seconds": None if self.seconds is None else self.seconds._asdict(),
            "expected_seconds": self.expected_seconds,
            "larger_seconds": self.larger_seconds,
            "slowdown": self.machine.slowdown,
            "starts_trainer": self.machine.starts_trainer,
            "memory_bytes": self.num_bytes,
            "device": self.machine.device,
            "backend": self.backend,
        }


def fit_inputs(dataset: Dataset, split: Split, config: RunConfig, max_rows: int = MAX_ROWS) -> FittedInputs:
    """Fit the preprocessing of a run as training does, to at most ``max_rows`` training rows.

    Raises:
        ConfigError: An override names a column that does not exist.
        DataError: No input column is usable.
    """
    num_rows = split.counts()["train"]
    sampled = num_rows > max_rows
    prepared = prepare(dataset, split, config, math.ceil(2 * num_rows / max_rows) if sampled else 1)
    fitted = prepared.preprocessor.fit(dataset.table, prepared.rows, dataset.bad())
    widths = _count_inputs(fitted.input_shape_)
    columns = [
        InputColumn(
            summary.column,
            "pair" if summary.column in fitted.pair_names_ else summary.kind,
            summary.treatment,
            widths[summary.column],
        )
        for summary in fitted.describe()
    ]
    return FittedInputs(fitted.input_shape_, tuple(columns), sampled)


def _count_inputs(shape: InputShape) -> Counter[str]:
    """Inputs of the first network's layers by column."""
    widths: Counter[str] = Counter()
    for feature in shape.view(0)[1].features:
        widths[feature.column] += (
            (feature.value is not None) + len(feature.indicators) + (feature.embedding is not None)
        )
    return widths


def compute_forecast(config: RunConfig, split: Split, inputs: FittedInputs, machine: Machine) -> Forecast:
    """The forecast of a run.

    Args:
        config: With the same `riskmodel.training.preparation.preparation_key` as that of ``inputs``.

    Raises:
        ConfigError: A network reads series of months, and the inputs have none.
    """
    counts, shape = split.counts(), inputs.shape
    networks, own_shapes = config.networks, network_shapes(config, shape)
    trainings = [learner.training for learner in config.learners]
    epoch_seconds = seconds = larger_seconds = None
    if machine.speed is not None:
        rows = counts["train"], counts["validation"]
        start = START_SECONDS if machine.starts_trainer else 0.0
        low, high = (
            estimate_seconds(trained, shape, *rows, machine.speed, machine.num_workers, counts["test"]) + start
            for trained in (_shortest(config), config)
        )
        epochs = estimate_epochs(config, shape, *rows, machine.speed)
        epoch_seconds = Seconds(min(epochs), max(epochs) * machine.slowdown)
        seconds = Seconds(low, high * machine.slowdown)
        larger_seconds = estimate_larger_seconds(config, shape, *rows, machine.speed, machine.num_workers)
    return Forecast(
        num_train=counts["train"],
        num_validation=counts["validation"],
        num_test=counts["test"],
        num_folds=config.ensemble.folds,
        num_inputs=sum(column.num_inputs for column in inputs.columns),
        columns=inputs.columns,
        networks=tuple(
            NetworkSize(
                learner_title(config, place),
                count_network(network, own_shape).parameters,
                training.epochs,
                max(config.ensemble.folds, 1) * config.ensemble.seeds,
                any(place in variants for variants in config.variant_groups),
            )
            for place, (network, own_shape, training) in enumerate(zip(networks, own_shapes, trainings, strict=True))
        ),
        num_networks=config.num_networks,
        num_parameters=count_run_parameters(config, shape),
        sampled=inputs.sampled,
        epoch_seconds=epoch_seconds,
        seconds=seconds,
        larger_seconds=larger_seconds,
        num_bytes=estimate_bytes(config, shape, sum(counts[part] for part in PARTS), machine.num_workers),
        backend=config.backend,
        machine=machine,
        layers=tuple(
            outline_network(network, own_shape) for network, own_shape in zip(networks, own_shapes, strict=True)
        ),
    )


def _shortest(config: RunConfig) -> RunConfig:
    """The configuration with the smallest number of epochs after which early stopping can end its networks."""
    folds = config.ensemble.folds
    first, *partners = (
        learner.model_copy(update={"training": _shorten(learner.training, folds)}) for learner in config.learners
    )
    ensemble = config.ensemble.model_copy(update={"partners": tuple(partners)})
    return config.model_copy(update={"training": first.training, "ensemble": ensemble})


def _shorten(training: TrainingConfig, folds: int) -> TrainingConfig:
    """With folds, the mean over these: after the first one, half the patience is enough."""
    if not training.early_stopping:
        return training
    epochs = training.patience + 1
    if folds:
        later = math.ceil(training.patience / 2) + 1
        epochs = math.ceil((epochs + (folds - 1) * later) / folds)
    return training.model_copy(update={"epochs": min(training.epochs, epochs)})

"""Progress of a training run. Plain values without TensorFlow: the web process reads them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, Protocol, Self

from riskmodel.config.run import RunConfig

NUM_PROBABILITY_BINS = 40
"""Equal bins of the probability on [0, 1] for the histogram of the validation customers."""

TRAINING, TRAINING_LARGER = "Training", "Training a larger network"
"""Phases of the training of networks."""

DIVERGED = "Training diverged"
"""Start of the error message of a diverged training."""


class JsonRecord:
    """A frozen dataclass with lossless conversion to and from JSON."""

    _tuples: ClassVar[tuple[str, ...]] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write; tuples become lists."""
        values = asdict(self)  # type: ignore[call-overload]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The record that ``to_dict`` was called on; a field that has a default may be absent.

        Raises:
            ValueError: a required field is absent, or a field is unknown.
        """
        names = {field.name: field.default is MISSING for field in fields(cls)}  # type: ignore[arg-type]
        absent = sorted(name for name, is_needed in names.items() if is_needed and name not in values)
        unknown = sorted(set(values) - set(names))
        if absent or unknown:
            raise ValueError(f"{cls.__name__}: fields absent {absent}, fields unknown {unknown}.")
        return cls(**{name: tuple(value) if name in cls._tuples else value for name, value in values.items()})


@dataclass(frozen=True)
class EpochResult(JsonRecord):
    """The metrics of one finished epoch.

    Training figures are averaged during the epoch, as in Keras (dropout on, regularization
    in the loss); validation figures are taken at the end of the epoch with dropout off, class
    weights off and regularization added, again as in Keras.

    Attributes:
        epoch: 1-based.
        num_epochs: requested epochs.
        train_loss, validation_loss: mean binary cross-entropy plus regularization.
        train_auc, validation_auc: area under the ROC curve in [0, 1].
        train_accuracy, validation_accuracy: at probability .5.
        learning_rate: at the last step of the epoch.
        seconds: the epoch's wall time, validation included.
        rows_per_second: training rows per second, excluding validation.
        good_counts, bad_counts: validation customers by outcome in each of the 40 equal bins of
            the probability on [0, 1]; the last bin includes 1.0.
        is_best: the best epoch so far by the monitored metric.
        train_ks, validation_ks: Kolmogorov–Smirnov distance of good and bad in [0, 1]; None in epochs trained before
            it was stored.
        gradient_norm: root mean square, over the epoch's steps, of the gradient norm (over all weights,
            before clipping); see `riskmodel.training.engines.gradient_norm`. None in older epochs.
        network: name of the ensemble's network that the epoch is of (`riskmodel.config.network_name`); empty for a run
            of one network.
        position: among all epochs of an ensemble, 1-based, in order of completion; None for one network.
    """

    _tuples: ClassVar[tuple[str, ...]] = ("good_counts", "bad_counts")

    epoch: int
    num_epochs: int
    train_loss: float
    validation_loss: float
    train_auc: float
    validation_auc: float
    train_accuracy: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    rows_per_second: float
    good_counts: tuple[int, ...]
    bad_counts: tuple[int, ...]
    is_best: bool
    train_ks: float | None = None
    validation_ks: float | None = None
    gradient_norm: float | None = None
    network: str = ""
    position: int | None = None

    @property
    def place(self) -> int:
        """Position among all epochs of the run, 1-based."""
        return self.epoch if self.position is None else self.position


@dataclass(frozen=True)
class FitHistory(JsonRecord):
    """The epochs of a training and how it ended.

    Attributes:
        epochs: one result per epoch, of several networks in order of completion; a single partial epoch if stopped
            before the first one ended.
        best_epoch: 1-based, by the monitored validation metric; None for several networks, which have one each.
        stopped: the listener asked to stop.
        early_stopped: patience ran out; False for several networks.
        seconds: wall time, compilation included.
    """

    _tuples: ClassVar[tuple[str, ...]] = ("epochs",)

    epochs: tuple[EpochResult, ...]
    best_epoch: int | None
    stopped: bool
    early_stopped: bool
    seconds: float

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The history that ``to_dict`` was called on; errors as for `JsonRecord.from_dict`."""
        epochs = [EpochResult.from_dict(epoch) for epoch in values.get("epochs", ())]
        return super().from_dict({**values, "epochs": epochs})


@dataclass(frozen=True)
class SliceProgress(JsonRecord):
    """State of a run between two slices of an epoch.

    Attributes:
        phase: current phase, as shown to the analyst.
        epoch: 1-based epoch being trained; for an ensemble, of the network that reported last.
        num_epochs: requested epochs.
        rows_done, rows_total: rows trained so far and in the whole run.
        rows_per_second: over the last slices; 0 before the first one.
        eta_seconds: time left if all requested epochs are trained.
        train_loss: mean over the rows of this epoch so far; None before the first slice.
        networks_done, num_networks: trained networks of the run, and all of them.
    """

    phase: str
    epoch: int
    num_epochs: int
    rows_done: int
    rows_total: int
    rows_per_second: float
    eta_seconds: float
    train_loss: float | None
    networks_done: int = 0
    num_networks: int = 1


class FitListener(Protocol):
    """Receives the progress of a network's training and may stop it."""

    def on_phase(self, text: str) -> None:
        """A new phase has begun, e.g. ``"Splitting"``."""

    def on_log(self, text: str) -> None:
        """A line for the run's log, e.g. ``"Learning rate lowered …"``."""

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice of an epoch is done; about one a second."""

    def on_epoch(self, result: EpochResult) -> None:
        """An epoch is done."""

    def should_stop(self) -> bool:
        """True once the analyst requested a stop; checked after every slice."""


class TrainingListener(FitListener, Protocol):
    """Receives a run's progress and may stop it."""

    def on_config(self, config: RunConfig, epochs: Sequence[EpochResult]) -> None:
        """A larger network is trained: the run now has this configuration, and these epochs replace all reported."""


class SilentListener:
    """A listener that ignores everything and never stops a run."""

    def on_phase(self, text: str) -> None:
        """Ignored."""

    def on_log(self, text: str) -> None:
        """Ignored."""

    def on_config(self, config: RunConfig, epochs: Sequence[EpochResult]) -> None:
        """Ignored."""

    def on_slice(self, progress: SliceProgress) -> None:
        """Ignored."""

    def on_epoch(self, result: EpochResult) -> None:
        """Ignored."""

    def should_stop(self) -> bool:
        """Never."""
        return False


def report_config(listener: TrainingListener, config: RunConfig, epochs: Sequence[EpochResult]) -> None:
    """Call ``on_config``, which listeners written for earlier versions do not have."""
    getattr(listener, "on_config", SilentListener().on_config)(config, epochs)

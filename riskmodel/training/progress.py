"""What a training run tells while it goes on. Plain values, no TensorFlow: the web process reads them too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, Protocol, Self

NUM_PROBABILITY_BINS = 40
"""Equal bins of the probability on [0, 1] in which the validation customers are counted."""

DIVERGED = "Training diverged"
"""Begins the reason of a training whose loss did not stay a finite number of ordinary size."""


class Record:
    """A frozen dataclass that goes to JSON and back without loss."""

    _tuples: ClassVar[tuple[str, ...]] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write; tuples become lists."""
        values = asdict(self)  # type: ignore[call-overload]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The record that ``to_dict`` was called on; a field that has a default may be absent.

        Raises:
            ValueError: another field is absent, or one is not of this record.
        """
        names = {field.name: field.default is MISSING for field in fields(cls)}  # type: ignore[arg-type]
        absent = sorted(name for name, is_needed in names.items() if is_needed and name not in values)
        unknown = sorted(set(values) - set(names))
        if absent or unknown:
            raise ValueError(f"{cls.__name__}: fields absent {absent}, fields unknown {unknown}.")
        return cls(**{name: tuple(value) if name in cls._tuples else value for name, value in values.items()})


@dataclass(frozen=True)
class EpochResult(Record):
    """The figures of one finished epoch.

    Training figures are gathered while the weights move, as Keras does (dropout on, regularisation
    in the loss); validation figures are taken at the end of the epoch with dropout off, class
    weights off and regularisation added, again as Keras does.

    Attributes:
        epoch: 1-based.
        num_epochs: epochs asked for.
        train_loss, validation_loss: mean binary cross-entropy plus regularisation.
        train_auc, validation_auc: area under the ROC curve in [0, 1].
        train_accuracy, validation_accuracy: share right at probability .5.
        learning_rate: at the last step of the epoch.
        seconds: the epoch's wall time, validation included.
        rows_per_second: training rows per second, validation left out.
        good_counts, bad_counts: validation customers by outcome in each of the 40 equal bins of
            the probability on [0, 1]; the last bin holds 1.0 too.
        is_best: the best epoch so far by the monitored figure.
        train_ks, validation_ks: Kolmogorov–Smirnov distance of good and bad in [0, 1]; None in epochs trained before
            it was kept.
        gradient_norm: root mean square, over the epoch's steps, of the gradient's length (of all weights together,
            before it is limited); see `riskmodel.training.engines.gradient_norm`. None in older epochs.
        network: name of the ensemble's network that the epoch is of (`riskmodel.config.network_name`); empty for a run
            of one network.
        position: place among all epochs of an ensemble, 1-based, in the order of their end; None for one network.
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
        """Place among all epochs of the run, 1-based."""
        return self.epoch if self.position is None else self.position


@dataclass(frozen=True)
class SliceProgress(Record):
    """Where a run stands between two slices of an epoch.

    Attributes:
        phase: what is being done, as shown to the analyst.
        epoch: 1-based epoch being trained; of an ensemble, by the network that was the last to report.
        num_epochs: epochs asked for.
        rows_done, rows_total: rows trained so far and in the whole run.
        rows_per_second: over the last slices; 0 before the first one.
        eta_seconds: time left if every epoch asked for is trained.
        train_loss: mean over the rows of this epoch so far; None before the first slice.
        networks_done, num_networks: networks of the run that are trained, and all of them.
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


class TrainingListener(Protocol):
    """Hears of a run's progress and may end it."""

    def on_phase(self, text: str) -> None:
        """A new phase has begun, e.g. ``"Splitting"``."""

    def on_log(self, text: str) -> None:
        """Something happened that is worth a line in the run's log, e.g. ``"Learning rate lowered …"``."""

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice of an epoch is done; about one a second."""

    def on_epoch(self, result: EpochResult) -> None:
        """An epoch is done."""

    def should_stop(self) -> bool:
        """True once the analyst asked to stop; asked after every slice."""


class SilentListener:
    """A listener that neither tells anything nor stops a run."""

    def on_phase(self, text: str) -> None:
        """Nothing is told."""

    def on_log(self, text: str) -> None:
        """Nothing is told."""

    def on_slice(self, progress: SliceProgress) -> None:
        """Nothing is told."""

    def on_epoch(self, result: EpochResult) -> None:
        """Nothing is told."""

    def should_stop(self) -> bool:
        """Never."""
        return False

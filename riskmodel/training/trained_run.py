"""Result of a training: model, metrics, history of epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from riskmodel.evaluation.metrics import Metrics
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.training.progress import EpochResult, FitHistory

if TYPE_CHECKING:
    from riskmodel.training.fitting.checkpoint import Checkpoint


@dataclass(frozen=True, eq=False)
class TrainedRun:
    """Result of a training.

    Attributes:
        model: the risk model, ready to score and to save.
        fit_history: the epochs, and how the training ended.
        predictions: one row per labeled customer: ``row`` int64 (position in the dataset), ``part`` string, ``bad``
            int8, ``probability`` float64.
        notes: notes for the analyst.
        checkpoint: state after the last epoch, for resuming; None for several networks and for a training in another
            process.
    """

    model: RiskModel
    fit_history: FitHistory
    predictions: pa.Table
    notes: tuple[str, ...]
    checkpoint: Checkpoint | None = None

    @property
    def metrics(self) -> dict[str, Metrics]:
        """Metrics of ``"validation"`` and, if it has customers, ``"test"``, from the model's own probabilities."""
        return self.model.metrics

    @property
    def history(self) -> tuple[EpochResult, ...]:
        """Metrics of each epoch."""
        return self.fit_history.epochs

    @property
    def best_epoch(self) -> int | None:
        """1-based, by the config's monitor; None for several networks, which have one each."""
        return self.fit_history.best_epoch

    @property
    def stopped(self) -> bool:
        """Whether the listener asked to stop."""
        return self.fit_history.stopped

    @property
    def early_stopped(self) -> bool:
        """Whether patience ran out."""
        return self.fit_history.early_stopped

    @property
    def seconds(self) -> float:
        """Wall time of the epochs."""
        return self.fit_history.seconds

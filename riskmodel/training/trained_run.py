"""Result of a training: model, metrics, history of epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from riskmodel.evaluation.metrics import Metrics
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.training.progress import EpochResult

if TYPE_CHECKING:
    from riskmodel.training.fitting.checkpoint import Checkpoint


@dataclass(frozen=True, eq=False)
class TrainedRun:
    """Result of a training.

    Attributes:
        model: the risk model, ready to score and to save.
        history: metrics of each epoch.
        best_epoch: 1-based, by the config's monitor; None for several networks, which have one each.
        stopped: the listener asked to stop.
        early_stopped: patience ran out.
        predictions: one row per labeled customer: ``row`` int64 (position in the dataset), ``part`` string, ``bad``
            int8, ``probability`` float64.
        metrics: of ``"validation"`` and, where it has customers, ``"test"``, from the risk model's own
            probabilities.
        notes: notes for the analyst.
        seconds: wall time of the epochs.
        checkpoint: state after the last epoch, for resuming; None for several networks and for a training in another
            process.
    """

    model: RiskModel
    history: tuple[EpochResult, ...]
    best_epoch: int | None
    stopped: bool
    early_stopped: bool
    predictions: pa.Table
    metrics: dict[str, Metrics]
    notes: tuple[str, ...]
    seconds: float
    checkpoint: Checkpoint | None = None

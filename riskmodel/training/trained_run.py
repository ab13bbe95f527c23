"""What a training leaves: the model, its figures and the history of its epochs."""

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
    """What a training leaves.

    Attributes:
        model: the risk model, ready to score and to save.
        history: figures of each epoch.
        best_epoch: 1-based, by the config's monitor; None for several networks, each of which has its own.
        stopped: the listener asked to stop.
        early_stopped: patience ran out.
        predictions: one row per labelled customer: ``row`` int64 (position in the dataset), ``part`` string, ``bad``
            int8, ``probability`` float64.
        metrics: figures of ``"validation"`` and, where it has customers, ``"test"``, from the risk model's own
            probabilities.
        notes: what the analyst should know.
        seconds: wall time of the epochs.
        checkpoint: what going on from the last epoch takes; None of several networks, and of a training in another
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

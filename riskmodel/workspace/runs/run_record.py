"""Record of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from riskmodel.training.progress import DIVERGED
from riskmodel.workspace.queue.job_record import JobRecord, read_columns, read_texts, read_time
from riskmodel.workspace.storage import database as db

MODEL_FOLDER = "model"
PREDICTIONS_FILE = "predictions.parquet"
CHECKPOINT_FILE = "checkpoint.npz"
NETWORKS_FOLDER = "networks"
"""Checkpoints of an ensemble's networks in training; removed once the run has a model."""


@dataclass(frozen=True, kw_only=True)
class RunRecord(JobRecord):
    """State of a run at the time of reading.

    Attributes:
        tags: of the analyst, for filtering.
        remarks: notes of the analyst; may be empty.
        archived: whether it is hidden from lists.
        deleted_at: time of moving to the bin (UTC); None if not deleted.
        metrics: part of the split (``"validation"``, ``"test"``) to metric to value; empty before the end.
        best_epoch: 1-based, the best by ``config.training.monitor``; None before the end. The model may have another
            one's weights: see `kept_epoch`.
        heartbeat_at: time of its trainer's last heartbeat (UTC).
        continues: id of the run that this one resumes; None for a new training.
        model_folder: the RiskModel's bundle; None without a model.
        predictions_path: Parquet of row, part, bad and probability; None before they exist.
    """

    tags: tuple[str, ...]
    remarks: str
    archived: bool
    deleted_at: datetime | None
    metrics: dict[str, dict[str, Any]]
    best_epoch: int | None
    heartbeat_at: datetime | None
    continues: str | None
    model_folder: Path | None
    predictions_path: Path | None

    @property
    def keeps_best(self) -> bool:
        """Whether the model has the weights of the best epoch; for a live run, of the best of all its epochs."""
        return self.state == "stopped" or self.config.training.keeps_best

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose weights the model has, 1-based; None without a model.

        Also None for several networks, which keep one epoch each.
        """
        if self.best_epoch is None or not self.config.ensemble.is_single:
            return None
        return self.best_epoch if self.keeps_best else self.config.training.epochs

    @property
    def why_not_continue(self) -> str:
        """Why its training cannot be resumed; empty if it can."""
        if self.deleted_at is not None:
            return f"{self.id} is deleted. Restore it, then continue it."
        if self.is_live:
            return f"{self.id} is {self.state_name}; it can be continued once it has ended."
        if (self.error or "").startswith(DIVERGED):
            return (
                f"The training of {self.id} diverged, and would diverge again at the same epoch. Train again with a "
                "learning rate ten times smaller, another optimizer such as Adam, or scaled numerical columns."
            )
        if not self.config.ensemble.is_single:
            return self._why_not_continue_ensemble()
        has_checkpoint = (self.folder / CHECKPOINT_FILE).is_file()
        if self.model_folder is None and not (self.state == "failed" and has_checkpoint):
            return f"{self.id} is {self.state_name}, so there is nothing to continue from. Train it again."
        if not has_checkpoint:
            return (
                f"{self.id} cannot be continued: there is no file {self.folder / CHECKPOINT_FILE}. It was deleted, or "
                "an earlier version of the program trained the run. Train it again with more epochs."
            )
        return ""

    def _why_not_continue_ensemble(self) -> str:
        """An ensemble can only complete its training: more epochs would change every network's schedule."""
        if self.model_folder is not None:
            return (
                f"{self.id} trained several networks (folds, seeds or partners); only a run of a single network can be "
                "continued after its end. Train it again with more epochs."
            )
        if self.state == "failed" and any((self.folder / NETWORKS_FOLDER).glob("*.npz")):
            return ""
        return f"{self.id} is {self.state_name}, and none of its networks was saved. Train it again."


def read_record(row: Row[Any], folder: Path, queue_position: int | None) -> RunRecord:
    """The record of a row of the table of runs, whose files are in ``folder``."""
    return RunRecord(
        **read_columns(RunRecord, db.runs, row, _READ),
        queue_position=queue_position,
        folder=folder,
        model_folder=folder / MODEL_FOLDER if row.has_model else None,
        predictions_path=folder / PREDICTIONS_FILE if row.has_model else None,
    )


def _read_metrics(text: str | None) -> dict[str, dict[str, Any]]:
    metrics = json.loads(text) if text else {}
    if not isinstance(metrics, dict) or not all(isinstance(part, dict) and _has_auc(part) for part in metrics.values()):
        raise ValueError(f"metrics must have an AUC for each set; received {text:.50}")
    return metrics


def _has_auc(metrics: dict[str, Any]) -> bool:
    return isinstance(metrics.get("auc"), int | float)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "tags": read_texts,
    "deleted_at": read_time,
    "metrics": _read_metrics,
    "heartbeat_at": read_time,
}

"""Record of a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from riskmodel.config.run import RunConfig
from riskmodel.training.progress import DIVERGED, SliceProgress
from riskmodel.workspace.queue.job_columns import read_common, read_time
from riskmodel.workspace.queue.job_kind import LIVE_STATES, LOG_FILE, JobState

MODEL_FOLDER = "model"
PREDICTIONS_FILE = "predictions.parquet"
CHECKPOINT_FILE = "checkpoint.npz"
NETWORKS_FOLDER = "networks"
"""Checkpoints of an ensemble's networks in training; removed once the run has a model."""


@dataclass(frozen=True)
class RunRecord:
    """State of a run at the time of reading.

    Attributes:
        id: ``run-`` and ten hexadecimal digits.
        name: given by the analyst, never empty.
        dataset_id: its training dataset.
        config: its configuration.
        tags: of the analyst, for filtering.
        remarks: notes of the analyst; may be empty.
        archived: whether it is hidden from lists.
        deleted_at: time of moving to the bin (UTC); None if not deleted.
        device_requested: ``"auto"``, ``"cpu"`` or ``"gpu"``.
        device_used: ``"cpu"`` or ``"gpu"`` once known.
        device_note: why the device differs from the requested one; else empty.
        state: live (queued, running) or ended (finished, stopped or discarded by the analyst, failed).
        stop_requested: the analyst requested a stop.
        phase: current phase; empty while queued and once ended.
        progress: of the training; kept after the end.
        error: reason of failure; else None.
        notes: messages on the result for the analyst.
        metrics: part of the split (``"validation"``, ``"test"``) to metric to value; empty before the end.
        best_epoch: 1-based, the best by ``config.training.monitor``; None before the end. The model may have another
            one's weights: see `kept_epoch`.
        created_at, started_at, finished_at: UTC.
        heartbeat_at: time of its trainer's last heartbeat (UTC).
        continues: id of the run that this one resumes; None for a new training.
        queue_position: 1 for the next to start; None unless queued.
        folder: of its files.
        model_folder: the RiskModel's bundle; None without a model.
        predictions_path: Parquet of row, part, bad and probability; None before they exist.
    """

    id: str
    name: str
    dataset_id: str
    config: RunConfig
    tags: tuple[str, ...]
    remarks: str
    archived: bool
    deleted_at: datetime | None
    device_requested: str
    device_used: str | None
    device_note: str
    state: JobState
    stop_requested: bool
    phase: str
    progress: SliceProgress | None
    error: str | None
    notes: tuple[str, ...]
    metrics: dict[str, dict[str, Any]]
    best_epoch: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime | None
    continues: str | None
    queue_position: int | None
    folder: Path
    model_folder: Path | None
    predictions_path: Path | None

    @property
    def is_live(self) -> bool:
        """Whether it is queued or running."""
        return self.state in LIVE_STATES

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
            return f"{self.id} is {self.state}; it can be continued once it has ended."
        if (self.error or "").startswith(DIVERGED):
            return (
                f"The training of {self.id} diverged, and would diverge again at the same epoch. Train again with a "
                "learning rate ten times smaller, another optimizer such as Adam, or scaled numerical columns."
            )
        if not self.config.ensemble.is_single:
            return self._why_not_continue_ensemble()
        has_checkpoint = (self.folder / CHECKPOINT_FILE).is_file()
        if self.model_folder is None and not (self.state == "failed" and has_checkpoint):
            return f"{self.id} is {self.state}, so there is nothing to continue from. Train it again."
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
        return f"{self.id} is {self.state}, and none of its networks was saved. Train it again."

    @property
    def log_path(self) -> Path:
        """Output of its trainer; exists once training has started."""
        return self.folder / LOG_FILE


def read_record(row: Row[Any], folder: Path, queue_position: int | None) -> RunRecord:
    """The record of a row of the table of runs, whose files are in ``folder``."""
    values = row._mapping
    has_model = values["has_model"]
    return RunRecord(
        **read_common(row, folder, queue_position),
        tags=tuple(json.loads(values["tags"])),
        remarks=values["remarks"],
        archived=values["archived"],
        deleted_at=read_time(values["deleted_at"]),
        metrics=json.loads(values["metrics"]) if values["metrics"] else {},
        best_epoch=values["best_epoch"],
        heartbeat_at=read_time(values["heartbeat_at"]),
        continues=values["continues"],
        model_folder=folder / MODEL_FOLDER if has_model else None,
        predictions_path=folder / PREDICTIONS_FILE if has_model else None,
    )

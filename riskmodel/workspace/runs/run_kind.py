"""Runs as a kind of job."""

from __future__ import annotations

import shutil
from pathlib import Path

from riskmodel.errors import TrainingError
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import DIVERGED
from riskmodel.workspace.queue.job_kind import JobKind
from riskmodel.workspace.runs.run_record import (
    CHECKPOINT_FILE,
    MODEL_FOLDER,
    NETWORKS_FOLDER,
    PREDICTIONS_FILE,
    RunRecord,
    read_record,
)
from riskmodel.workspace.storage import database as db

_RETRY = "Train it again."
_CONTINUE = "To continue the training from there, use Continue on the Train page or python -m riskmodel resume"


def _discard_results(folder: Path) -> None:
    """Delete the model of a discarded run and its files."""
    for name in (MODEL_FOLDER, NETWORKS_FOLDER):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (PREDICTIONS_FILE, CHECKPOINT_FILE):
        (folder / name).unlink(missing_ok=True)


def _explain_failure(run_id: str, folder: Path, reason: str) -> str:
    """The reason, with the command that resumes the run if a checkpoint was saved."""
    if reason.startswith(DIVERGED):
        return reason
    if (folder / CHECKPOINT_FILE).is_file():
        reason = reason.removesuffix(f" {_RETRY}")
        return f"{reason} {_describe_saved(folder / CHECKPOINT_FILE)} {_CONTINUE} {run_id}"
    if any((folder / NETWORKS_FOLDER).glob("*.npz")):
        reason = reason.removesuffix(f" {_RETRY}")
        return f"{reason} The networks trained so far were saved. {_CONTINUE} {run_id}"
    return reason


def _describe_saved(checkpoint: Path) -> str:
    """Describe the saved weights of a failed run: saved at most once a minute, so usually not of its last epoch."""
    try:
        return f"The weights of epoch {len(Checkpoint.read(checkpoint).history)} were saved."
    except TrainingError:
        return "Its last saved weights cannot be read."


RUN: JobKind[RunRecord] = JobKind(
    noun="run",
    table=db.runs,
    read_record=read_record,
    never_started="Stopped before it started; there is no model.",
    discarded="Discarded; no model was kept.",
    retry=_RETRY,
    retry_short="Train again",
    listing="python -m riskmodel runs",
    removal=" Delete it with: python -m riskmodel edit {} --delete",
    discard_results=_discard_results,
    explain_failure=_explain_failure,
)

"""Report at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import typer

from riskmodel.command_line.shared.console import result_console, write_json
from riskmodel.command_line.shared.metrics_table import metrics_table
from riskmodel.command_line.shared.options import DETACHED
from riskmodel.errors import TrainingError

if TYPE_CHECKING:
    from riskmodel.workspace.runs.run_record import RunRecord


def finish(run: RunRecord, as_json: bool, about: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Report the end of a run and exit with its code; `about` is added to the JSON."""
    if as_json:
        write_json({**_as_json(run), **about})
    if run.is_live:
        raise typer.Exit(DETACHED)
    if run.state == "failed":
        raise TrainingError(f"{run.id} failed: {run.error}")
    if run.state == "cancelled":
        raise TrainingError(f"{run.id} was discarded; no model was kept.")
    if not as_json:
        console = result_console()
        kept = "" if run.kept_epoch is None else f", weights of epoch {run.kept_epoch}"
        console.print(f"{run.id} {run.state_name}{kept}, model in {run.model_folder}", soft_wrap=True)
        console.print(metrics_table(run.metrics))
        for note in run.notes:
            console.print(f"Note: {note}", soft_wrap=True)


def _as_json(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "name": run.name,
        "state": run.state,
        "model": str(run.model_folder) if run.model_folder else None,
        "device": run.device_used,
        "monitor": run.config.training.monitor,
        "best_epoch": run.best_epoch,
        "kept_epoch": run.kept_epoch,
        "notes": list(run.notes),
        "error": run.error,
        "metrics": run.metrics,
    }

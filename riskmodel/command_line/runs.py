"""``python -m riskmodel runs``: what was trained, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodel.command_line.console import result_console, write_json
from riskmodel.command_line.options import AsJson, Home

if TYPE_CHECKING:
    from riskmodel.workspace.runs import RunRecord


def runs(
    home: Home = None,
    limit: Annotated[int, typer.Option(min=1, help="How many runs to list.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the runs of the workspace, newest first."""
    from riskmodel.workspace.workspace import Workspace

    records = Workspace.open(home).runs.list(limit=limit)
    if as_json:
        write_json({"runs": [_as_json(run) for run in records]})
        return
    console = result_console()
    if not records:
        console.print("No runs yet. Start one with: python -m riskmodel train FILE --target COLUMN")
        return
    console.print(_table(records))


def _table(records: list[RunRecord]) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table("Run", "Name", "State", "Created", "Device", "AUC test")
    for run in records:
        auc = "" if not run.metrics or "test" not in run.metrics else f"{run.metrics['test']['auc']:.4f}"
        cells = (run.id, run.name, run.state, f"{run.created_at:%Y-%m-%d %H:%M}", run.device_used or "", auc)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _as_json(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "name": run.name,
        "state": run.state,
        "dataset_id": run.dataset_id,
        "model": str(run.model_folder) if run.model_folder else None,
        "device": run.device_used,
        "created_at": run.created_at.isoformat(),
        "best_epoch": run.best_epoch,
        "error": run.error,
        "continues": run.continues,
        "metrics": run.metrics,
    }

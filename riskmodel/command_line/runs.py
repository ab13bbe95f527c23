"""``python -m riskmodel runs``: list of runs, newest first."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodel.command_line.shared.console import result_console, write_json, write_warning
from riskmodel.command_line.shared.options import AsJson, Home, Limit
from riskmodel.errors import WorkspaceError

if TYPE_CHECKING:
    from riskmodel.workspace.runs.run_record import RunRecord
    from riskmodel.workspace.workspace import Workspace


def runs(
    home: Home = None,
    limit: Limit = 50,
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Only runs with this tag; repeatable.")] = None,
    dataset: Annotated[
        str | None, typer.Option(metavar="DATASET", help="Only runs of this dataset, by id or name.")
    ] = None,
    text: Annotated[
        str, typer.Option("--find", metavar="WORDS", help="Only runs with these words in name, tags or notes.")
    ] = "",
    archived: Annotated[bool, typer.Option("--archived", help="Archived runs only.")] = False,
    deleted: Annotated[bool, typer.Option("--deleted", help="Deleted runs only.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the runs of the workspace, newest first."""
    from riskmodel.workspace.workspace import Workspace

    workspace = Workspace.open(home)
    datasets = [None] if dataset is None else _datasets(workspace, dataset)
    records = [
        run
        for dataset in datasets
        for run in workspace.runs.list(
            limit, archived=archived, deleted=deleted, dataset_id=dataset, tags=tag or (), text=text
        )
    ]
    records = sorted(records, key=lambda run: run.created_at, reverse=True)[:limit]
    for problem in workspace.runs.unreadable().values():
        write_warning(problem)
    if as_json:
        write_json({"runs": [_as_json(run) for run in records]})
        return
    console = result_console()
    if not records:
        if tag or dataset or text or archived or deleted:
            console.print("No such runs. List all with: python -m riskmodel runs")
            return
        if not workspace.runs.unreadable():
            console.print("No runs yet. Start one with: python -m riskmodel train FILE --target COLUMN")
        return
    console.print(_table(records))


def _datasets(workspace: Workspace, wanted: str) -> list[str]:
    """Ids of the datasets with this id or name."""
    records = workspace.datasets.list()
    found = [record.id for record in records if wanted in (record.id, record.name, record.title)]
    if not found:
        close = difflib.get_close_matches(wanted, [record.name for record in records], n=1)
        hint = f" Did you mean '{close[0]}'?" if close else ""
        raise WorkspaceError(f"There is no dataset '{wanted}' in this workspace.{hint}")
    return found


def _table(records: list[RunRecord]) -> Any:
    from rich.table import Table
    from rich.text import Text

    tagged = any(run.tags for run in records)
    table = Table(
        "Run", "Name", "State", "Created", "Device", "Validation\nAUC", "Test\nAUC", *(["Tags"] if tagged else [])
    )
    for run in records:
        aucs = [f"{run.metrics[part]['auc']:.4f}" if part in run.metrics else "" for part in ("validation", "test")]
        cells = (run.id, run.name, run.state_name, f"{run.created_at:%Y-%m-%d %H:%M}", run.device_used or "", *aucs)
        table.add_row(*(Text(cell) for cell in (*cells, *([", ".join(run.tags)] if tagged else []))))
    return table


def _as_json(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "name": run.name,
        "tags": list(run.tags),
        "remarks": run.remarks,
        "archived": run.archived,
        "deleted_at": run.deleted_at and run.deleted_at.isoformat(),
        "state": run.state,
        "dataset_id": run.dataset_id,
        "model": str(run.model_folder) if run.model_folder else None,
        "device": run.device_used,
        "created_at": run.created_at.isoformat(),
        "monitor": run.config.training.monitor,
        "best_epoch": run.best_epoch,
        "kept_epoch": run.kept_epoch,
        "error": run.error,
        "continues": run.continues,
        "metrics": run.metrics,
    }

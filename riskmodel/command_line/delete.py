"""``python -m riskmodel files`` and ``delete``: listing and deletion of uploaded files, datasets and scored files."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from riskmodel.command_line.shared.console import result_console, write_json
from riskmodel.command_line.shared.options import USER_ERROR, AsJson, Home
from riskmodel.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskmodel.workspace.deletion.dependents import Dependent
    from riskmodel.workspace.workspace import Workspace


def files(home: Home = None, as_json: AsJson = False) -> None:
    """List uploaded files, datasets and scored files, newest first."""
    from riskmodel.workspace.workspace import Workspace

    rows = _rows(Workspace.open(home))
    if as_json:
        write_json({"files": rows})
        return
    console = result_console()
    if not rows:
        console.print("No files yet. Add one with: python -m riskmodel train FILE --target COLUMN")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table("Kind", "Id", "Name", "Size", "Created")
    for row in rows:
        table.add_row(*(Text(cell) for cell in _cells(row)))
    console.print(table)


def delete(
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="Id or name of an uploaded file, dataset or scored file.")
    ],
    kind: Annotated[
        Literal["source", "dataset", "scoring"] | None,
        typer.Option(help="Kind, if several items have this id or name; source means an uploaded file."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it the command only lists the items.")] = False,
    with_dependents: Annotated[
        bool, typer.Option("--with-dependents", help="Also delete everything that depends on it, as listed.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Permanently delete an uploaded file, dataset or scored file.

    Without --yes it lists the dependents, deletes nothing and ends with exit code 2. Runs are deleted with edit
    --delete and purge.
    """
    from riskmodel.workspace.workspace import Workspace

    workspace = Workspace.open(home)
    found = _find(workspace, item, kind)
    if yes:
        deleted = workspace.deletions.delete(found.kind, found.id, with_dependents=with_dependents)
        _print(found, deleted, "Deleted", as_json, is_deleted=True)
        return
    dependents = workspace.deletions.dependents(found.kind, found.id)
    _print(found, dependents, "Would delete", as_json, is_deleted=False)
    if not as_json:
        options = "--yes --with-dependents" if dependents else "--yes"
        result_console().print(
            f"Nothing was deleted. To delete permanently: python -m riskmodel delete {found.id} {options}",
            soft_wrap=True,
        )
    raise typer.Exit(USER_ERROR)


def _rows(workspace: Workspace) -> list[dict[str, Any]]:
    items: list[tuple[Any, str, str, str, int]] = [
        *((source, "source", source.name, "num_bytes", source.num_bytes) for source in workspace.sources.list()),
        *((dataset, "dataset", dataset.title, "num_rows", dataset.num_rows) for dataset in workspace.datasets.list()),
        *(
            (scoring, "scoring", scoring.input_name, "num_rows", scoring.report.num_rows)
            for scoring in workspace.scorings.list()
        ),
    ]
    items.sort(key=lambda item: item[0].created_at, reverse=True)
    return [
        {"kind": kind, "id": record.id, "name": name, unit: size, "created_at": record.created_at.isoformat()}
        for record, kind, name, unit, size in items
    ]


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    size = f"{row['num_bytes']:,} bytes" if "num_bytes" in row else f"{row['num_rows']:,} rows"
    return row["kind"], row["id"], row["name"], size, row["created_at"][:16].replace("T", " ")


def _find(workspace: Workspace, wanted: str, kind: str | None) -> Any:
    """The item with this id or name."""
    from riskmodel.workspace.runs.run_kind import RUN

    if RUN.has_id(wanted):
        raise WorkspaceError(
            f"'{wanted}' is a run. Delete it with: python -m riskmodel edit {wanted} --delete, and permanently delete "
            "all deleted runs with: python -m riskmodel purge --days 0"
        )
    all_items = [item for item in workspace.deletions.items() if kind in (None, item.kind)]
    found = [item for item in all_items if item.id == wanted] or [item for item in all_items if item.name == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        several = "; ".join(f"{item.describe()}, --kind {item.kind}" for item in found)
        raise WorkspaceError(f"{len(found)} items are named '{wanted}': {several}. Give the id, or --kind.")
    raise WorkspaceError(
        f"There is no uploaded file, dataset or scored file '{wanted}' in this workspace. List all with: "
        "python -m riskmodel files"
    )


def _print(item: Dependent, dependents: Sequence[Dependent], verb: str, as_json: bool, *, is_deleted: bool) -> None:
    if as_json:
        listed = [asdict(dependent) for dependent in dependents]
        write_json({"deleted": is_deleted, **asdict(item), "dependents": listed})
        return
    from riskmodel.workspace.queue.job_record import STATE_NAMES

    console = result_console()
    console.print(f"{verb} {item.describe()}{', with' if dependents else ''}", soft_wrap=True)
    for dependent in dependents:
        console.print(
            f"  {dependent.describe()}{f', {STATE_NAMES[dependent.state]}' if dependent.state else ''}", soft_wrap=True
        )

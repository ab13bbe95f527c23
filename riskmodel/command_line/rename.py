"""``python -m riskmodel rename``: a new name for a dataset."""

from __future__ import annotations

from typing import Annotated

import typer

from riskmodel.command_line.shared.console import result_console
from riskmodel.command_line.shared.options import Home
from riskmodel.errors import WorkspaceError


def rename(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Id or name of a dataset.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name.")],
    home: Home = None,
) -> None:
    """Rename a dataset with all its versions.

    Runs and models made from it are unchanged. Runs are renamed with edit --name.
    """
    from riskmodel.workspace.workspace import Workspace

    datasets = Workspace.open(home).datasets
    records = datasets.list()
    found = [record for record in records if record.id == dataset]
    found = found or [record for record in records if dataset in (record.name, record.title)]
    families = {record.family for record in found}
    if len(families) > 1:
        ids = ", ".join(record.id for record in found)
        raise WorkspaceError(f"{len(families)} datasets are named '{dataset}': {ids}. Give the id.")
    if not found:
        raise WorkspaceError(
            f"There is no dataset '{dataset}' in this workspace. List all with: python -m riskmodel files"
        )
    result_console().print(f"{found[0].id} renamed to {datasets.rename(found[0].id, name).name}", soft_wrap=True)

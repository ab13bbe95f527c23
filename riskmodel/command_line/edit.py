"""``python -m riskmodel edit`` and ``empty-bin``: names, tags, notes, archive and bin of runs."""

from __future__ import annotations

from typing import Annotated

import typer

from riskmodel.command_line.shared.console import result_console
from riskmodel.command_line.shared.options import Home
from riskmodel.errors import ConfigError


def edit(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Runs, by id or name.")],
    name: Annotated[str | None, typer.Option(help="Call it otherwise; for one run.")] = None,
    remarks: Annotated[str | None, typer.Option(help="Notes to keep on it; for one run.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Give it this tag; may be given again.")] = None,
    untag: Annotated[list[str] | None, typer.Option(help="Take this tag off; may be given again.")] = None,
    archive: Annotated[
        bool | None, typer.Option("--archive/--unarchive", help="Put it out of the way, or bring it back.")
    ] = None,
    delete: Annotated[
        bool | None, typer.Option("--delete/--restore", help="Put it into the bin, or bring it back.")
    ] = None,
    home: Home = None,
) -> None:
    """Rename, tag, note on, archive or delete runs that are there."""
    from riskmodel.command_line.shared.find_run import find_run
    from riskmodel.workspace.workspace import Workspace

    if all(each is None for each in (name, remarks, tag, untag, archive, delete)):
        raise ConfigError("Nothing to do. Say what, such as --tag champion; --help tells every option.")
    if len(runs) > 1 and (name is not None or remarks is not None):
        raise ConfigError("--name and --remarks are for one run; --tag, --archive and --delete for several.")
    shelf = Workspace.open(home).runs
    ids = [find_run(shelf, run, deleted=delete is False).id for run in runs]
    if delete is False:
        shelf.restore(*ids)
    if name is not None:
        shelf.rename(ids[0], name)
    if remarks is not None:
        shelf.set_remarks(ids[0], remarks)
    if tag or untag:
        shelf.change_tags(*ids, add=tag or [], remove=untag or [])
    if archive is not None:
        (shelf.archive if archive else shelf.unarchive)(*ids)
    if delete:
        shelf.delete(*ids)
    for run_id in ids:
        result_console().print(f"{run_id} changed")


def empty_bin(
    days: Annotated[
        float, typer.Option(min=0, help="Only runs that were deleted so many days ago or earlier; 0 takes all.")
    ] = 30.0,
    home: Home = None,
) -> None:
    """Remove deleted runs for good, with their models. Files scored with them stay."""
    from riskmodel.workspace.workspace import Workspace

    gone = Workspace.open(home).runs.empty_bin(days)
    result_console().print(f"{len(gone)} {'run' if len(gone) == 1 else 'runs'} removed for good")

"""``python -m riskmodel edit`` and ``purge``: names, tags, notes, archive and deletion of runs."""

from __future__ import annotations

from typing import Annotated

import typer

from riskmodel.command_line.shared.console import result_console
from riskmodel.command_line.shared.options import Home
from riskmodel.errors import ConfigError
from riskmodel.wording import count


def edit(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="Runs, by id or name.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="New name; for one run.")] = None,
    notes: Annotated[str | None, typer.Option(metavar="TEXT", help="Notes on the run; for one run.")] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Add this tag; repeatable.")] = None,
    untag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Remove this tag; repeatable.")] = None,
    archive: Annotated[
        bool | None, typer.Option("--archive/--unarchive", help="Archive, or restore from the archive.")
    ] = None,
    delete: Annotated[
        bool | None, typer.Option("--delete/--restore", help="Move to the deleted runs, or restore from there.")
    ] = None,
    home: Home = None,
    remarks: Annotated[str | None, typer.Option(hidden=True, help="Former name of --notes.")] = None,
) -> None:
    """Rename, tag, annotate, archive or delete existing runs."""
    from riskmodel.command_line.shared.find_run import find_id
    from riskmodel.workspace.workspace import Workspace

    notes = remarks if notes is None else notes
    if all(option is None for option in (name, notes, tag, untag, archive, delete)):
        raise ConfigError("Nothing to do. Add an option such as --tag champion; --help lists all options.")
    if len(runs) > 1 and (name is not None or notes is not None):
        raise ConfigError("--name and --notes are for one run; --tag, --archive and --delete for several.")
    catalog = Workspace.open(home).runs
    ids = [find_id(catalog, run, deleted=delete is False) for run in runs]
    if delete is False:
        catalog.restore(*ids)
    if name is not None:
        catalog.rename(ids[0], name)
    if notes is not None:
        catalog.set_notes(ids[0], notes)
    if tag or untag:
        catalog.change_tags(*ids, add=tag or [], remove=untag or [])
    if archive is not None:
        (catalog.archive if archive else catalog.unarchive)(*ids)
    if delete:
        catalog.delete(*ids)
    for run_id in ids:
        result_console().print(f"{run_id} changed")


def purge(
    days: Annotated[
        float, typer.Option(metavar="DAYS", min=0, help="Only runs deleted at least this many days ago; 0: all.")
    ] = 30.0,
    home: Home = None,
) -> None:
    """Permanently delete the deleted runs with their models.

    Files scored with them stay.
    """
    from riskmodel.workspace.workspace import Workspace

    gone = Workspace.open(home).runs.purge(days)
    result_console().print(f"{count(len(gone), 'run')} permanently removed")

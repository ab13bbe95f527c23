"""``stop``, ``cancel``, ``continue``, ``queue`` and ``log``: what is done with a run or search under way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodel.command_line.shared.console import progress_console, result_console, write_json
from riskmodel.command_line.shared.options import AsJson, Home
from riskmodel.errors import ConfigError

if TYPE_CHECKING:
    from riskmodel.workspace.workspace import Workspace

Job = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run or search, or a run's name.")]


def stop(job: Job, home: Home = None) -> None:
    """Stop a run or search; one that waits never begins.

    A run keeps the weights of its best epoch by its configuration's monitor, a search keeps its finished trials.
    """
    _, jobs, job_id = _find(job, home)
    jobs.request_stop(job_id)
    _say_state(jobs, job_id)


def cancel(job: Job, home: Home = None) -> None:
    """End a run or search at once and keep no model of it."""
    _, jobs, job_id = _find(job, home)
    jobs.request_cancel(job_id)
    _say_state(jobs, job_id)


def continue_run(
    job: Annotated[str, typer.Argument(metavar="RUN", help="Id or name of a run that has ended.")],
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many more epochs to train; left out: those that a failed run had left. Leave it out for a run of "
            "several networks.",
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="What to call the new run.")] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Train a run on from where it ended or failed, as a new run, and wait; the old one stays as it is."""
    from riskmodel.command_line.shared.follow import Follower
    from riskmodel.command_line.train import finish
    from riskmodel.jobs.supervisor import ensure_supervisor

    workspace, _, run_id = _find(job, home)
    run = workspace.runs.continue_run(run_id, epochs, name=name)
    ensure_supervisor(workspace)
    console = progress_console()
    console.print(f"{run.id} continues {run_id}", soft_wrap=True)
    finish(workspace, Follower(workspace, run.id, console).wait(), as_json)


def queue(
    job: Annotated[str | None, typer.Argument(metavar="RUN", help="The one to move; left out: show the queue.")] = None,
    place: Annotated[int | None, typer.Option(min=1, help="Move it to this place; 1 is next.")] = None,
    up: Annotated[bool, typer.Option("--up", help="Move it one place up.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Move it one place down.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show which runs and searches wait, the next one first, and move one of them."""
    from riskmodel.workspace.workspace import Workspace

    if (place is not None) + up + down != (job is not None):
        raise ConfigError("To move a run, name it and say where: --place 1, --up or --down. Without either, see all.")
    workspace = Workspace.open(home)
    if job is not None:
        _, jobs, job_id = _find(job, home)
        if place is not None:
            jobs.move(job_id, place)
        elif up:
            jobs.move_up(job_id)
        else:
            jobs.move_down(job_id)
    waiting = [(jobs, jobs.get(job_id)) for jobs, job_id in workspace.waiting()]
    if as_json:
        write_json({"waiting": [{"id": each.id, "name": each.name} for _, each in waiting]})
        return
    console = result_console()
    for number, (_, each) in enumerate(waiting, start=1):
        console.print(f"{number}  {each.id}  {each.name}", soft_wrap=True)
    if not waiting:
        console.print("Nothing waits.")


def log(job: Job, home: Home = None, as_json: AsJson = False) -> None:
    """Tell what was done with a run, line by line."""
    _, jobs, job_id = _find(job, home)
    lines = jobs.log(job_id)
    if as_json:
        write_json({"log": [{"at": line.at.isoformat(), "text": line.text} for line in lines]})
        return
    console = result_console()
    for line in lines:
        console.print(f"{line.at.astimezone():%H:%M:%S}  {line.text}", soft_wrap=True)
    if not lines:
        console.print(f"Nothing was done with {job_id} yet.")


def _find(job: str, home: Path | None) -> tuple[Workspace, Any, str]:
    """The workspace, its runs or searches, and the id of the one that is meant."""
    from riskmodel.command_line.shared.find_run import find_run
    from riskmodel.workspace.runs.searches import SEARCH_ID
    from riskmodel.workspace.workspace import Workspace

    workspace = Workspace.open(home)
    if SEARCH_ID.fullmatch(job):
        return workspace, workspace.searches, workspace.searches.get(job).id
    return workspace, workspace.runs, find_run(workspace.runs, job).id


def _say_state(jobs: Any, job_id: str) -> None:
    job = jobs.get(job_id)
    asked = ", asked to stop" if job.is_live and job.stop_requested else ""
    result_console().print(f"{job_id} {job.state}{asked}")

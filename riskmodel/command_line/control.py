"""``stop``, ``discard``, ``resume``, ``queue`` and ``log``: control of runs and searches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.shared.console import progress_console, result_console, write_json, write_warning
from riskmodel.command_line.shared.options import AsJson, Home
from riskmodel.errors import ConfigError, WorkspaceError

if TYPE_CHECKING:
    from riskmodel.workspace.runs.runs import Runs
    from riskmodel.workspace.searches.searches import Searches
    from riskmodel.workspace.workspace import Workspace

Job = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run or search, or a run's name.")]


def stop(job: Job, home: Home = None) -> None:
    """Stop a run or search; a queued one never starts.

    A run keeps the weights of its best epoch by its configuration's monitor, a search keeps its finished trials.
    """
    _, jobs, job_id = _find(job, home)
    _print_state(jobs, job_id, was_live=jobs.request_stop(job_id))


def discard(job: Job, home: Home = None) -> None:
    """Discard a run or search at once, without a model."""
    _, jobs, job_id = _find(job, home)
    _print_state(jobs, job_id, was_live=jobs.request_cancel(job_id))


def resume(
    job: Annotated[str, typer.Argument(metavar="RUN", help="Id or name of an ended run.")],
    epochs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Additional epochs; default: the remaining epochs of a failed run. Omit for a run of "
            "several networks.",
        ),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the new run.")] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Resume an ended or failed run as a new run, and wait.

    The old run is unchanged.
    """
    from riskmodel.command_line.shared.follow import Follower
    from riskmodel.command_line.shared.run_report import finish
    from riskmodel.jobs.supervisor import ensure_supervisor, keeps_warm_trainer

    keeps_warm_trainer()  # an invalid setting is reported before anything is stored
    workspace, _, run_id = _find(job, home)
    run = workspace.runs.continue_run(run_id, epochs, name=name)
    ensure_supervisor(workspace)
    console = progress_console()
    console.print(f"{run.id} continues {run_id}", soft_wrap=True)
    finish(Follower(workspace, run.id, console).wait(), as_json)


def queue(
    job: Annotated[
        str | None, typer.Argument(metavar="RUN", help="Run or search to move; default: show the queue.")
    ] = None,
    place: Annotated[int | None, typer.Option(metavar="N", min=1, help="New position; 1 is next.")] = None,
    up: Annotated[bool, typer.Option("--up", help="Move one position up.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Move one position down.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the queue of runs and searches, next first, or move one."""
    from riskmodel.workspace.workspace import Workspace

    if (place is not None) + up + down != (job is not None):
        raise ConfigError(
            "To move a run, give its id and one of --place 1, --up or --down. Without options, the queue is shown."
        )
    workspace = Workspace.open(home)
    if job is not None:
        _, jobs, job_id = _find(job, home)
        if place is not None:
            jobs.move(job_id, place)
        elif up:
            jobs.move_up(job_id)
        else:
            jobs.move_down(job_id)
    waiting = [(job_id, _name(jobs, job_id)) for jobs, job_id in workspace.waiting()]
    if as_json:
        write_json({"waiting": [{"id": job_id, "name": name} for job_id, name in waiting]})
        return
    console = result_console()
    for number, (job_id, name) in enumerate(waiting, start=1):
        console.print(f"{number}  {job_id}  {name}", soft_wrap=True)
    if not waiting:
        console.print("The queue is empty.")


def _name(jobs: Runs | Searches, job_id: str) -> str:
    """The name of a job; empty if it cannot be read, which is reported."""
    try:
        return jobs.get(job_id).name
    except WorkspaceError as error:
        write_warning(str(error))
        return ""


def log(job: Job, home: Home = None, as_json: AsJson = False) -> None:
    """Show a run's log."""
    _, jobs, job_id = _find(job, home)
    lines = jobs.log(job_id)
    if as_json:
        write_json({"log": [{"at": line.at.isoformat(), "text": line.text} for line in lines]})
        return
    console = result_console()
    for line in lines:
        console.print(f"{line.at.astimezone():%H:%M:%S}  {line.text}", soft_wrap=True)
    if not lines:
        console.print(f"The log of {job_id} is empty.")


def _find(job: str, home: Path | None) -> tuple[Workspace, Runs | Searches, str]:
    """The workspace, its runs or searches, and the id of the job."""
    from riskmodel.command_line.shared.find_run import find_id
    from riskmodel.workspace.searches.search_record import SEARCH
    from riskmodel.workspace.workspace import Workspace

    workspace = Workspace.open(home)
    if SEARCH.has_id(job):
        return workspace, workspace.searches, workspace.searches.get(job).id
    return workspace, workspace.runs, find_id(workspace.runs, job)


def _print_state(jobs: Runs | Searches, job_id: str, *, was_live: bool) -> None:
    job = jobs.get(job_id)
    if not was_live:
        result_console().print(f"{job_id} has already ended ({job.state_name}). Nothing was changed.", soft_wrap=True)
        return
    asked = ", stop requested" if job.is_live and job.stop_requested else ""
    result_console().print(f"{job_id} {job.state_name}{asked}")

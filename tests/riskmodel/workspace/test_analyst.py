"""Functions for analysts are separate from those for supervisors and trainers."""

import inspect
from typing import Any

import pytest

from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.runs.run_execution import RunExecution
from riskmodel.workspace.searches.search_execution import SearchExecution
from riskmodel.workspace.workspace import Workspace

QUEUE = {"unreadable", "request_stop", "request_cancel", "move", "move_up", "move_down"}
RUNS = QUEUE | {
    *(
        "submit",
        "continue_run",
        "get",
        "list",
        "epochs",
        "number",
        "log",
        "rename",
        "set_tags",
        "change_tags",
        "set_notes",
    ),
    *("archive", "unarchive", "delete", "restore", "remove", "purge"),
}
SEARCHES = QUEUE | {"submit", "resume", "get", "list", "trials", "best_config", "log", "rename", "delete"}


def public_names(offered: object) -> set[str]:
    return {name for name in dir(offered) if not name.startswith("_")}


@pytest.mark.parametrize(("attribute", "names"), [("runs", RUNS), ("searches", SEARCHES)])
def test_an_analyst_has_exactly_these_methods(workspace: Workspace, attribute: str, names: set[str]) -> None:
    assert public_names(getattr(workspace, attribute)) == names


@pytest.mark.parametrize("attribute", ["runs", "searches"])
def test_methods_have_the_arguments_of_the_part_they_call(workspace: Workspace, attribute: str) -> None:
    offered = getattr(workspace, attribute)
    parts = list(vars(offered).values())
    assert parts and not any(isinstance(part, JobExecution) for part in (offered, *parts))
    for name in public_names(offered):
        method = getattr(type(offered), name)
        assert method.__doc__, name
        names = {"list": ("find", "newest")}.get(name, (name,))
        called = [getattr(part, own) for part in parts for own in names if hasattr(part, own)]
        assert arguments(getattr(offered, name)) in [arguments(each) for each in called], name


def arguments(method: Any) -> list[tuple[Any, ...]]:
    parameters = inspect.signature(method).parameters.values()
    return [(each.name, each.kind, each.default) for each in parameters]


def test_claims_and_reports_are_with_the_execution(workspace: Workspace) -> None:
    both = {"claim", "heartbeat", "set_phase", "set_progress", "set_device", "stop_wanted", "fail", "finish"}
    assert (both | {"add_epoch"}) <= public_names(RunExecution)
    assert (both | {"add_trial"}) <= public_names(SearchExecution)
    assert [type(jobs) for jobs in workspace.execution] == [RunExecution, SearchExecution]
    assert not both & (public_names(workspace.runs) | public_names(workspace.searches))

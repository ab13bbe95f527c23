"""Searches in the workspace: submitted, claimed, updated, resumed."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from riskmodel.config.search import SearchConfig
from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.training.searching.trial import TrialResult, TrialState
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, sample_dataset, slice_progress, submit

SEARCH = SearchConfig(fields=("network.dropout", "network.units=8/4"), trials=3)
SUPERVISOR = "host/1/1.0"


def submit_search(workspace: Workspace, search: SearchConfig = SEARCH, name: str = "") -> SearchRecord:
    dataset = workspace.datasets.add(sample_dataset())
    return workspace.searches.submit(dataset.id, QUICK, search, name=name, device="cpu")


def trial(number: int, loss: float | None = 0.4, state: TrialState = "finished", seconds: float = 2.0) -> TrialResult:
    losses = () if loss is None else (0.7, loss)
    values = {"network.dropout": 0.05 * number, "network.units": [4]}
    return TrialResult(number, state, values, losses, loss, 0.75, 2, 2, seconds)


def test_a_search_is_queued_with_its_configuration(workspace: Workspace) -> None:
    record = submit_search(workspace)
    assert (record.state, record.is_live, record.queue_position) == ("queued", True, 1)
    assert (record.config, record.search, record.name) == (QUICK, SEARCH, "customers search 1")
    assert [dimension.path for dimension in record.space] == ["network.dropout", "network.units"]
    assert json.loads((record.folder / "config.json").read_text())["training"]["epochs"] == 3
    assert workspace.searches.list() == [record]
    assert submit_search(workspace).name == "customers search 2"
    assert submit_search(workspace, name=" Wide ").name == "Wide"


def test_runs_and_searches_share_one_queue(workspace: Workspace) -> None:
    first, search, last = submit(workspace), submit_search(workspace), submit(workspace)
    places = [workspace.runs.get(first.id), workspace.searches.get(search.id), workspace.runs.get(last.id)]
    assert [job.queue_position for job in places] == [1, 2, 3]
    assert [run.id for run in workspace.runs.list()] == [last.id, first.id]
    since = [queue.oldest_queued() for queue in workspace.execution]
    assert since[0] is not None and since[1] is not None and since[0] < since[1]
    claimed = workspace.execution.searches.claim(SUPERVISOR)
    assert claimed is not None and (claimed.id, claimed.state) == (search.id, "running")
    assert workspace.execution.searches.oldest_queued() is None and not workspace.execution.searches.has_queued()
    assert workspace.execution.runs.running() == {} and list(workspace.execution.searches.running()) == [search.id]


def test_trials_are_written_as_they_go_and_the_best_is_a_config(workspace: Workspace) -> None:
    record = submit_search(workspace)
    workspace.execution.searches.claim(SUPERVISOR)
    with pytest.raises(WorkspaceError, match=rf"No trial of {record.id} has finished yet"):
        workspace.searches.best_config(record.id)
    workspace.execution.searches.add_trial(record.id, trial(1, None, "running"))
    workspace.execution.searches.add_trial(record.id, trial(1, 0.5, "running"))
    assert workspace.searches.trials(record.id) == [trial(1, 0.5, "running")]
    for each in (trial(1, 0.45), trial(2, 0.4), trial(3, 0.3, "pruned")):
        workspace.execution.searches.add_trial(record.id, each)
    assert [each.number for each in workspace.searches.trials(record.id)] == [1, 2, 3]
    best = workspace.searches.best_config(record.id)
    assert QUICK.differences(best) == {"network.units": ([16], [4]), "network.dropout": (0.5, 0.1)}


def test_a_search_has_a_state_and_an_end(workspace: Workspace) -> None:
    record = submit_search(workspace)
    workspace.execution.searches.claim(SUPERVISOR)
    workspace.execution.searches.set_progress(record.id, replace(slice_progress(500), phase="Trial 2 of 3"))
    now = workspace.searches.get(record.id)
    assert now.phase == "Trial 2 of 3" and now.progress is not None and now.progress.rows_done == 500
    workspace.execution.searches.finish(record.id, stopped=False, notes=["Ended after 2 minutes."])
    done = workspace.searches.get(record.id)
    assert (done.state, done.notes, done.phase, done.is_live) == ("finished", ("Ended after 2 minutes.",), "", False)
    with pytest.raises(WorkspaceError, match="is no longer running"):
        workspace.execution.searches.add_trial(record.id, trial(1))


def test_a_trial_that_a_dead_worker_left_open_counts_as_stopped(workspace: Workspace) -> None:
    record = submit_search(workspace)
    workspace.execution.searches.claim(SUPERVISOR)
    workspace.execution.searches.add_trial(record.id, trial(1))
    workspace.execution.searches.add_trial(record.id, trial(2, 0.5, "running"))
    workspace.execution.searches.fail(record.id, "killed")
    assert [each.state for each in workspace.searches.trials(record.id)] == ["finished", "stopped"]


def test_a_search_that_has_ended_is_resumed_and_waits_behind_the_others(workspace: Workspace) -> None:
    record = submit_search(workspace)
    with pytest.raises(WorkspaceError, match=rf"{record.id} is queued; only an ended search can be resumed"):
        workspace.searches.resume(record.id)
    workspace.execution.searches.claim(SUPERVISOR)
    workspace.execution.searches.add_trial(record.id, trial(1))
    workspace.searches.request_stop(record.id)
    assert workspace.execution.searches.stop_wanted(record.id)
    workspace.execution.searches.finish(record.id, stopped=True)
    other = submit_search(workspace)
    again = workspace.searches.resume(record.id)
    assert (again.state, again.stop_requested, again.error, again.queue_position) == ("queued", False, None, 2)
    assert workspace.searches.trials(record.id) == [trial(1)]
    claimed = workspace.execution.searches.claim(SUPERVISOR)
    assert claimed is not None and claimed.id == other.id
    workspace.execution.searches.claim(SUPERVISOR)
    workspace.execution.searches.fail(record.id, "why")
    more = workspace.searches.resume(record.id, trials=5, minutes=2.0)
    assert (more.search.trials, more.search.minutes, more.search.fields) == (5, 2.0, SEARCH.fields)


def test_a_search_with_all_trials_completed_resumes_only_with_a_larger_total(workspace: Workspace) -> None:
    record = submit_search(workspace)
    workspace.execution.searches.claim(SUPERVISOR)
    for number in (1, 2, 3):
        workspace.execution.searches.add_trial(record.id, trial(number))
    workspace.execution.searches.finish(record.id, stopped=False)
    with pytest.raises(
        WorkspaceError, match=rf"{record.id} has completed its 3 trials\. Set a larger total: 6, for instance"
    ):
        workspace.searches.resume(record.id)
    with pytest.raises(WorkspaceError, match=r"has used its 0\.1 minutes\. Set a larger total"):
        workspace.searches.resume(record.id, trials=6, minutes=0.1)  # three trials took six seconds
    with pytest.raises(ConfigError, match="must be greater than or equal to 1"):
        workspace.searches.resume(record.id, trials=0)
    assert workspace.searches.resume(record.id, trials=4).state == "queued"


def test_a_stop_while_it_waits_ends_it_at_once(workspace: Workspace) -> None:
    record = submit_search(workspace)
    workspace.searches.request_stop(record.id)
    stopped = workspace.searches.get(record.id)
    assert (stopped.state, stopped.notes) == ("stopped", ("Stopped before it started.",))


def test_what_cannot_be_searched_is_not_queued(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    with pytest.raises(ConfigError, match=r"There is no field 'network\.members' to search"):
        workspace.searches.submit(dataset.id, QUICK, SearchConfig(fields=("network.members",)))
    with pytest.raises(ConfigError, match="The device must be one of auto, cpu, gpu; received 'tpu'"):
        workspace.searches.submit(dataset.id, QUICK, SEARCH, device="tpu")
    with pytest.raises(WorkspaceError, match="There is no dataset '0000000000000000'"):
        workspace.searches.submit("0" * 16, QUICK, SEARCH)
    assert workspace.searches.list() == []


def test_a_deleted_search_is_gone_with_its_trials(workspace: Workspace) -> None:
    record = submit_search(workspace)
    workspace.execution.searches.claim(SUPERVISOR)
    workspace.execution.searches.add_trial(record.id, trial(1))
    with pytest.raises(WorkspaceError, match="is running; only an ended search can be deleted"):
        workspace.searches.delete(record.id)
    workspace.execution.searches.fail(record.id, "why")
    workspace.searches.delete(record.id)
    assert not record.folder.exists()
    with workspace._database.reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM trials")) == 0
    with pytest.raises(
        WorkspaceError, match=r"There is no search 'search-.* List them with: python -m riskmodel searches"
    ):
        workspace.searches.get(record.id)


@pytest.mark.parametrize("search_id", ["../search-0123456789", "run-0123456789", "search-0123456789\n", ""])
def test_an_invalid_id_raises_before_it_becomes_a_path(workspace: Workspace, search_id: str) -> None:
    for act in (workspace.searches.get, workspace.searches.trials, workspace.searches.delete):
        with pytest.raises(WorkspaceError, match="must be 'search-' and ten hexadecimal digits"):
            act(search_id)

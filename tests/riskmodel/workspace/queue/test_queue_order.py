"""The common queue of runs and searches, and positions in it."""

import subprocess
import sys
from pathlib import Path

import pytest

from riskmodel.config.search import SearchConfig
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, sample_dataset, submit

ROOT = Path(__file__).resolve().parents[4]
SEARCH = SearchConfig(fields=("network.dropout",), trials=2)


def submit_search(workspace: Workspace) -> SearchRecord:
    dataset = workspace.datasets.add(sample_dataset())
    return workspace.searches.submit(dataset.id, QUICK, SEARCH)


def names_in_order(workspace: Workspace, **jobs: RunRecord | SearchRecord) -> str:
    """The names of queued jobs, the next one first."""
    places = {
        name: (workspace.runs if job.id.startswith("run") else workspace.searches).get(job.id).queue_position
        for name, job in jobs.items()
    }
    waiting = {place: name for name, place in places.items() if place is not None}
    assert sorted(waiting) == list(range(1, len(waiting) + 1))
    return "".join(waiting[place] for place in sorted(waiting))


def test_one_can_be_moved_up_down_and_to_any_place_across_both_kinds(workspace: Workspace) -> None:
    jobs = {"a": submit(workspace), "b": submit_search(workspace), "c": submit(workspace), "d": submit(workspace)}
    runs, searches = workspace.runs, workspace.searches
    assert names_in_order(workspace, **jobs) == "abcd"
    assert runs.move(jobs["d"].id, 1).queue_position == 1
    assert names_in_order(workspace, **jobs) == "dabc"
    assert searches.move_down(jobs["b"].id).queue_position == 4
    assert names_in_order(workspace, **jobs) == "dacb"
    assert runs.move_up(jobs["c"].id).queue_position == 2
    assert names_in_order(workspace, **jobs) == "dcab"
    runs.move(jobs["d"].id, 99)
    assert names_in_order(workspace, **jobs) == "cabd"
    runs.move_up(jobs["c"].id)  # the first stays
    runs.move_down(jobs["d"].id)  # the last stays
    assert names_in_order(workspace, **jobs) == "cabd"


def test_workers_take_them_in_that_order_and_later_ones_still_come_last(workspace: Workspace) -> None:
    jobs = {"a": submit(workspace), "b": submit(workspace), "s": submit_search(workspace)}
    workspace.searches.move(jobs["s"].id, 1)
    workspace.runs.move_up(jobs["b"].id)
    jobs["z"] = submit(workspace)
    assert names_in_order(workspace, **jobs) == "sbaz"
    taken = []
    for _ in range(4):
        waiting = [(place, queue) for queue in workspace.execution if (place := queue.oldest_queued()) is not None]
        taken.append(min(waiting, key=lambda each: each[0])[1].claim("host/1/1.0").id)
    assert taken == [jobs[name].id for name in "sbaz"]


def test_only_one_that_waits_can_be_moved(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    for move in (workspace.runs.move_up, workspace.runs.move_down, lambda job_id: workspace.runs.move(job_id, 1)):
        with pytest.raises(WorkspaceError, match=f"{run.id} is running; only a queued run can be moved"):
            move(run.id)
    with pytest.raises(WorkspaceError, match="There is no run 'run-0000000000'"):
        workspace.runs.move("run-0000000000", 1)
    with pytest.raises(WorkspaceError, match="is not a valid run id"):
        workspace.runs.move("../etc", 1)


def test_a_search_that_is_resumed_comes_last_again(workspace: Workspace) -> None:
    search, run = submit_search(workspace), submit(workspace)
    workspace.searches.move(search.id, 1)
    workspace.searches.request_stop(search.id)
    workspace.searches.resume(search.id)
    assert names_in_order(workspace, s=search, r=run) == "rs"


def test_two_processes_that_move_at_once_lose_none_and_double_none(workspace: Workspace) -> None:
    ids = [submit(workspace).id for _ in range(4)]
    program = (
        "import random, sys\nfrom riskmodel.workspace.workspace import Workspace\n"
        "workspace, chosen = Workspace.open(sys.argv[1]), random.Random(sys.argv[2])\n"
        "for _ in range(25): workspace.runs.move(chosen.choice(sys.argv[3:]), chosen.randint(1, 4))"
    )
    movers = [
        subprocess.Popen([sys.executable, "-c", program, str(workspace.home), seed, *ids], cwd=ROOT) for seed in "12"
    ]
    assert [mover.wait(timeout=60) for mover in movers] == [0, 0]
    assert sorted(workspace.runs.get(each).queue_position or 0 for each in ids) == [1, 2, 3, 4]
    wanted = sorted(ids)
    for place, each in enumerate(wanted, start=1):  # and it can still be put into any order
        workspace.runs.move(each, place)
    assert [workspace.runs.get(each).queue_position for each in wanted] == [1, 2, 3, 4]

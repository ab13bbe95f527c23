"""A search with the real supervisor and its trainers: completed, stopped, killed, resumed."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.jobs.supervisor import ensure_supervisor, supervisor_status
from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.workspace import Workspace
from tests.processes import end_processes_of
from tests.riskmodel.workspace.examples import sample_dataset
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

LONG = RunConfig.from_dict({"network": {"units": [64, 64]}, "training": {"epochs": 200, "batch_size": 32}})
FIELDS = ("network.dropout", "training.learning_rate=0.001..0.01")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    home = tmp_path_factory.mktemp("search_jobs") / "home"
    opened = Workspace.open(home)
    yield opened
    opened.close()
    end_processes_of(home)


def start(studio: Workspace, trials: int) -> SearchRecord:
    dataset = studio.datasets.add(sample_dataset(800))
    record = studio.searches.submit(dataset.id, LONG, SearchConfig(fields=FIELDS, trials=trials), device="cpu")
    ensure_supervisor(studio)
    return record


def wait_until_ended(studio: Workspace, record: SearchRecord) -> SearchRecord:
    wait_for(lambda: not studio.searches.get(record.id).is_live, f"the end of {record.id}", seconds=90)
    return studio.searches.get(record.id)


def finished(trials: list[TrialResult]) -> list[TrialResult]:
    return [trial for trial in trials if trial.state == "finished"]


def test_a_stop_and_a_killed_trainer_keep_the_trials_and_resuming_adds_the_rest(studio: Workspace) -> None:
    record = start(studio, trials=3)
    wait_for(lambda: bool(finished(studio.searches.trials(record.id))), "the first trial")
    wait_for(lambda: len(studio.searches.trials(record.id)) > 1, "the second trial")
    studio.searches.request_stop(record.id)
    stopped = wait_until_ended(studio, record)
    assert (stopped.state, stopped.error) == ("stopped", None)
    kept = finished(studio.searches.trials(record.id))
    assert 1 <= len(kept) < 3

    studio.searches.resume(record.id, trials=len(kept) + 1)
    wait_for(lambda: any(trial.state == "running" for trial in studio.searches.trials(record.id)), "the next trial")
    status = supervisor_status(studio.home)
    assert status is not None
    trainers = sorted(psutil.Process(status.pid).children(), key=lambda process: process.create_time())
    os.kill(trainers[0].pid, signal.SIGKILL)
    failed = wait_until_ended(studio, record)
    assert failed.state == "failed"
    assert "The trainer was killed (SIGKILL)" in (failed.error or "")
    assert "Then resume the search." in (failed.error or "")
    assert {trial.state for trial in studio.searches.trials(record.id)} <= {"finished", "stopped"}

    studio.searches.resume(record.id)
    done = wait_until_ended(studio, record)
    assert (done.state, done.error, done.device_used) == ("finished", None, "cpu")
    assert done.log_path.is_file() and done.log_path.parent == studio.home / "searches" / record.id
    trials = studio.searches.trials(record.id)
    assert trials[: len(kept)] == kept  # not trained again: their seconds are the same
    assert [trial.number for trial in trials] == list(range(1, len(kept) + 2))
    assert trials[-1].state in ("finished", "pruned")

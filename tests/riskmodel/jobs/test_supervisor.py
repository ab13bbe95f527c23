"""The supervisor and its real trainers as separate processes with TensorFlow: all ends of a run."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.jobs import supervisor
from riskmodel.jobs.lock import SupervisorLock
from riskmodel.jobs.supervisor import ensure_supervisor, run_supervisor, supervisor_status
from riskmodel.jobs.trainer_process import TrainerProcess
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.tables.sample import write_sample
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.workspace import Workspace
from tests.processes import end_processes_of
from tests.riskmodel.jobs.actors import command, exists, supervisor_alive
from tests.riskmodel.workspace.examples import LONG, QUICK, sample_dataset
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[3]
STOP_SECONDS = 5
"""The budget is 2 s on a machine that is left alone (`tests.benchmarks.startup`); tests run beside others."""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose supervisor is started by the first test and ended after the last."""
    home = tmp_path_factory.mktemp("jobs") / "home"
    opened = Workspace.open(home)
    yield opened
    opened.close()
    end_processes_of(home)


def start_run(studio: Workspace, config: RunConfig) -> RunRecord:
    dataset = studio.datasets.add(sample_dataset(2000))
    run = studio.runs.submit(dataset.id, config, device="cpu")
    ensure_supervisor(studio)
    return run


def start_learning(studio: Workspace) -> RunRecord:
    """A run of many epochs, two of them completed."""
    run = start_run(studio, LONG)
    wait_for(lambda: len(studio.runs.epochs(run.id)) >= 2, f"two epochs: {studio.runs.get(run.id)}")
    return run


def wait_until_ended(studio: Workspace, run: RunRecord, seconds: float = 60) -> tuple[RunRecord, float]:
    took = wait_for(lambda: not studio.runs.get(run.id).is_live, f"the end of {run.id}", seconds)
    return studio.runs.get(run.id), took


def supervisor_process(studio: Workspace) -> psutil.Process:
    status = supervisor_status(studio.home)
    assert status is not None
    return psutil.Process(status.pid)


def trainer_of_the_run(studio: Workspace) -> psutil.Process:
    """The older of the supervisor's trainers; the younger one starts for the next run."""
    return min(supervisor_process(studio).children(), key=lambda process: process.create_time())


def check_trained(studio: Workspace, done: RunRecord, tmp_path: Path) -> None:
    """A run of `QUICK` completed all of its epochs, and its model can score."""
    assert done.state == "finished", done.error
    assert [epoch.epoch for epoch in studio.runs.epochs(done.id)] == [1, 2, 3]
    assert done.best_epoch in (1, 2, 3)
    assert (done.device_used, done.device_note, done.phase) == ("cpu", "", "")
    assert done.progress is not None and done.progress.rows_done == done.progress.rows_total == 3 * 1200
    assert done.metrics["test"]["num_rows"] == done.metrics["validation"]["num_rows"] == 400

    predictions = pq.read_table(done.predictions_path)
    assert predictions.column_names == ["row", "part", "bad", "probability"] and predictions.num_rows == 2000
    assert done.model_folder is not None
    write_sample(tmp_path / "new.csv", 200, 11)
    source = studio.sources.add("new.csv", tmp_path / "new.csv")
    scored = studio.scorings.score(RiskModel.load(done.model_folder), done.id, source)
    assert (scored.report.num_rows, scored.report.num_scored) == (200, 200)
    assert pq.read_table(scored.parquet_path).num_rows == 200
    log = done.log_path.read_text()
    assert "Epoch 3 of 3" in log and "Traceback" not in log


@pytest.mark.slow
def test_a_live_run_is_found_again_and_fails_with_the_reason_when_its_trainer_is_killed(studio: Workspace) -> None:
    run = start_learning(studio)
    reopened = Workspace.open(studio.home)  # as the studio does after a restart
    ensure_supervisor(reopened)
    found = reopened.runs.get(run.id)
    assert found.state == "running" and found.is_live and found.progress is not None
    seen = len(reopened.runs.epochs(run.id))
    wait_for(lambda: len(reopened.runs.epochs(run.id)) > seen, "the curve to go on")
    beat = found.heartbeat_at
    wait_for(lambda: reopened.runs.get(run.id).heartbeat_at != beat, "a heartbeat", seconds=10)

    after = start_run(reopened, LONG)
    assert reopened.runs.get(after.id).queue_position == 1
    trainer_of_the_run(reopened).kill()
    failed, took = wait_until_ended(reopened, run, seconds=30)
    assert failed.state == "failed" and took < 10
    assert "The trainer was killed (SIGKILL)" in (failed.error or "")
    assert len(reopened.runs.epochs(run.id)) >= 2
    assert failed.model_folder is None
    reopened.close()


@pytest.mark.slow
def test_the_next_run_is_trained_and_a_stop_keeps_its_best_weights(studio: Workspace) -> None:
    [run] = [run for run in studio.runs.list() if run.is_live]
    wait_for(lambda: len(studio.runs.epochs(run.id)) >= 2, "two epochs of the next run")
    studio.runs.request_stop(run.id)
    stopped, took = wait_until_ended(studio, run)
    assert stopped.state == "stopped", stopped.error
    assert took < STOP_SECONDS
    epochs = studio.runs.epochs(run.id)
    best = min(epochs, key=lambda epoch: epoch.validation_loss)
    assert stopped.best_epoch == best.epoch and len(epochs) < 2000
    assert stopped.model_folder is not None
    # The epochs' loss is Keras's, the figure is worked out from the bundle's ONNX network: the weights are the best's.
    assert stopped.metrics["validation"]["log_loss"] == pytest.approx(best.validation_loss, abs=1e-4)


@pytest.mark.slow
def test_a_run_on_jax_is_trained_to_its_end_and_scores(studio: Workspace, tmp_path: Path) -> None:
    run = start_run(studio, QUICK.model_copy(update={"backend": "jax"}))
    done, _ = wait_until_ended(studio, run, seconds=120)
    check_trained(studio, done, tmp_path)
    assert done.model_folder is not None
    environment = RiskModel.load(done.model_folder).environment
    assert "jax" in environment and "tensorflow" not in environment
    assert studio.speeds.get("cpu", "jax") is not None


@pytest.mark.slow
def test_a_killed_supervisor_ends_its_trainer_and_any_reader_of_its_run_records_the_reason(
    studio: Workspace,
) -> None:
    run = start_learning(studio)
    boss = supervisor_process(studio)
    trainers = boss.children()
    boss.kill()
    psutil.wait_procs([boss, *trainers], timeout=10)
    assert not any(trainer.is_running() for trainer in trainers)
    wait_for(lambda: not supervisor_alive(studio), "the lock to be free", seconds=10)
    assert supervisor_status(studio.home) is None
    failed = studio.runs.get(run.id)  # no supervisor and no page is needed for it
    assert failed.state == "failed"
    assert (failed.error or "").startswith("The supervisor of this run ended unexpectedly, and its trainer with it.")


@pytest.mark.slow
def test_many_calls_start_one_supervisor_and_a_second_raises(studio: Workspace) -> None:
    threads = [threading.Thread(target=ensure_supervisor, args=(studio,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_for(lambda: supervisor_status(studio.home) is not None, "the supervisor to speak")
    words = [process.cmdline() for process in psutil.process_iter() if process.status() != psutil.STATUS_ZOMBIE]
    mine = [line for line in words if "riskmodel.jobs.supervisor" in line and str(studio.home) in line]
    assert len(mine) == 1
    with pytest.raises(WorkspaceError, match=r"Another supervisor already serves the workspace .* one is enough"):
        run_supervisor(studio.home)


@pytest.mark.slow
def test_a_supervisor_that_is_asked_to_end_frees_its_place(studio: Workspace) -> None:
    ensure_supervisor(studio)
    wait_for(lambda: supervisor_status(studio.home) is not None, "the supervisor to speak")
    boss = supervisor_process(studio)
    trainers = boss.children()
    boss.terminate()
    wait_for(lambda: not supervisor_alive(studio), "the lock to be free", seconds=10)
    psutil.wait_procs(trainers, timeout=10)
    assert not any(exists(trainer.pid) for trainer in trainers)
    assert not (studio.home / supervisor.STATUS_FILE).exists()


@pytest.fixture
def stand_in_trainers(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(home: Path, kind: str, backend: str) -> TrainerProcess:
        return TrainerProcess(home, "cpu", command("finishes"))

    monkeypatch.setattr(supervisor, "TrainerProcess", start)


def test_a_supervisor_with_nothing_to_do_ends_and_frees_its_place(
    workspace: Workspace, stand_in_trainers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "IDLE_SECONDS", 1.0)
    dataset = workspace.datasets.add(sample_dataset())
    run = workspace.runs.submit(dataset.id, QUICK)
    before = signal.getsignal(signal.SIGTERM)
    run_supervisor(workspace.home)
    assert workspace.runs.get(run.id).state == "finished"  # it did not end with work in the queue
    assert not supervisor_alive(workspace)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_supervisor_whose_workspace_was_deleted_ends(workspace: Workspace, stand_in_trainers: None) -> None:
    timer = threading.Timer(1.5, shutil.rmtree, args=(workspace.home,))
    timer.start()
    run_supervisor(workspace.home)
    timer.join()
    assert not workspace.home.exists()


def test_a_crashed_supervisor_is_reported_once_with_its_last_output(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false") or "false")
    ensure_supervisor(workspace)
    wait_for(lambda: not supervisor_alive(workspace), "the end of a program that only fails", seconds=10)
    (workspace.home / supervisor.LOG_FILE).write_text("Traceback\nImportError: no library\n")
    with pytest.raises(WorkspaceError, match=r"crashed: ImportError: no library Its log is .*supervisor\.log"):
        ensure_supervisor(workspace)
    wait_for(lambda: not supervisor_alive(workspace), "the end of the next one", seconds=10)
    monkeypatch.setattr(sys, "executable", shutil.which("true") or "true")
    with pytest.raises(WorkspaceError, match="crashed"):
        ensure_supervisor(workspace)
    wait_for(lambda: not supervisor_alive(workspace), "the end of one that ends well", seconds=10)
    ensure_supervisor(workspace)  # one that ended without a fault is no news


def test_a_status_of_a_dead_supervisor_and_a_damaged_one_do_not_count(workspace: Workspace) -> None:
    assert supervisor_status(workspace.home) is None
    for status in ('{"supervisor": "host/1/1.00", "trainer": "ready"}', "", "{", '{"supervisor": "x"}', "[]", "\x00"):
        (workspace.home / supervisor.STATUS_FILE).write_text(status)
        assert supervisor_status(workspace.home) is None


def test_a_second_supervisor_reports_the_lock_on_the_command_line(workspace: Workspace) -> None:
    lock = SupervisorLock.acquire(workspace.home)
    assert lock is not None
    words = [sys.executable, "-m", "riskmodel", "supervisor", "--home", str(workspace.home)]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
    lock.release()
    assert found.returncode == 2
    assert "Another supervisor already serves the workspace" in found.stderr


def test_an_invalid_setting_of_the_warm_trainer_is_reported(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RISKMODEL_WARM_TRAINER", "no")
    with pytest.raises(ConfigError, match=r"RISKMODEL_WARM_TRAINER must be 'on' or 'off'; received 'no'\."):
        ensure_supervisor(workspace)
    assert not supervisor_alive(workspace)

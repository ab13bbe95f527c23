"""The queue worker with stand-in trainers: real processes, no TensorFlow."""

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.errors import WorkspaceError
from riskmodel.jobs import queue_worker
from riskmodel.jobs.devices import DeviceChoice
from riskmodel.jobs.queue_worker import QueueWorker
from riskmodel.workspace.runs.run_record import CHECKPOINT_FILE, RunRecord
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import write_file
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.jobs.actors import Cast, exists
from tests.riskmodel.workspace.examples import QUICK, checkpoint, submit


@pytest.fixture
def cast(workspace: Workspace) -> Iterator[Cast]:
    made = Cast(workspace.home, "finishes")
    yield made
    made.end()


@pytest.fixture
def worker(workspace: Workspace, cast: Cast) -> Iterator[QueueWorker]:
    made = QueueWorker(workspace, cast)
    yield made
    made.close()


def turn_until(worker: QueueWorker, condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        worker.step()
        time.sleep(0.01)


def turn_until_ended(worker: QueueWorker, workspace: Workspace, run: RunRecord) -> RunRecord:
    turn_until(worker, lambda: not workspace.runs.get(run.id).is_live)
    return workspace.runs.get(run.id)


def test_a_waiting_trainer_trains_the_next_run_and_a_new_one_is_started(
    workspace: Workspace, worker: QueueWorker, cast: Cast
) -> None:
    turn_until(worker, lambda: worker.trainer_state == "ready")
    assert len(cast.started) == 1
    run = submit(workspace)
    done = turn_until_ended(worker, workspace, run)
    assert (done.state, done.device_used) == ("finished", "cpu")
    assert done.log_path.is_file()
    turn_until(worker, lambda: worker.trainer_state == "ready" and worker.idle_since is not None)
    assert len(cast.started) == 2


def test_without_a_warm_trainer_each_run_starts_its_own(workspace: Workspace, cast: Cast) -> None:
    worker = QueueWorker(workspace, cast, keeps_warm=False)
    worker.step()
    assert (worker.trainer_state, len(cast.started)) == ("absent", 0)
    runs = [submit(workspace) for _ in range(2)]
    for number, run in enumerate(runs, start=1):
        assert turn_until_ended(worker, workspace, run).state == "finished"
        assert len(cast.started) == number
    worker.close()


def test_runs_are_trained_one_at_a_time_in_their_order(workspace: Workspace, worker: QueueWorker) -> None:
    runs = [submit(workspace) for _ in range(3)]
    turn_until_ended(worker, workspace, runs[-1])
    records = [workspace.runs.get(run.id) for run in runs]
    assert [record.state for record in records] == ["finished"] * 3
    for before, after in itertools.pairwise(records):
        assert before.finished_at and after.started_at and before.finished_at <= after.started_at


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (
            "is killed",
            "Unless it was killed manually, the machine ran out of memory. Reduce one of these: batch size (now 128); "
            "units (now 16); or use fewer customers or columns, or close other programs. Then train again.",
        ),
        ("fails", "exit code 1). Its last output: ValueError: the sky fell"),
        ("breaks while warming", "exit code 1). Its last output: ImportError: no tensorflow here"),
    ],
)
def test_a_run_whose_trainer_dies_fails_and_the_next_continues(
    workspace: Workspace, worker: QueueWorker, cast: Cast, role: str, words: str
) -> None:
    cast.role = role
    run = submit(workspace)
    failed = turn_until_ended(worker, workspace, run)
    assert failed.state == "failed"
    assert words in (failed.error or "")
    cast.role = "finishes"
    if worker.trainer_state != "absent":  # one was started in the old role
        os.kill(cast.started[-1].pid, signal.SIGKILL)
        turn_until(worker, lambda: worker.trainer_state == "absent")
    assert turn_until_ended(worker, workspace, submit(workspace)).state == "finished"


def test_a_running_run_that_becomes_unreadable_does_not_block_the_queue(
    workspace: Workspace, worker: QueueWorker, cast: Cast
) -> None:
    cast.role = "waits"
    run, following = submit(workspace), submit(workspace)
    turn_until(worker, lambda: workspace.runs.get(run.id).state == "running")
    with workspace._database.writing() as connection:
        connection.execute(sa.update(db.runs).where(db.runs.c.id == run.id).values(notes="{"))
    cast.role = "finishes"
    os.kill(cast.started[0].pid, signal.SIGKILL)
    assert turn_until_ended(worker, workspace, following).state == "finished"
    assert "The trainer was killed (SIGKILL)" in workspace.runs.log(run.id)[-1].text


def test_a_run_killed_while_a_larger_network_is_trained_names_the_remedy(
    workspace: Workspace, worker: QueueWorker, cast: Cast
) -> None:
    cast.role = "waits"
    run = submit(workspace)
    turn_until(worker, lambda: workspace.runs.get(run.id).state == "running")
    network = run.config.network.model_copy(update={"units": (32,)})
    write_file(run.folder / CHECKPOINT_FILE, replace(checkpoint(3), config=run.config).write)
    workspace.execution.runs.set_config(run.id, run.config.model_copy(update={"network": network}), ())
    os.kill(cast.started[0].pid, signal.SIGKILL)
    failed = turn_until_ended(worker, workspace, run)
    assert failed.config == run.config
    assert failed.error == (
        "While a larger network was trained: the trainer was killed (SIGKILL). Unless it was killed manually, the "
        "machine ran out of memory. The weights of epoch 3 were saved. To continue the training from there, use "
        "Continue on the Train page or "
        f"python -m riskmodel resume {run.id}"
    )


def test_a_stop_before_the_trainer_is_warm_is_obeyed_at_once(
    workspace: Workspace, worker: QueueWorker, cast: Cast
) -> None:
    cast.role = "never gets warm"
    run = submit(workspace)
    turn_until(worker, lambda: workspace.runs.get(run.id).phase == "Starting a trainer")
    workspace.runs.request_stop(run.id)
    stopped = turn_until_ended(worker, workspace, run)
    assert (stopped.state, stopped.model_folder) == ("stopped", None)
    assert stopped.notes == ("Stopped before it started; there is no model.",)
    assert not exists(cast.started[0].pid)


@pytest.mark.parametrize("role", ["waits", "never gets warm", "saves and waits"])
def test_the_trainer_of_a_discarded_run_ends_within_two_seconds(
    workspace: Workspace, worker: QueueWorker, cast: Cast, role: str
) -> None:
    cast.role = role
    run = submit(workspace)
    wanted = "Saving" if role == "saves and waits" else "Starting a trainer"
    turn_until(worker, lambda: workspace.runs.get(run.id).phase == wanted)
    worker.step()
    workspace.runs.request_cancel(run.id)
    asked = time.monotonic()
    turn_until(worker, lambda: not exists(cast.started[0].pid), seconds=2)
    assert time.monotonic() - asked < 2
    cancelled = workspace.runs.get(run.id)
    assert (cancelled.state, cancelled.model_folder, cancelled.error) == ("cancelled", None, None)
    assert not (run.folder / "model").exists() and not (run.folder / "predictions.parquet").exists()
    cast.role = "finishes"
    for trainer in cast.started[1:]:  # one may be warm in the old role
        os.kill(trainer.pid, signal.SIGKILL)
    assert turn_until_ended(worker, workspace, submit(workspace)).state == "finished"


def test_the_next_trainer_does_not_get_warm_before_the_first_epoch(
    workspace: Workspace, worker: QueueWorker, cast: Cast
) -> None:
    cast.role = "never gets warm"  # and so never learns
    run = submit(workspace)
    turn_until(worker, lambda: workspace.runs.get(run.id).state == "running")
    for _ in range(20):
        worker.step()
    assert len(cast.started) == 1


def test_a_waiting_trainer_that_dies_is_replaced_later_and_later(
    worker: QueueWorker, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.role = "breaks while warming"
    now = time.monotonic()
    turn_until(worker, lambda: len(cast.started) == 1 and worker.trainer_state == "absent")
    turn_until(worker, lambda: len(cast.started) == 2)
    assert time.monotonic() - now >= 2
    turn_until(worker, lambda: worker.trainer_state == "absent")
    for _ in range(50):
        worker.step()
    assert len(cast.started) == 2  # the next comes after four seconds


def test_a_run_for_another_device_gets_a_trainer_of_that_device(
    workspace: Workspace, worker: QueueWorker, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_until(worker, lambda: worker.trainer_state == "ready")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(queue_worker, "choose_device", lambda requested: DeviceChoice("gpu", "Because."))
    cast.role = "tells its device"
    run = submit(workspace, device="gpu")
    turn_until(worker, lambda: workspace.runs.get(run.id).phase == "gpu None")
    assert not exists(cast.started[0].pid)
    now = workspace.runs.get(run.id)
    assert (now.device_used, now.device_note) == ("gpu", "Because.")


def on_jax(config: RunConfig = QUICK) -> RunConfig:
    return config.model_copy(update={"backend": "jax"})


def test_a_run_on_jax_starts_a_trainer_on_jax_and_the_next_waiting_trainer_uses_jax(
    workspace: Workspace, worker: QueueWorker, cast: Cast
) -> None:
    turn_until(worker, lambda: worker.trainer_state == "ready")
    assert turn_until_ended(worker, workspace, submit(workspace, on_jax())).state == "finished"
    turn_until(worker, lambda: worker.trainer_state == "ready")
    assert [trainer.backend for trainer in cast.started] == ["tensorflow", "jax", "jax"]
    assert not exists(cast.started[0].pid)
    assert turn_until_ended(worker, workspace, submit(workspace)).state == "finished"
    turn_until(worker, lambda: worker.trainer_state == "ready")
    assert [trainer.backend for trainer in cast.started][3:] == ["tensorflow", "tensorflow"]


def test_a_run_on_missing_jax_fails_with_the_install_command(
    workspace: Workspace, worker: QueueWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    failed = turn_until_ended(worker, workspace, submit(workspace, on_jax()))
    assert failed.state == "failed"
    assert "the package jax, which is not installed here. Install it with: pip install jax" in (failed.error or "")
    assert turn_until_ended(worker, workspace, submit(workspace)).state == "finished"


def test_a_worker_that_ends_ends_its_trainers_and_fails_its_run(
    workspace: Workspace, worker: QueueWorker, cast: Cast
) -> None:
    cast.role = "waits"
    run = submit(workspace)
    turn_until(worker, lambda: worker.trainer_state == "ready")
    worker.close()
    assert not any(exists(trainer.pid) for trainer in cast.started)
    failed = workspace.runs.get(run.id)
    assert (failed.state, failed.error) == (
        "failed",
        "The supervisor was stopped during this run. Train it again.",
    )


def test_what_a_full_disk_kept_from_being_written_is_written_later(
    workspace: Workspace, worker: QueueWorker, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.role = "waits"
    run = submit(workspace)
    turn_until(worker, lambda: worker.trainer_state == "ready")
    os.kill(cast.started[0].pid, signal.SIGKILL)

    def refuse(*_: object) -> bool:
        raise WorkspaceError("no space left")

    with monkeypatch.context() as full_disk:
        full_disk.setattr(type(workspace.execution.runs), "fail", refuse)
        with pytest.raises(WorkspaceError, match="no space left"):
            turn_until(worker, lambda: False)
    assert workspace.runs.get(run.id).state == "running"
    assert "SIGKILL" in (turn_until_ended(worker, workspace, run).error or "")


def test_a_trainer_that_cannot_start_fails_the_run_with_a_message(
    workspace: Workspace, worker: QueueWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(kind: str, backend: str) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(worker, "_start_trainer", refuse)
    run = submit(workspace)
    failed = turn_until_ended(worker, workspace, run)
    assert failed.state == "failed"
    assert "The run could not start" in (failed.error or "") and "temporarily unavailable" in (failed.error or "")

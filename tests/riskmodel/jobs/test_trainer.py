"""Records of the trainer at the end of a run, with a simulated training; the real one is in test_supervisor."""

import errno
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmodel.errors import TrainingError
from riskmodel.jobs import reporter, trainer
from riskmodel.jobs.trainer import no_gpu_note, train_run
from riskmodel.training.fitting.checkpoint import Checkpoints
from riskmodel.workspace.runs.run_record import CHECKPOINT_FILE
from riskmodel.workspace.storage.disk_reserve import RESERVE_FILE
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import checkpoint, epoch_result, submit


def save(folder: Path) -> None:
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")


def save_on_full_disk(folder: Path) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def trained(save: Callable[[Path], None] = save, stopped: bool = False) -> Any:
    return SimpleNamespace(
        model=SimpleNamespace(save=save),
        stopped=stopped,
        best_epoch=3,
        metrics={"test": SimpleNamespace(to_dict=lambda: {"auc": 0.75})},
        notes=("Column 'a' left out.",),
        checkpoint=None,
        predictions=pa.table({"row": [0, 1], "probability": [0.25, 0.5]}),
    )


class Training:
    """Stands in for the pipeline."""

    def __init__(self) -> None:
        self.result: Any = trained()
        self.device = ""
        self.resumed: Any = None

    def train_risk_model(self, dataset: Any, config: Any, listener: Any, device: str, checkpoints: Checkpoints) -> Any:
        self.device, self.resumed = device, resumed = device, checkpoints.resumed
        if resumed is not None:
            listener.on_epoch(epoch_result(len(resumed.history) + 1))
            return self.result
        listener.on_epoch(epoch_result(1))
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Training:
    stand_in = Training()
    monkeypatch.setitem(sys.modules, "riskmodel.training.pipeline", stand_in)  # type: ignore[arg-type]
    executor = SimpleNamespace(has_gpu=lambda: False)
    monkeypatch.setitem(sys.modules, "riskmodel.training.engines.executor", executor)  # type: ignore[arg-type]
    return stand_in


def begin(workspace: Workspace) -> str:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    return run.id


@pytest.mark.parametrize(("stopped", "state"), [(False, "finished"), (True, "stopped")])
def test_a_run_that_ends_leaves_its_model_predictions_and_figures(
    workspace: Workspace, training: Training, stopped: bool, state: str
) -> None:
    run_id, learning = begin(workspace), []
    training.result = trained(stopped=stopped)
    train_run(workspace, run_id, "cpu", lambda: learning.append(True))
    run = workspace.runs.get(run_id)
    assert (run.state, run.best_epoch, run.notes) == (state, 3, ("Column 'a' left out.",))
    assert run.metrics == {"test": {"auc": 0.75}}
    assert run.model_folder is not None and (run.model_folder / "manifest.json").is_file()
    assert run.predictions_path is not None
    assert pq.read_table(run.predictions_path).equals(training.result.predictions)
    assert run.predictions_path.stat().st_mode & 0o777 == 0o600
    assert learning == [True]


def test_a_user_error_is_recorded_with_its_message(workspace: Workspace, training: Training) -> None:
    run_id = begin(workspace)
    training.result = TrainingError("Training diverged at epoch 2.")
    train_run(workspace, run_id, "cpu")
    run = workspace.runs.get(run_id)
    assert (run.state, run.error, run.model_folder) == ("failed", "Training diverged at epoch 2.", None)
    assert len(workspace.runs.epochs(run_id)) == 1  # what was learned until then can be looked at


def test_an_internal_error_is_recorded_and_raised(workspace: Workspace, training: Training) -> None:
    run_id = begin(workspace)
    training.result = ZeroDivisionError("division by zero\nmore lines")
    with pytest.raises(ZeroDivisionError):
        train_run(workspace, run_id, "cpu")
    assert workspace.runs.get(run_id).error == (
        "Internal error: ZeroDivisionError: division by zero. Its traceback is in the run's log."
    )


def test_a_model_waits_for_space_on_the_disk(
    workspace: Workspace, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter, "FIRST_PAUSE", 0.01)
    run_id, phases = begin(workspace), []

    def save_later(folder: Path) -> None:
        phases.append(workspace.runs.get(run_id).phase)
        (save if len(phases) > 2 else save_on_full_disk)(folder)

    workspace.reserve.hold()
    training.result = trained(save=save_later)
    train_run(workspace, run_id, "cpu")
    run = workspace.runs.get(run_id)
    assert run.state == "finished" and run.model_folder is not None
    assert "Saving the model failed: there is no space left on the disk mounted at /" in phases[1]
    assert phases[1].endswith("Training continues.")
    assert not (workspace.home / RESERVE_FILE).exists()  # its room is used for the reason


def test_a_permanently_full_disk_fails_the_run_with_a_message(
    workspace: Workspace, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter, "MAX_UNAVAILABLE_SECONDS", 0.0)
    run_id = begin(workspace)
    training.result = trained(save=save_on_full_disk)
    train_run(workspace, run_id, "cpu")
    run = workspace.runs.get(run_id)
    assert run.state == "failed"
    assert "Saving the model failed: there is no space left on the disk" in (run.error or "")
    assert run.model_folder is None and not (run.folder / "model").exists()


def test_a_stop_before_the_trainer_starts_ends_the_run(workspace: Workspace, training: Training) -> None:
    run_id = begin(workspace)
    workspace.runs.request_stop(run_id)
    train_run(workspace, run_id, "cpu")
    run = workspace.runs.get(run_id)
    assert (run.state, run.model_folder, workspace.runs.epochs(run_id)) == ("stopped", None, [])


def test_a_gpu_unusable_for_tensorflow_falls_back_with_a_note(workspace: Workspace, training: Training) -> None:
    run_id = begin(workspace)
    train_run(workspace, run_id, "gpu")
    run = workspace.runs.get(run_id)
    assert (training.device, run.device_used, run.device_note) == ("cpu", "cpu", no_gpu_note("tensorflow"))
    assert "To use the GPU: pip install 'jax[cuda12]'" in no_gpu_note("jax")


def test_a_run_that_was_ended_by_others_is_not_brought_back(
    workspace: Workspace, training: Training, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = begin(workspace)

    def end_meanwhile(folder: Path) -> None:
        save(folder)
        workspace.execution.runs.fail(run_id, "first reason")

    training.result = trained(save=end_meanwhile)
    with caplog.at_level(logging.INFO):
        train_run(workspace, run_id, "cpu")
    run = workspace.runs.get(run_id)
    assert (run.state, run.error, run.model_folder) == ("failed", "first reason", None)
    assert "no longer running" in caplog.text


def test_a_run_that_is_continued_begins_where_the_other_ended(workspace: Workspace, training: Training) -> None:
    first, learning = begin(workspace), []
    training.result = trained()
    training.result.checkpoint = checkpoint()
    train_run(workspace, first, "cpu")
    assert workspace.runs.get(first).why_not_continue == ""
    more = workspace.runs.continue_run(first, 5)
    workspace.execution.runs.claim("host/1/1.0")
    train_run(workspace, more.id, "cpu", lambda: learning.append(True))
    assert training.resumed.history == (epoch_result(1),)
    assert training.resumed.random == {"state": 2**100}
    ended = workspace.runs.get(more.id)
    assert ended.state == "finished" and learning == [True]
    name = workspace.runs.get(first).name
    assert ended.notes[0] == f"Continues '{name}' ({first}) after its epoch 1. That run and its model are unchanged."
    assert [epoch.epoch for epoch in workspace.runs.epochs(more.id)] == [1, 2]
    log = [line.text for line in workspace.runs.log(more.id)]
    assert log[0].startswith("Read 300 customers with") and "Training on the CPU with TensorFlow." in log[0]
    assert log[-1].startswith("Saved the model and a checkpoint (")


def test_a_damaged_checkpoint_fails_with_a_message(workspace: Workspace, training: Training) -> None:
    first = begin(workspace)
    training.result.checkpoint = checkpoint()
    train_run(workspace, first, "cpu")
    more = workspace.runs.continue_run(first, 5)
    (more.folder / CHECKPOINT_FILE).unlink()
    (more.folder / CHECKPOINT_FILE).write_bytes(b"cut")
    workspace.execution.runs.claim("host/1/1.0")
    train_run(workspace, more.id, "cpu")
    failed = workspace.runs.get(more.id)
    assert failed.state == "failed" and f"the file {more.folder / CHECKPOINT_FILE} is damaged" in (failed.error or "")
    assert workspace.runs.get(first).state == "finished"
    assert workspace.runs.log(more.id)[-1].text.startswith(
        f"Failed: The training cannot be resumed: the file {more.folder}"
    )


def test_a_missing_dataset_file_fails_with_a_message(workspace: Workspace, training: Training) -> None:
    run_id = begin(workspace)
    path = workspace.datasets.get(workspace.runs.get(run_id).dataset_id).path
    path.unlink()
    train_run(workspace, run_id, "cpu")
    assert f"The data of this run are missing: there is no file {path}. Restore it" in (
        workspace.runs.get(run_id).error or ""
    )


def test_out_of_memory_has_advice(workspace: Workspace, training: Training) -> None:
    run_id = begin(workspace)
    training.result = MemoryError()
    with pytest.raises(MemoryError):
        train_run(workspace, run_id, "cpu")
    error = workspace.runs.get(run_id).error or ""
    assert error.startswith("Not enough memory to train this network. Reduce one of these: batch size (now 128)")


def test_the_module_does_not_import_tensorflow() -> None:
    # It must be able to die with its parent before the seconds that the import takes.
    import subprocess

    program = f"import {trainer.__name__}, sys; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=Path(__file__).parents[3]).returncode == 0

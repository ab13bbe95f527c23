"""A trainer process from the supervisor's side: starting, training, ended, with its last output."""

from pathlib import Path

import pytest

from riskmodel.jobs.trainer_process import TrainerProcess
from tests.riskmodel.jobs.actors import command, exists
from tests.waiting import wait_for


def poll_until_ended(trainer: TrainerProcess) -> int:
    wait_for(lambda: trainer.poll() is not None, "the end of the trainer", seconds=20)
    code = trainer.poll()
    assert code is not None
    return code


def test_a_trainer_gets_ready_takes_its_run_and_ends_with_its_log_in_the_runs_folder(tmp_path: Path) -> None:
    words = "import sys; print('ready', flush=True); run = input(); print('learning', flush=True); sys.exit(run)"
    trainer = TrainerProcess(tmp_path, "cpu", ["python3", "-c", words])
    wait_for(lambda: trainer.poll() is None and trainer.is_ready, "a ready trainer", seconds=20)
    assert not trainer.is_learning
    trainer.begin("run-0123456789", tmp_path / "trainer.log")
    assert poll_until_ended(trainer) == 1
    wait_for(lambda: trainer.poll() is not None and trainer.is_learning, "the end of the trainer", seconds=20)
    assert (tmp_path / "trainer.log").read_text() == "run-0123456789\n"  # what sys.exit says
    assert (tmp_path / "trainer.log").stat().st_mode & 0o777 == 0o600
    assert "Its last output: run-0123456789" in trainer.explain_end()
    assert list((tmp_path / "logs").iterdir()) == []
    trainer.end()


def test_a_run_given_before_the_trainer_is_warm_is_not_lost(tmp_path: Path) -> None:
    words = "import time; time.sleep(.3); print('ready', flush=True); raise SystemExit(input())"
    trainer = TrainerProcess(tmp_path, "cpu", ["python3", "-c", words])
    trainer.begin("run-0123456789", tmp_path / "trainer.log")
    assert not trainer.is_ready
    poll_until_ended(trainer)
    assert trainer.is_ready
    assert "run-0123456789" in trainer.explain_end()
    trainer.end()


def test_the_last_output_of_a_crashed_trainer_is_reported(tmp_path: Path) -> None:
    trainer = TrainerProcess(tmp_path, "cpu", command("breaks while warming"))
    assert poll_until_ended(trainer) == 1
    assert not trainer.is_ready
    assert "exit code 1" in trainer.explain_end() and "ImportError: no tensorflow here" in trainer.explain_end()
    trainer.begin("run-0123456789", tmp_path / "trainer.log")  # too late, and no error
    trainer.end()


def test_a_trainer_that_is_ended_leaves_neither_a_process_nor_a_log(tmp_path: Path) -> None:
    trainer = TrainerProcess(tmp_path, "cpu", command("never gets warm"))
    assert exists(trainer.pid)
    trainer.end(keep_log=False)
    assert not exists(trainer.pid)
    assert list((tmp_path / "logs").iterdir()) == []
    trainer.end()  # twice does no harm


@pytest.mark.parametrize(("kind", "seen"), [("cpu", "-1"), ("gpu", "None")])
def test_gpus_are_hidden_from_a_cpu_trainer_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, seen: str
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    words = "import os, sys; sys.exit(f\"{os.environ.get('CUDA_VISIBLE_DEVICES')} {os.environ['KERAS_BACKEND']}\")"
    trainer = TrainerProcess(tmp_path, kind, ["python3", "-c", words])  # type: ignore[arg-type]
    poll_until_ended(trainer)
    assert trainer.explain_end().partition("Its last output: ")[2].startswith(f"{seen} tensorflow")
    trainer.end()


def test_a_trainer_receives_its_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    words = "import os, sys; sys.exit(f\"{os.environ['KERAS_BACKEND']} {sys.argv[-2:]}\")"
    trainer = TrainerProcess(tmp_path, "cpu", ["python3", "-c", words], "jax")
    poll_until_ended(trainer)
    assert "Its last output: jax ['--backend', 'jax']" in trainer.explain_end()
    trainer.end()

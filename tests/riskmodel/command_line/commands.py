"""Shared by the tests of the commands: a workspace with one finished run, and functions that run a command."""

import contextlib
import io
import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from riskmodel.__main__ import main
from riskmodel.command_line.shared import follow
from riskmodel.jobs import supervisor
from tests.training_here import train_waiting

ROOT = Path(__file__).resolve().parent.parent.parent.parent
QUICK = {"training": {"epochs": 3, "batch_size": 128}, "network": {"units": [16]}}


@dataclass(frozen=True)
class Studio:
    """A workspace with one finished run, and its training file."""

    home: Path
    customers: Path
    answer: dict[str, Any]
    progress: str

    @property
    def run_id(self) -> str:
        return str(self.answer["run_id"])

    @property
    def model(self) -> str:
        return str(self.answer["model"])


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "riskmodel", *map(str, words)]


def run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a command in this process; submitted runs are trained in a thread instead of by a supervisor."""
    out, err = io.StringIO(), io.StringIO()
    trainings: list[Future[None]] = []
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        for module in (supervisor, follow):
            patch.setattr(module, "ensure_supervisor", lambda home: trainings.append(pool.submit(train_waiting, home)))
        code = main([str(word) for word in words])
    for training in trainings:
        training.result()  # raises what went wrong
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def write_config(folder: Path, config: dict[str, Any]) -> Path:
    path = folder / "run.json"
    path.write_text(json.dumps(config))
    return path


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """The one-line message of a refused command; checks its exit code and that stdout is empty."""
    assert main([str(word) for word in words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: "), said.err
    return lines[0]

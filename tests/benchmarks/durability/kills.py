"""Trainer, supervisor, web process, scoring and submitting, killed at random moments."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from riskmodel.jobs.supervisor import ensure_supervisor, supervisor_status
from riskmodel.tables.sample import write_sample
from riskmodel.workspace.workspace import Workspace
from tests.benchmarks.durability.processes import (
    ROOT,
    SCORE,
    SUBMIT,
    kill,
    losses,
    read_lines,
    start,
    trainers,
    wait_for,
)
from tests.riskmodel.workspace.examples import sample_dataset

EPOCHS, FEW = 10_000, 2
"""Of a run that is killed in the middle, and of one that is to finish."""


class Kills:
    """A workspace in which one process after another is killed.

    Attributes:
        run_ids, scoring_ids: what was acknowledged so far.
    """

    def __init__(self, home: Path, seed: int) -> None:
        self.home, self.random = home, random.Random(seed)
        self.run_ids: set[str] = set()
        self.scoring_ids: set[str] = set()
        self.workspace = Workspace.open(home)
        self.workspace.datasets.add(sample_dataset(2000))
        write_sample(home / "new.csv", 2000, 11)
        self.workspace.sources.add("new.csv", home / "new.csv")
        self.trained = self._train_one()

    @property
    def kinds(self) -> dict[str, Callable[[], list[str]]]:
        """What can be killed."""
        return {
            "submitting": self.kill_submitting,
            "scoring": self.kill_scoring,
            "trainer": lambda: self.kill_training("trainer"),
            "supervisor": lambda: self.kill_training("supervisor"),
            "web": self.kill_web,
        }

    def kill_submitting(self) -> list[str]:
        """Kill a client that submits run after run, then cancel what it submitted."""
        acknowledged = self._kill_while_working(start(SUBMIT, self.home, 1000, EPOCHS))
        self.run_ids |= acknowledged
        for run in self.workspace.runs.list(limit=100_000, states=("queued", "running")):
            self.workspace.runs.request_cancel(run.id)
        return self.check()

    def kill_scoring(self) -> list[str]:
        """Kill a client that scores file after file."""
        self.scoring_ids |= self._kill_while_working(start(SCORE, self.home, self.trained))
        return self.check()

    def kill_training(self, victim: str) -> list[str]:
        """Kill the trainer of a run, or the supervisor, at any moment of the run."""
        run_id = self._submit(EPOCHS)
        ensure_supervisor(self.workspace)
        at_once = self.random.random() < 0.3
        if not at_once:
            wait_for(lambda: bool(self.workspace.runs.epochs(run_id)), "the first epoch")
        wait_for(lambda: supervisor_status(self.workspace.home) is not None, "the supervisor")
        time.sleep(self.random.random())
        epochs = len(self.workspace.runs.epochs(run_id))
        boss = supervisor_status(self.workspace.home)
        assert boss is not None
        children = trainers(boss.pid)
        kill(boss.pid if victim == "supervisor" else children[0].pid if children else boss.pid)
        # Killed at once, the trainer may be one that waited, and the run is trained on: it is cancelled.
        if victim == "supervisor" or not at_once:
            wait_for(lambda: not self.workspace.runs.get(run_id).is_live, "the end of the run")
        self.workspace.runs.request_cancel(run_id)
        found = [] if len(self.workspace.runs.epochs(run_id)) >= epochs else [f"{run_id} lost epochs"]
        if victim == "supervisor":
            wait_for(
                lambda: not any(child.is_running() and child.status() != "zombie" for child in children), "trainers"
            )
        return found + self.check()

    def kill_web(self) -> list[str]:
        """Kill the web process while a run trains; the run finishes."""
        run_id = self._submit(FEW)
        words = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", "--server.port=0"]
        environment = os.environ | {"RISKMODEL_HOME": str(self.home)}
        web = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ensure_supervisor(self.workspace)
        time.sleep(5 * self.random.random())
        web.kill()
        web.wait()
        wait_for(lambda: not self.workspace.runs.get(run_id).is_live, "the run to finish")
        run = self.workspace.runs.get(run_id)
        return ([] if run.state == "finished" else [f"{run_id} {run.state}: {run.error}"]) + self.check()

    def check(self) -> list[str]:
        """What was acknowledged and lost so far."""
        return losses(self.home, self.run_ids, self.scoring_ids)

    def _kill_while_working(self, process: "subprocess.Popen[str]") -> set[str]:
        assert process.stdout
        first = process.stdout.readline()  # so that it is killed at work, not while it starts
        time.sleep(self.random.random())
        process.kill()
        return {line.strip() for line in (first, *read_lines(process))}

    def _submit(self, epochs: int) -> str:
        [line] = read_lines(start(SUBMIT, self.home, 1, epochs))
        self.run_ids.add(line.strip())
        return line.strip()

    def _train_one(self) -> str:
        run_id = self._submit(FEW)
        ensure_supervisor(self.workspace)
        wait_for(lambda: not self.workspace.runs.get(run_id).is_live, "the first run")
        return run_id

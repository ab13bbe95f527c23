"""Clients and workers as separate processes, each started and ended by this benchmark."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from riskmodel.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parents[3]

SUBMIT = """
import sys
from riskmodel.config.run import RunConfig
from riskmodel.workspace.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
config = RunConfig.from_dict({"training": {"epochs": int(sys.argv[3]), "batch_size": 128}, "network": {"units": [8]}})
for _ in range(int(sys.argv[2])):
    print(workspace.runs.submit(workspace.datasets.list()[0].id, config, device="cpu").id, flush=True)
workspace.close()
"""

SCORE = """
import sys
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.workspace.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
run, source = workspace.runs.get(sys.argv[2]), workspace.sources.list()[0]
model = RiskModel.load(run.model_folder)
while True:
    print(workspace.scorings.score(model, run.id, source).id, flush=True)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python program of its own process, whose output lines are acknowledgements."""
    words = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def start_command(*words: object, **options: object) -> subprocess.Popen[bytes]:
    """``python -m riskmodel …``."""
    command = [sys.executable, "-m", "riskmodel", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def read_lines(process: subprocess.Popen[str]) -> list[str]:
    """What a process that has ended had acknowledged; a line that was cut short does not count."""
    assert process.stdout
    text = process.stdout.read()
    process.stdout.close()
    process.wait()
    return [line for line in text.splitlines(keepends=True) if line.endswith("\n")]


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 240) -> None:
    """Return once a condition holds; end the benchmark if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)


def kill(pid: int) -> None:
    """As a power cut would."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def deleted_descriptors(pid: int) -> list[str]:
    """Files that a process holds open although they were deleted: a database's journal must not be among them."""
    found = [os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_symlink()]
    return [path for path in found if "riskmodel.db" in path and path.endswith("(deleted)")]


def trainers(supervisor: int) -> list[psutil.Process]:
    """The trainers of a supervisor, the oldest first."""
    try:
        return sorted(psutil.Process(supervisor).children(), key=lambda each: each.create_time())
    except psutil.NoSuchProcess:
        return []


def losses(home: Path, run_ids: set[str], scoring_ids: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """What was acknowledged and is not there any more, or not whole."""
    workspace = Workspace.open(home)
    try:
        runs = {run.id: run for run in workspace.runs.list(limit=100_000)}
        found = [f"{run_id} vanished" for run_id in run_ids - set(runs)]
        for run in runs.values():
            if not (run.folder / "config.json").is_file():
                found.append(f"{run.id} has no config.json")
            if run.model_folder is not None and not run.model_folder.is_dir():
                found.append(f"{run.id} has no model")
            if run.state == "failed" and not run.error:
                found.append(f"{run.id} failed without a reason")
        scorings = {scoring.id: scoring for scoring in workspace.scorings.list()}
        found += [f"{scoring_id} vanished" for scoring_id in scoring_ids - set(scorings)]
        found += [f"{scoring.id} has no rows" for scoring in scorings.values() if not scoring.parquet_path.is_file()]
        for record in workspace.datasets.list():
            workspace.datasets.load(record.id)
        with workspace._database.reading() as connection:
            check = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        return found + ([] if check == "ok" else [f"integrity_check: {check}"])
    finally:
        workspace.close()

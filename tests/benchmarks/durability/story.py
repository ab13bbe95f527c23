"""Two supervisors at once, with submissions from other processes: no acknowledged run is lost."""

import signal
import subprocess
from pathlib import Path

from riskmodel.workspace.workspace import Workspace
from tests.benchmarks.durability.processes import (
    SUBMIT,
    deleted_descriptors,
    losses,
    read_lines,
    start,
    start_command,
    wait_for,
)
from tests.riskmodel.workspace.examples import sample_dataset


def tell_story(home: Path) -> list[str]:
    """Start two supervisors at once, submit from other processes, end the supervisor; what was lost."""
    workspace = Workspace.open(home)
    workspace.datasets.add(sample_dataset())
    workspace.close()
    supervisors = [start_command("supervisor", "--home", home) for _ in range(2)]
    try:
        return _play(home, supervisors)
    finally:
        for supervisor in supervisors:
            supervisor.kill()
            supervisor.wait()


def _play(home: Path, supervisors: list[subprocess.Popen[bytes]]) -> list[str]:
    wait_for(lambda: any(supervisor.poll() is not None for supervisor in supervisors), "one supervisor to be refused")
    [refused] = [supervisor for supervisor in supervisors if supervisor.poll() is not None]
    [working] = [supervisor for supervisor in supervisors if supervisor is not refused]
    found = [] if refused.returncode == 2 else [f"the refused supervisor ended with {refused.returncode}"]
    found += [f"the supervisor writes into {path}" for path in deleted_descriptors(working.pid)]
    submitted = {line.strip() for _ in range(2) for line in read_lines(start(SUBMIT, home, 2, 1))}
    workspace = Workspace.open(home)
    try:
        wait_for(lambda: any(run.state != "queued" for run in workspace.runs.list()), "the supervisor to begin a run")
    except TimeoutError as error:
        found.append(str(error))
    finally:
        workspace.close()
    working.send_signal(signal.SIGTERM)
    working.wait()
    return found + losses(home, submitted) + ([] if len(submitted) == 4 else [f"{len(submitted)} of 4 submitted"])

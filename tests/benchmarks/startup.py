"""How long an analyst waits: for the first point after Train, for a Stop, and for a cold ``score``; against budgets.

Run with ``python -m tests.benchmarks.startup [--repeats 3]``. Everything goes the real way: a workspace of its own, a
supervisor, warm trainer processes, the command line. The preset is the mission's. Medians are reported; the ratio is
to the budget, so 1 or less is kept.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.jobs.supervisor import ensure_supervisor, supervisor_status
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import TARGET, write_sample
from riskmodel.workspace.workspace import Workspace
from tests.processes import end_processes_of

ROOT = Path(__file__).resolve().parents[2]
NUM_ROWS, SCORED_ROWS = 30_000, 10_000
POLL_SECONDS = 0.005
BUDGETS = {
    "Train pressed to first point on the curve, trainer warm": 1.5,
    "Stop pressed to model saved with its best weights": 2.0,
    f"python -m riskmodel score, {SCORED_ROWS:,} rows, cold": 3.0,
}
LONG = preset("mission").model_copy(update={"training": preset("mission").training.model_copy(update={"epochs": 2000})})


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"Nothing happened for {seconds:.0f} s; the logs are in the workspace's folder.")
        time.sleep(POLL_SECONDS)


def is_warm(workspace: Workspace) -> bool:
    status = supervisor_status(workspace.home)
    return status is not None and status.trainer == "ready"


def press_train(workspace: Workspace, dataset_id: str, config: RunConfig) -> tuple[str, float]:
    """The run, and seconds from Train to its first epoch in the database; the trainer is warm before."""
    ensure_supervisor(workspace)
    wait_for(lambda: is_warm(workspace))
    started = time.perf_counter()
    run = workspace.runs.submit(dataset_id, config, device="cpu")
    ensure_supervisor(workspace)
    wait_for(lambda: bool(workspace.runs.epochs(run.id)) or not workspace.runs.get(run.id).is_live)
    took = time.perf_counter() - started
    if workspace.runs.get(run.id).state == "failed":
        sys.exit(f"The run failed: {workspace.runs.get(run.id).error}")
    return run.id, took


def press_stop(workspace: Workspace, run_id: str) -> float:
    """Seconds from Stop, after three epochs, to the end of the run."""
    wait_for(lambda: len(workspace.runs.epochs(run_id)) >= 3)
    started = time.perf_counter()
    workspace.runs.request_stop(run_id)
    wait_for(lambda: not workspace.runs.get(run_id).is_live)
    took = time.perf_counter() - started
    run = workspace.runs.get(run_id)
    if run.state != "stopped" or run.model_folder is None:
        sys.exit(f"The run did not stop as it should: {run.state}, {run.error}")
    return took


def score_cold(model: Path, folder: Path) -> float:
    """Seconds of the whole command, in a process of its own."""
    output = folder / "scored.csv"
    output.unlink(missing_ok=True)
    command = [sys.executable, "-m", "riskmodel", "score", str(model), str(folder / "new.csv"), "--output", str(output)]
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def measure(folder: Path, repeats: int) -> dict[str, list[float]]:
    workspace = Workspace.open(folder / "home")
    write_sample(folder / "customers.csv", NUM_ROWS, 7)
    write_sample(folder / "new.csv", SCORED_ROWS, 8)
    dataset = workspace.datasets.add(Dataset.from_file(folder / "customers.csv", target=TARGET, bad="1"))
    first_point, stop, score = BUDGETS
    seconds: dict[str, list[float]] = {name: [] for name in BUDGETS}
    model: Path | None = None
    for _ in range(repeats):
        run_id, took = press_train(workspace, dataset.id, LONG)
        seconds[first_point].append(took)
        seconds[stop].append(press_stop(workspace, run_id))
        model = workspace.runs.get(run_id).model_folder
    wait_for(lambda: is_warm(workspace))  # scoring is measured on a machine that does nothing else
    assert model is not None
    for _ in range(repeats):
        seconds[score].append(score_cold(model, folder))
    workspace.close()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds an analyst waits, against the budgets.")
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            seconds = measure(folder, repeats)
        finally:
            end_processes_of(folder / "home")
    print(f"{NUM_ROWS:,} sample customers, the mission's network, median of {repeats}")
    for what, budget in BUDGETS.items():
        median = statistics.median(seconds[what])
        print(f"{what:58s} {median:5.2f} s (best {min(seconds[what]):.2f})   {median / budget:5.2f} × the budget")


if __name__ == "__main__":
    main()

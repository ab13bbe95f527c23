"""The trainer: one process per run or search; `riskmodel.jobs.trainer_launch` starts it.

It warms up (imports TensorFlow or JAX, trains a tiny network), prints ``ready`` on standard output, reads an id from
standard input, processes that job and ends, which frees GPU memory. All other output goes to standard
error, which is the log of the run or search.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from riskmodel.config.sections.backend import BACKENDS, Backend
from riskmodel.errors import RiskModelError, WorkspaceError
from riskmodel.jobs.failures import explain_fault
from riskmodel.jobs.listener import WorkspaceListener, WorkspaceSearchListener
from riskmodel.jobs.processes import watch_standard_input
from riskmodel.jobs.read_ahead import NOTHING_AHEAD, ReadAhead
from riskmodel.jobs.reporter import Reporter, persist
from riskmodel.jobs.run_files import CheckpointKeeper, MemberKeeper, continued_notes, keep_trained
from riskmodel.sizing.backend_choice import choose_backend
from riskmodel.training.fitting.checkpoint import Checkpoint, Checkpoints
from riskmodel.wording import count
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.runs.run_record import CHECKPOINT_FILE, RunRecord
from riskmodel.workspace.searches.search_record import SEARCH
from riskmodel.workspace.workspace import Workspace

if TYPE_CHECKING:
    from riskmodel.tables.dataset import Dataset
    from riskmodel.training.trained_run import TrainedRun

READY = "ready"
LEARNING = "learning"
"""Printed after the first epoch: the next trainer may now warm up."""

_NICENESS = 5
"""Niceness: training uses every core; pages and the database have priority."""

_GPU_PACKAGES: dict[Backend, str] = {"tensorflow": "tensorflow[and-cuda]", "jax": "jax[cuda12]"}

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Warm up and process one run or search; exit code 0, or 1 after an internal error."""
    os.nice(_NICENESS)
    parser = argparse.ArgumentParser(prog="python -m riskmodel.jobs.trainer_launch")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--device", choices=("cpu", "gpu"), required=True)
    parser.add_argument("--backend", choices=tuple(BACKENDS), default="tensorflow")
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("riskmodel").setLevel(logging.INFO)
    supervisor = _take_standard_output()
    workspace = persist(lambda: Workspace.open(options.home))
    ahead = _warm_up(options.device, options.backend, workspace)
    persist(workspace.execution.runs.has_queued)  # the first database query is the slowest
    _send(supervisor, READY)
    job_id = sys.stdin.readline().strip()
    if not job_id:
        return 0  # the supervisor no longer needs a trainer
    watch_standard_input()
    do = search_run if SEARCH.has_id(job_id) else train_run
    do(workspace, job_id, options.device, lambda: _send(supervisor, LEARNING), ahead)
    return 0


def train_run(
    workspace: Workspace,
    run_id: str,
    device: str,
    on_first_epoch: Callable[[], None] = lambda: None,
    ahead: ReadAhead = NOTHING_AHEAD,
) -> None:
    """Train a claimed run; user errors are recorded in the run, internal errors are also raised.

    Args:
        device: ``"cpu"`` or ``"gpu"``; without a usable GPU, the CPU is used and the record states this.
        on_first_epoch: called once, after the first epoch.
        ahead: the preloaded dataset.
    """
    runs = workspace.execution.runs
    with _recording_its_end(workspace, runs, run_id) as reporter:
        if reporter.call(lambda: runs.stop_wanted(run_id)):
            reporter.call(lambda: runs.end_without_model(run_id))
            return
        listener = WorkspaceListener(reporter, runs, run_id, on_first_epoch)
        listener.on_phase("Reading the data")
        device = _usable_device(reporter, runs, run_id, device)
        run = persist(lambda: runs.get(run_id))
        continued = persist(lambda: continued_notes(workspace.runs, run))
        keep_trained(runs, run, _train(workspace, run, device, listener, ahead), continued, reporter)


def search_run(
    workspace: Workspace,
    search_id: str,
    device: str,
    on_first_epoch: Callable[[], None] = lambda: None,
    ahead: ReadAhead = NOTHING_AHEAD,
) -> None:
    """Process a claimed search from its current state; arguments and errors as for `train_run`."""
    searches = workspace.execution.searches
    with _recording_its_end(workspace, searches, search_id) as reporter:
        if reporter.call(lambda: searches.stop_wanted(search_id)):
            reporter.call(lambda: searches.end_without_model(search_id))
            return
        from riskmodel.training.searching.search import run_search

        listener = WorkspaceSearchListener(reporter, searches, search_id, on_first_epoch)
        listener.on_phase("Reading the data")
        device = _usable_device(reporter, searches, search_id, device)
        record = persist(lambda: searches.get(search_id))
        dataset = _load(workspace, record.dataset_id, "search", ahead)
        earlier = persist(lambda: workspace.searches.trials(search_id))
        result = run_search(dataset, record.config, record.search, listener, device, earlier)
        notes = [f"Ended after {record.search.minutes:g} minutes."] if result.ended == "minutes" else []
        reporter.call(lambda: searches.finish(search_id, stopped=result.ended == "stopped", notes=notes))


@contextmanager
def _recording_its_end(workspace: Workspace, jobs: JobExecution[Any], job_id: str) -> Iterator[Reporter]:
    """A reporter; user errors are recorded in the job, internal errors are also raised."""
    with Reporter(jobs, job_id, workspace.reserve) as reporter:
        try:
            yield reporter
        except RiskModelError as error:
            _log.info("The %s failed: %s", jobs.kind.noun, error)
            reason = str(error)
            reporter.call(lambda: jobs.fail(job_id, reason))
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            job = persist(lambda: jobs.get(job_id))
            reason = explain_fault(error, job.config, job.device_used or "")
            reporter.call(lambda: jobs.fail(job_id, reason))
            raise


def no_gpu_note(backend: Backend) -> str:
    """Note that a run with a GPU is trained on the CPU."""
    return (
        f"A GPU was selected, but {BACKENDS[backend]} cannot use it: its CUDA libraries are missing or do not fit the "
        f"driver. Training on the CPU. To use the GPU: pip install '{_GPU_PACKAGES[backend]}'"
    )


def _warm_up(device: str, backend: Backend, workspace: Workspace) -> ReadAhead:
    choose_backend(backend)
    import riskmodel.training.conversion.export
    import riskmodel.training.ensembles.networks
    import riskmodel.training.pipeline
    import riskmodel.training.searching.search  # noqa: F401
    from riskmodel.training.engines.executor import has_gpu
    from riskmodel.training.speed import measure_speed
    from riskmodel.training.warm_up import warm_up

    warm_up(device)
    if device == "cpu" or has_gpu():
        workspace.speeds.add(device, measure_speed(device), backend)
    ahead = ReadAhead.of(workspace)
    # A full collection takes half a second with TensorFlow loaded; existing objects are excluded.
    gc.collect()
    gc.freeze()
    return ahead


def _train(
    workspace: Workspace, run: RunRecord, device: str, listener: WorkspaceListener, ahead: ReadAhead
) -> TrainedRun:
    from riskmodel.training.pipeline import train_risk_model

    started = time.perf_counter()
    dataset = _load(workspace, run.dataset_id, "run", ahead)
    listener.on_log(
        f"Read {count(dataset.num_rows, 'customer')} with {count(dataset.table.num_columns, 'column')} in "
        f"{time.perf_counter() - started:.1f} s. Training on the {device.upper()} with {BACKENDS[run.config.backend]}."
    )
    if not run.config.ensemble.is_single:
        return train_risk_model(dataset, run.config, listener, device, Checkpoints(store=MemberKeeper(run)))
    resumed = Checkpoint.read(run.folder / CHECKPOINT_FILE) if run.continues else None
    keeper = CheckpointKeeper(run, listener.reporter)
    return train_risk_model(
        dataset, run.config, listener, device, Checkpoints(resumed, keeper.on_epoch_end, keeper.keep)
    )


def _load(workspace: Workspace, dataset_id: str, noun: str, ahead: ReadAhead) -> Dataset:
    path = persist(lambda: workspace.datasets.get(dataset_id)).path
    if not path.is_file():
        raise WorkspaceError(
            f"The data of this {noun} are missing: there is no file {path}. Restore it from a copy, or upload the "
            "customers again and train on them."
        )
    return ahead.get(dataset_id) or persist(lambda: workspace.datasets.load(dataset_id))


def _usable_device(reporter: Reporter, jobs: JobExecution[Any], job_id: str, device: str) -> str:
    """The device, or the CPU if the backend cannot use a GPU, which is recorded."""
    from riskmodel.training.engines.executor import has_gpu

    if device == "gpu" and not has_gpu():
        reporter.call(lambda: jobs.set_device(job_id, "cpu", no_gpu_note(jobs.get(job_id).config.backend)))
        return "cpu"
    return device


def _take_standard_output() -> TextIO:
    """Reserve standard output for messages to the supervisor; other output goes to the log."""
    sys.stdout.flush()
    supervisor = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return supervisor


def _send(supervisor: TextIO, word: str) -> None:
    supervisor.write(word + "\n")
    supervisor.flush()


def end(code: int) -> None:
    """Exit at once: TensorFlow's shutdown is slow and can crash, and all results are saved."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)

"""The trainer: ``python -m riskmodel.jobs.trainer --home H --device cpu``. One process, one run or search.

It gets warm (imports TensorFlow or JAX, trains a tiny network), says ``ready`` on standard output, reads an id from
standard input, does what it names and ends; so a GPU's memory comes back. Everything else it writes goes to standard
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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.config.backend import BACKENDS, Backend
from riskmodel.errors import RiskModelError, WorkspaceError
from riskmodel.jobs.failures import explain_fault
from riskmodel.jobs.listener import Heartbeat, WorkspaceListener, WorkspaceSearchListener
from riskmodel.jobs.processes import die_with_parent, watch_standard_input
from riskmodel.jobs.read_ahead import NOTHING_AHEAD, ReadAhead
from riskmodel.networks.backend_choice import choose_backend
from riskmodel.workspace.files import disk_errors, temporary_file
from riskmodel.workspace.job_queue import JobQueue
from riskmodel.workspace.run_record import CHECKPOINT_FILE, MODEL_FOLDER, PREDICTIONS_FILE, RunRecord
from riskmodel.workspace.searches import SEARCH_ID
from riskmodel.workspace.workspace import Workspace

if TYPE_CHECKING:
    from riskmodel.tables.dataset import Dataset
    from riskmodel.training.pipeline import TrainedRun

READY = "ready"
LEARNING = "learning"
"""Said after the first epoch: from here on, the next trainer may get warm beside this one."""

_NICENESS = 5
"""Training takes every core; the page that shows it, and the database that both write to, come first."""

_GPU_PACKAGES: dict[Backend, str] = {"tensorflow": "tensorflow[and-cuda]", "jax": "jax[cuda12]"}

_log = logging.getLogger("riskmodel.jobs.trainer")  # __name__ is __main__ here


def main(arguments: Sequence[str] | None = None) -> int:
    """Get warm, do one run or search, end with 0; with 1 after a fault of the program."""
    die_with_parent()
    os.nice(_NICENESS)
    parser = argparse.ArgumentParser(prog="python -m riskmodel.jobs.trainer")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--device", choices=("cpu", "gpu"), required=True)
    parser.add_argument("--backend", choices=tuple(BACKENDS), default="tensorflow")
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("riskmodel").setLevel(logging.INFO)
    supervisor = _take_standard_output()
    workspace = Workspace.open(options.home)
    ahead = _get_warm(options.device, options.backend, workspace)
    workspace.runs.has_queued()  # the first question to a database takes longest
    _say(supervisor, READY)
    job_id = sys.stdin.readline().strip()
    if not job_id:
        return 0  # the supervisor no longer needs a trainer
    watch_standard_input()
    do = search_run if SEARCH_ID.fullmatch(job_id) else train_run
    do(workspace, job_id, options.device, lambda: _say(supervisor, LEARNING), ahead)
    return 0


def train_run(
    workspace: Workspace,
    run_id: str,
    device: str,
    on_first_epoch: Callable[[], None] = lambda: None,
    ahead: ReadAhead = NOTHING_AHEAD,
) -> None:
    """Train a running run to its end; what a user can mend ends in the run's record, any other error is raised too.

    Args:
        device: ``"cpu"`` or ``"gpu"``; without a GPU that the backend can use, the CPU is used and the record says so.
        on_first_epoch: called once, after the first epoch.
        ahead: the customers that have been read already.
    """
    with _telling_its_end(workspace.runs, run_id):
        if workspace.runs.stop_wanted(run_id):
            workspace.runs.end_without_model(run_id)
            return
        listener = WorkspaceListener(workspace.runs, run_id, on_first_epoch)
        _keep(workspace, run_id, _train(workspace, run_id, device, listener, ahead))


def search_run(
    workspace: Workspace,
    search_id: str,
    device: str,
    on_first_epoch: Callable[[], None] = lambda: None,
    ahead: ReadAhead = NOTHING_AHEAD,
) -> None:
    """Take a running search to its end, from where it stood; arguments and errors as of `train_run`."""
    searches = workspace.searches
    with _telling_its_end(searches, search_id):
        if searches.stop_wanted(search_id):
            searches.end_without_model(search_id)
            return
        from riskmodel.training.search import run_search

        listener = WorkspaceSearchListener(searches, search_id, on_first_epoch)
        listener.on_phase("Reading the data")
        device = _usable_device(searches, search_id, device)
        record = searches.get(search_id)
        dataset = _load(workspace, record.dataset_id, "search", ahead)
        earlier = searches.trials(search_id)
        result = run_search(dataset, record.config, record.search, listener, device, earlier)
        notes = [f"Ended after {record.search.minutes:g} minutes."] if result.ended == "minutes" else []
        searches.finish(search_id, stopped=result.ended == "stopped", notes=notes)


@contextmanager
def _telling_its_end(jobs: JobQueue[Any], job_id: str) -> Iterator[None]:
    """What a user can mend ends in the job's record; any other error is raised too."""

    def tell_fault(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            job = jobs.get(job_id)
            jobs.fail(job_id, explain_fault(error, job.config, job.device_used or ""))

    with Heartbeat(jobs, job_id), ExitStack() as on_exit:
        on_exit.push(tell_fault)
        try:
            yield
        except RiskModelError as error:
            _log.info("The %s failed: %s", jobs.words.noun, error)
            jobs.fail(job_id, str(error))


def no_gpu_note(backend: Backend) -> str:
    """Why a run that was given a GPU is trained on the CPU."""
    return (
        f"A GPU was chosen, but {BACKENDS[backend]} cannot use it: its CUDA libraries are missing or do not fit the "
        f"driver. Training on the CPU. To use the GPU: pip install '{_GPU_PACKAGES[backend]}'"
    )


def _get_warm(device: str, backend: Backend, workspace: Workspace) -> ReadAhead:
    choose_backend(backend)
    # Imported here: what the module itself imports is ready in time to die with the parent.
    import riskmodel.training.export
    import riskmodel.training.networks
    import riskmodel.training.pipeline
    import riskmodel.training.search  # noqa: F401
    from riskmodel.training.executor import has_gpu
    from riskmodel.training.speed import measure_speed
    from riskmodel.training.warm_up import warm_up

    warm_up(device)
    if device == "cpu" or has_gpu():
        workspace.speeds.add(device, measure_speed(device), backend)
    ahead = ReadAhead.of(workspace)
    # A full collection takes half a second with TensorFlow loaded; what is there by now stays anyway.
    gc.collect()
    gc.freeze()
    return ahead


def _train(workspace: Workspace, run_id: str, device: str, listener: WorkspaceListener, ahead: ReadAhead) -> TrainedRun:
    from riskmodel.training.pipeline import train_risk_model

    listener.on_phase("Reading the data")
    device = _usable_device(workspace.runs, run_id, device)
    run = workspace.runs.get(run_id)
    started = time.perf_counter()
    dataset = _load(workspace, run.dataset_id, "run", ahead)
    listener.on_log(
        f"Read {dataset.num_rows:,} customers with {dataset.table.num_columns} columns in "
        f"{time.perf_counter() - started:.1f} s. Training on the {device.upper()} with {BACKENDS[run.config.backend]}."
    )
    if not run.continues:
        return train_risk_model(dataset, run.config, listener, device=device)
    from riskmodel.training.checkpoint import Checkpoint

    resumed = Checkpoint.read(run.folder / CHECKPOINT_FILE)
    return train_risk_model(dataset, run.config, listener, device=device, resumed=resumed)


def _load(workspace: Workspace, dataset_id: str, noun: str, ahead: ReadAhead) -> Dataset:
    if not workspace.datasets.get(dataset_id).path.is_file():
        raise WorkspaceError(
            f"The data of this {noun} are gone: the dataset's file has been deleted from the workspace's folder. "
            "Upload the customers again and train on them."
        )
    return ahead.get(dataset_id) or workspace.datasets.load(dataset_id)


def _usable_device(jobs: JobQueue[Any], job_id: str, device: str) -> str:
    """The device, or the CPU where the backend cannot use a GPU, which the record then says."""
    from riskmodel.training.executor import has_gpu

    if device == "gpu" and not has_gpu():
        jobs.set_device(job_id, "cpu", no_gpu_note(jobs.get(job_id).config.backend))
        return "cpu"
    return device


def _keep(workspace: Workspace, run_id: str, trained: TrainedRun) -> None:
    """Write the model, the predictions and what continuing needs, then the record: what it names is there."""
    run = workspace.runs.get(run_id)
    with disk_errors("Saving the model"):
        trained.model.save(run.folder / MODEL_FOLDER)
        _write_whole(run.folder / PREDICTIONS_FILE, lambda stream: _write_parquet(trained.predictions, stream))
        if trained.checkpoint is not None:
            _write_whole(run.folder / CHECKPOINT_FILE, trained.checkpoint.write)
    workspace.runs.add_log(run_id, f"Saved the model{_size_words(run.folder / CHECKPOINT_FILE)}.")
    workspace.runs.finish(
        run_id,
        stopped=trained.stopped,
        best_epoch=trained.best_epoch,
        metrics={part: metrics.to_dict() for part, metrics in trained.metrics.items()},
        notes=(*_continued_notes(run), *trained.notes),
    )


def _continued_notes(run: RunRecord) -> list[str]:
    if not run.continues:
        return []
    notes = [f"Continues {run.continues}, whose epochs come first; that run and its model are as they were."]
    training = run.config.training
    if training.schedule in ("cosine", "cycles"):
        notes.append(f"The learning rate then follows the schedule of a run of {training.epochs} epochs in all.")
    return notes


def _size_words(checkpoint: Path) -> str:
    if not checkpoint.is_file():
        return ""
    return f", and what continuing the training needs ({checkpoint.stat().st_size / 1000:,.0f} kB)"


def _write_parquet(table: pa.Table, stream: IO[bytes]) -> None:
    pq.write_table(table, stream, compression="zstd")


def _write_whole(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write a private file: whole or not at all."""
    with temporary_file(path.parent, f".{path.name}.") as temporary:
        with temporary.open("wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)


def _take_standard_output() -> TextIO:
    """Keep standard output for words to the supervisor; whatever libraries print goes to the log."""
    sys.stdout.flush()
    supervisor = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return supervisor


def _say(supervisor: TextIO, word: str) -> None:
    supervisor.write(word + "\n")
    supervisor.flush()


def _end(code: int) -> None:
    """End at once: taking TensorFlow apart takes long and can crash, and there is nothing left to lose."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _end(main())

"""Training in a subprocess, for when Keras here is bound to another backend.

``python -m riskmodel.training.other_process FOLDER DEVICE`` reads its input from the folder and writes its result.
It writes its progress to standard output, one JSON object per line, and stops at a line on standard input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow.parquet as pq

import riskmodel
from riskmodel import errors
from riskmodel.config.run import RunConfig
from riskmodel.errors import RiskModelError, TrainingError
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.sizing.backend_choice import choose_backend
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import Split
from riskmodel.training.pipeline import train_here
from riskmodel.training.progress import (
    EpochResult,
    FitHistory,
    SilentListener,
    SliceProgress,
    TrainingListener,
    report_config,
)
from riskmodel.training.trained_run import TrainedRun

_DATASET, _CONFIG, _SPLIT = "dataset.parquet", "config.json", "split.npz"
_MODEL, _PREDICTIONS, _RUN, _ERROR, _LOG = "model", "predictions.parquet", "run.json", "error.json", "log.txt"
_STOP = b"stop\n"


def train_elsewhere(
    dataset: Dataset, split: Split | None, config: RunConfig, listener: TrainingListener, device: str
) -> TrainedRun:
    """Train in a subprocess and wait for it; the listener receives the same calls as in this process.

    Args:
        split: None to split as configured.
        device: ``"auto"``, ``"cpu"`` or ``"gpu"``.

    Raises:
        RiskModelError: as raised in the subprocess.
        TrainingError: the subprocess died.
    """
    with tempfile.TemporaryDirectory(prefix="riskmodel-") as name:  # private to its owner
        folder = Path(name)
        dataset.write_parquet(folder / _DATASET)
        (folder / _CONFIG).write_text(config.to_json(), encoding="utf-8")
        if split is not None:
            np.savez(folder / _SPLIT, part=split.part, notes=np.array(split.notes, np.str_))
        code = _run(folder, device, listener)
        if (folder / _ERROR).is_file():
            failure = json.loads((folder / _ERROR).read_text(encoding="utf-8"))
            raise getattr(errors, failure["kind"])(failure["message"])
        if code != 0:
            lines = (folder / _LOG).read_text(encoding="utf-8", errors="replace").splitlines()
            last = next((line.strip() for line in reversed(lines) if line.strip()), "none")
            raise TrainingError(f"The training process ended with exit code {code}. Its last output: {last}")
        return _read_run(folder)


def _run(folder: Path, device: str, listener: TrainingListener) -> int:
    """Run the subprocess and forward its messages; returns its exit code."""
    with (folder / _LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "riskmodel.training.other_process", str(folder), device],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=Path(riskmodel.__file__).parents[1],
        )
    assert process.stdin and process.stdout
    try:
        stop_requested = False
        for line in process.stdout:
            _forward(json.loads(line), listener)
            if not stop_requested and listener.should_stop():
                stop_requested = True
                _request_stop(process.stdin)
        return process.wait()
    finally:
        process.kill()  # after an exception of the listener, or Ctrl-C
        process.wait()
        process.stdout.close()
        _close(process.stdin)


def _request_stop(pipe: IO[bytes]) -> None:
    try:
        pipe.write(_STOP)
        pipe.flush()
    except BrokenPipeError:  # it has already ended
        return


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def _forward(message: Mapping[str, Any], listener: TrainingListener) -> None:
    if "phase" in message:
        listener.on_phase(message["phase"])
    if "log" in message:
        listener.on_log(message["log"])
    if "config" in message:
        epochs = [EpochResult.from_dict(epoch) for epoch in message["epochs"]]
        report_config(listener, RunConfig.from_dict(message["config"]), epochs)
    if "slice" in message:
        listener.on_slice(SliceProgress.from_dict(message["slice"]))
    if "epoch" in message:
        listener.on_epoch(EpochResult.from_dict(message["epoch"]))


def _write_run(run: TrainedRun, folder: Path) -> None:
    run.model.save(folder / _MODEL)
    pq.write_table(run.predictions, folder / _PREDICTIONS)
    values = {"fit_history": run.fit_history.to_dict(), "notes": run.notes}
    (folder / _RUN).write_text(json.dumps(values), encoding="utf-8")


def _read_run(folder: Path) -> TrainedRun:
    values = json.loads((folder / _RUN).read_text(encoding="utf-8"))
    return TrainedRun(
        model=RiskModel.load(folder / _MODEL),
        fit_history=FitHistory.from_dict(values["fit_history"]),
        predictions=pq.read_table(folder / _PREDICTIONS, memory_map=False),
        notes=tuple(values["notes"]),
    )


class _PipeListener(SilentListener):
    """Writes every call as a line of JSON; requests a stop when a line arrives on standard input."""

    def __init__(self, pipe: IO[str]) -> None:
        self._pipe = pipe
        self._stop = threading.Event()
        threading.Thread(target=self._watch_stdin, daemon=True).start()

    def on_phase(self, text: str) -> None:
        """A new phase."""
        self._send({"phase": text})

    def on_log(self, text: str) -> None:
        """A line for the log."""
        self._send({"log": text})

    def on_config(self, config: RunConfig, epochs: Sequence[EpochResult]) -> None:
        """A new configuration."""
        self._send({"config": config.model_dump(mode="json"), "epochs": [epoch.to_dict() for epoch in epochs]})

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice is done."""
        self._send({"slice": progress.to_dict()})

    def on_epoch(self, result: EpochResult) -> None:
        """An epoch is done."""
        self._send({"epoch": result.to_dict()})

    def should_stop(self) -> bool:
        """True once the parent asked to stop."""
        return self._stop.is_set()

    def _send(self, message: Mapping[str, Any]) -> None:
        self._pipe.write(json.dumps(message) + "\n")
        self._pipe.flush()

    def _watch_stdin(self) -> None:
        for _ in sys.stdin:
            self._stop.set()
        os._exit(1)  # the parent process is gone


def main(folder: Path, device: str) -> None:
    """Train on the input in ``folder``; a user error is written there as a message."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # output of libraries goes to the log
    listener = _PipeListener(pipe)
    config = RunConfig.from_json((folder / _CONFIG).read_bytes())
    split = None
    if (folder / _SPLIT).is_file():
        with np.load(folder / _SPLIT, allow_pickle=False) as arrays:
            split = Split(arrays["part"], tuple(str(note) for note in arrays["notes"]))
    try:
        choose_backend(config.backend)
        run = train_here(Dataset.read_parquet(folder / _DATASET), split, config, listener, device)
        _write_run(run, folder)
    except RiskModelError as error:
        failure = {"kind": type(error).__name__, "message": str(error)}
        (folder / _ERROR).write_text(json.dumps(failure), encoding="utf-8")
    sys.stderr.flush()
    os._exit(0)  # the libraries' shutdown is slow, and all results are on disk


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

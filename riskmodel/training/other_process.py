"""A training in a process of its own, for a backend that this process cannot have any more.

``python -m riskmodel.training.other_process FOLDER DEVICE`` trains what lies in the folder and leaves the result there.
It tells its progress line by line on standard output and hears on standard input that it is to stop.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
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
from riskmodel.training.progress import EpochResult, SilentListener, SliceProgress, TrainingListener
from riskmodel.training.trained_run import TrainedRun

_DATASET, _CONFIG, _SPLIT = "dataset.parquet", "config.json", "split.npz"
_MODEL, _PREDICTIONS, _RUN, _ERROR, _LOG = "model", "predictions.parquet", "run.json", "error.json", "log.txt"
_STOP = b"stop\n"


def train_elsewhere(
    dataset: Dataset, split: Split | None, config: RunConfig, listener: TrainingListener, device: str
) -> TrainedRun:
    """Train in a new process and wait for it; the listener hears what it would hear of a training in this one.

    Args:
        split: None where the config says how the customers are parted.
        device: ``"auto"``, ``"cpu"`` or ``"gpu"``.

    Raises:
        RiskModelError: as the training raised it there.
        TrainingError: the process died.
    """
    with tempfile.TemporaryDirectory(prefix="riskmodel-") as name:  # private to its owner
        folder = Path(name)
        dataset.write_parquet(folder / _DATASET)
        (folder / _CONFIG).write_text(config.to_json(), encoding="utf-8")
        if split is not None:
            np.savez(folder / _SPLIT, part=split.part, notes=np.array(split.notes, np.str_))
        code = _run(folder, device, listener)
        if (folder / _ERROR).is_file():
            told = json.loads((folder / _ERROR).read_text(encoding="utf-8"))
            raise getattr(errors, told["kind"])(told["words"])
        if code != 0:
            lines = (folder / _LOG).read_text(encoding="utf-8", errors="replace").splitlines()
            last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
            raise TrainingError(f"The process that trained ended with exit code {code}. It last wrote: {last}")
        return _read_run(folder)


def _run(folder: Path, device: str, listener: TrainingListener) -> int:
    """Start the process and pass its words on until it ends; its exit code."""
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
        asked = False
        for line in process.stdout:
            _pass_on(json.loads(line), listener)
            if not asked and listener.should_stop():
                asked = _ask_to_stop(process.stdin)
        return process.wait()
    finally:
        process.kill()  # where the listener raised, or Ctrl-C did
        process.wait()
        process.stdout.close()
        _close(process.stdin)


def _ask_to_stop(words: IO[bytes]) -> bool:
    try:
        words.write(_STOP)
        words.flush()
    except BrokenPipeError:  # it has ended meanwhile
        return True
    return True


def _close(words: IO[bytes]) -> None:
    try:
        words.close()
    except BrokenPipeError:
        return


def _pass_on(told: Mapping[str, Any], listener: TrainingListener) -> None:
    if "phase" in told:
        listener.on_phase(told["phase"])
    if "log" in told:
        listener.on_log(told["log"])
    if "slice" in told:
        listener.on_slice(SliceProgress.from_dict(told["slice"]))
    if "epoch" in told:
        listener.on_epoch(EpochResult.from_dict(told["epoch"]))


def _write_run(run: TrainedRun, folder: Path) -> None:
    run.model.save(folder / _MODEL)
    pq.write_table(run.predictions, folder / _PREDICTIONS)
    values = {
        "history": [result.to_dict() for result in run.history],
        "best_epoch": run.best_epoch,
        "stopped": run.stopped,
        "early_stopped": run.early_stopped,
        "notes": run.notes,
        "seconds": run.seconds,
    }
    (folder / _RUN).write_text(json.dumps(values), encoding="utf-8")


def _read_run(folder: Path) -> TrainedRun:
    model = RiskModel.load(folder / _MODEL)
    values = json.loads((folder / _RUN).read_text(encoding="utf-8"))
    values["history"] = tuple(EpochResult.from_dict(result) for result in values["history"])
    values["notes"] = tuple(values["notes"])
    predictions = pq.read_table(folder / _PREDICTIONS, memory_map=False)
    return TrainedRun(model=model, predictions=predictions, metrics=model.metrics, **values)


class _ToldListener(SilentListener):
    """Tells everything in lines of JSON; stops when it reads that it should."""

    def __init__(self, words: IO[str]) -> None:
        self._words = words
        self._stop = threading.Event()
        threading.Thread(target=self._hear, daemon=True).start()

    def on_phase(self, text: str) -> None:
        """A new phase."""
        self._tell({"phase": text})

    def on_log(self, text: str) -> None:
        """A line for the log."""
        self._tell({"log": text})

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice is done."""
        self._tell({"slice": progress.to_dict()})

    def on_epoch(self, result: EpochResult) -> None:
        """An epoch is done."""
        self._tell({"epoch": result.to_dict()})

    def should_stop(self) -> bool:
        """Whether it was heard."""
        return self._stop.is_set()

    def _tell(self, words: Mapping[str, Any]) -> None:
        self._words.write(json.dumps(words) + "\n")
        self._words.flush()

    def _hear(self) -> None:
        for _ in sys.stdin:
            self._stop.set()
        os._exit(1)  # whoever waits for the result is gone


def main(folder: Path, device: str) -> None:
    """Train what lies in ``folder``; an error that its user can mend is left there in words."""
    words = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever libraries print goes to the log
    listener = _ToldListener(words)
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
        told = {"kind": type(error).__name__, "words": str(error)}
        (folder / _ERROR).write_text(json.dumps(told), encoding="utf-8")
    sys.stderr.flush()
    os._exit(0)  # taking the libraries apart takes long, and there is nothing left to lose


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

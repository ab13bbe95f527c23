"""A run that is live because this process trains it in name: epochs arrive at a steady pace and cost nothing.

The studio is the real one and so are the records; only the training is left out, so that the web process is measured
and not the trainer beside it. This process holds the supervisor's lock meanwhile, and the studio starts none.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from riskmodel.config.presets import preset
from riskmodel.training.progress import EpochResult, SliceProgress
from riskmodel.workspace.storage.process_identity import identify
from riskmodel.workspace.workspace import Workspace

NUM_EPOCHS = 10_000
HISTORY = 60
SECONDS_PER_EPOCH = 1.0
SECONDS_PER_SLICE = 0.2
"""Seconds between two progress reports of a trainer."""

FIRST = EpochResult(
    epoch=1,
    num_epochs=NUM_EPOCHS,
    train_loss=0.45,
    validation_loss=0.43,
    train_auc=0.74,
    validation_auc=0.77,
    train_accuracy=0.79,
    validation_accuracy=0.8,
    learning_rate=0.001,
    seconds=SECONDS_PER_EPOCH,
    rows_per_second=20_000.0,
    good_counts=tuple(round(700 * math.exp(-bin / 6)) for bin in range(40)),
    bad_counts=tuple(round(60 * math.exp(-bin / 14)) for bin in range(40)),
    is_best=True,
)


def epoch(number: int) -> EpochResult:
    """The figures of an epoch: the losses fall, with some unrest, and the scores move to the right."""
    fallen = 0.1 * (1 - math.exp(-number / 40)) + 0.002 * math.sin(number)
    return replace(
        FIRST,
        epoch=number,
        train_loss=FIRST.train_loss - 1.2 * fallen,
        validation_loss=FIRST.validation_loss - fallen,
        train_auc=FIRST.train_auc + fallen,
        validation_auc=FIRST.validation_auc + 0.8 * fallen,
        bad_counts=(*FIRST.bad_counts[number % 7 :], *FIRST.bad_counts[: number % 7]),
        is_best=number % 3 == 0,
    )


def begin_run(workspace: Workspace, dataset_id: str, name: str) -> str:
    """A running run with 60 epochs; its id."""
    run = workspace.runs.submit(dataset_id, preset("mission"), name=name, device="cpu")
    claimed = workspace.execution.runs.claim(identify())
    assert claimed is not None and claimed.id == run.id
    workspace.execution.runs.set_device(run.id, "cpu", "")
    for number in range(1, HISTORY + 1):
        workspace.execution.runs.add_epoch(run.id, epoch(number))
    return run.id


class Feed:
    """Tells progress and epochs of a run like a trainer, from a thread; ``stored_at`` says when each was stored."""

    def __init__(self, workspace: Workspace, run_id: str) -> None:
        self.stored_at: dict[int, float] = {}
        self._workspace, self._run_id = workspace, run_id
        self._ended = threading.Event()

    def tell(self) -> None:
        """Until ended."""
        execution = self._workspace.execution.runs
        number, next_epoch_at = len(self._workspace.runs.epochs(self._run_id)), time.monotonic()
        while not self._ended.wait(SECONDS_PER_SLICE):
            rows = 18_000 * number + int(18_000 * (1 - max(next_epoch_at - time.monotonic(), 0)))
            progress = SliceProgress("Training", number + 1, NUM_EPOCHS, rows, 18_000 * NUM_EPOCHS, 2e4, 3_000.0, 0.4)
            execution.set_progress(self._run_id, progress)
            if time.monotonic() >= next_epoch_at:
                number, next_epoch_at = number + 1, next_epoch_at + SECONDS_PER_EPOCH
                execution.add_epoch(self._run_id, epoch(number))
                self.stored_at[number] = time.monotonic()

    def end(self) -> None:
        self._ended.set()


@contextmanager
def fed(workspace: Workspace, run_id: str) -> Iterator[Feed]:
    """While inside, the run goes on."""
    feed = Feed(workspace, run_id)
    thread = threading.Thread(target=feed.tell)
    thread.start()
    try:
        yield feed
    finally:
        feed.end()
        thread.join()

"""Progress of a search. Plain values without TensorFlow: the web process reads them too."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from riskmodel.training.progress import JsonRecord, SliceProgress

TrialState = Literal["running", "finished", "pruned", "failed", "stopped"]
LASTING: tuple[TrialState, ...] = ("finished", "pruned", "failed")
"""Final states of a trial; a running or stopped one is repeated when its search resumes."""

LEAST_TO_COMPARE = 4
"""Finished trials before pruning begins."""

LEAST_FOR_IMPORTANCE = 10
"""Finished trials before importance is computed."""


@dataclass(frozen=True)
class TrialResult(JsonRecord):
    """Current state of one trial of a search.

    Attributes:
        number: 1-based; the first uses the search's base config.
        state: ``pruned``: ended because worse than the others; ``stopped``: ended by the analyst or the time limit.
        values: Of the searched fields that had an effect, by path, as in JSON.
        losses: Validation log-loss after each epoch so far.
        loss: Validation log-loss with the kept weights; None before the first epoch and for failed trials.
        auc: Validation AUC with the same weights.
        best_epoch: 1-based, the one whose weights are kept so far.
        num_epochs: Requested epochs.
        seconds: Wall time.
        error: Error message of a failed trial; else empty.
        loss_error: Standard error, over the validation customers, of the difference between its loss and that of the
            first trial; None for the first trial, for trials that have not finished, for those trained after the search
            was resumed, and for those of earlier versions.
    """

    _tuples: ClassVar[tuple[str, ...]] = ("losses",)

    number: int
    state: TrialState
    values: Mapping[str, Any]
    losses: tuple[float, ...]
    loss: float | None
    auc: float | None
    best_epoch: int | None
    num_epochs: int
    seconds: float
    error: str = ""
    loss_error: float | None = None


def best_trial(trials: Iterable[TrialResult]) -> TrialResult | None:
    """The finished trial with the smallest loss, the first of equals; None if none has finished."""
    finished = [trial for trial in trials if trial.state == "finished" and trial.loss is not None]
    return min(finished, key=lambda trial: (trial.loss, trial.number), default=None)


def rank_trials(trials: Iterable[TrialResult]) -> list[TrialResult]:
    """The trials, best first: finished ones by loss, then running ones, pruned and stopped ones by loss, failed ones.

    The loss of a pruned trial is that of fewer epochs, so it is not compared with the finished ones.
    """
    order = {"finished": 0, "running": 1, "pruned": 2, "stopped": 2, "failed": 3}
    return sorted(
        trials, key=lambda trial: (order[trial.state], math.inf if trial.loss is None else trial.loss, trial.number)
    )


class SearchListener(Protocol):
    """Receives a search's progress and may stop it."""

    def on_phase(self, text: str) -> None:
        """A new phase has begun, e.g. ``"Splitting"``."""

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice of an epoch of the current trial is done; its phase names the trial."""

    def on_trial(self, result: TrialResult) -> None:
        """A trial has begun, has trained another epoch, or has ended; identified by its number."""

    def should_stop(self) -> bool:
        """True once the analyst requested a stop; checked after every slice."""

"""Progress of a search. Plain values without TensorFlow: the web process reads them too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from riskmodel.training.progress import JsonRecord, SliceProgress

TrialState = Literal["running", "finished", "pruned", "failed", "stopped"]
LASTING: tuple[TrialState, ...] = ("finished", "pruned", "failed")
"""Final states of a trial; a running or stopped one is repeated when its search resumes."""


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


def best_trial(trials: Iterable[TrialResult]) -> TrialResult | None:
    """The finished trial with the smallest loss, the first of equals; None if none has finished."""
    finished = [trial for trial in trials if trial.state == "finished" and trial.loss is not None]
    return min(finished, key=lambda trial: (trial.loss, trial.number), default=None)


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

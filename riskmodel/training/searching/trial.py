"""What a search tells while it goes on. Plain values, no TensorFlow: the web process reads them too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from riskmodel.training.progress import Record, SliceProgress

TrialState = Literal["running", "finished", "pruned", "failed", "stopped"]
LASTING: tuple[TrialState, ...] = ("finished", "pruned", "failed")
"""How a trial ends for good; a running or stopped one is done again when its search goes on."""


@dataclass(frozen=True)
class TrialResult(Record):
    """One trial of a search, as it stands.

    Attributes:
        number: 1-based; the first has the choices of the search's own config.
        state: ``pruned`` is ended for being worse than the others, ``stopped`` cut short by the analyst or the clock.
        values: Of the searched fields that had an effect, by path, as JSON has them.
        losses: Validation log-loss after each epoch so far.
        loss: Validation log-loss by the weights kept; None before the first epoch and where the trial failed.
        auc: Validation AUC by the same weights.
        best_epoch: 1-based, the one whose weights are kept so far.
        num_epochs: Epochs asked for.
        seconds: Wall time.
        error: Why it failed, in words; empty otherwise.
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
    """The finished trial with the smallest loss, the first of equals; None where none has finished."""
    finished = [trial for trial in trials if trial.state == "finished" and trial.loss is not None]
    return min(finished, key=lambda trial: (trial.loss, trial.number), default=None)


class SearchListener(Protocol):
    """Hears of a search's progress and may end it."""

    def on_phase(self, text: str) -> None:
        """A new phase has begun, e.g. ``"Splitting"``."""

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice of an epoch of the present trial is done; its phase names the trial."""

    def on_trial(self, result: TrialResult) -> None:
        """A trial has begun, has had another epoch, or has ended; its number says which."""

    def should_stop(self) -> bool:
        """True once the analyst asked to stop; asked after every slice."""

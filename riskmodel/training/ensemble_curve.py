"""The curve of several networks trained together: what the analyst follows, epoch by epoch."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.training import TrainingConfig
from riskmodel.training.engine import Customers
from riskmodel.training.figures import compute_figures, count_probabilities
from riskmodel.training.fit import NetworkFit
from riskmodel.training.progress import EpochResult, SliceProgress, TrainingListener


@dataclass(frozen=True, eq=False)
class Member:
    """One network to train.

    Attributes:
        recipe: Position of its recipe in the run.
        model: Untrained, from ``build_network``.
        train, validation: Its customers: rows of the same arrays.
        config: Of its recipe.
        seed: Of the order of customers.
        cost: What a row costs to train, in any unit that all members share.
        name: By which it is kept on the way; no other member of the run has it.
    """

    recipe: int
    model: Any
    train: Customers
    validation: Customers
    config: TrainingConfig
    seed: int
    cost: float = 1.0
    name: str = ""


@dataclass(frozen=True)
class Course:
    """What comes before and after the members of an ensemble, for the analyst who follows the whole.

    Attributes:
        history: Epochs reported before.
        work_done: Rows trained before, each times its member's cost.
        work_after: The same of what will be trained later, in all its epochs.
        epochs_after: Epochs that will be reported later.
        seconds: Wall time before.
    """

    history: tuple[EpochResult, ...] = ()
    work_done: float = 0.0
    work_after: float = 0.0
    epochs_after: int = 0
    seconds: float = 0.0


def work_of(member: Member) -> float:
    """Rows to train in all epochs, times the member's cost."""
    return member.cost * member.config.epochs * member.train.num_rows


class EnsembleCurve:
    """One curve, recipe after recipe, of all members of a recipe together, reported as it grows.

    Args:
        members: All of them.
        listener: Hears it.
        course: What comes before and after.
        known: Epochs after those of ``course`` that an earlier training reported; they are not reported again.
    """

    def __init__(
        self,
        members: Sequence[Member],
        listener: TrainingListener,
        course: Course,
        known: Sequence[EpochResult] = (),
    ) -> None:
        self.members = members
        self.listener = listener
        self.course = course
        self.history = list(course.history)
        self.known = list(known)
        self.recipes = sorted({member.recipe for member in members})
        self.recipe = self.recipes[0]
        self.num_before = len(self.history)
        """Epochs of the recipes before this one."""
        self.fits: dict[int, NetworkFit] = {}
        self.log_odds: list[dict[int, npt.NDArray[np.float32]]] = [{} for _ in members]
        """By member: its validation log-odds by epoch, of the epochs that are not in the curve yet."""
        self.rows_done = [0] * len(members)
        self.ended = [False] * len(members)
        self.started = self.last_reported = time.perf_counter()

    def resume(self, number: int, fit: NetworkFit, log_odds: Mapping[int, npt.NDArray[np.float32]]) -> None:
        """A member is continued; ``log_odds`` are those of its epochs that are not in the curve yet."""
        self.fits[number] = fit
        self.log_odds[number] |= log_odds
        self.ended[number] = fit.is_done
        self.rows_done[number] = len(fit.history) * self.members[number].train.num_rows

    def end_slice(self, number: int, rows_done: int, train_loss: float | None) -> None:
        """A member has trained so many rows in all."""
        self.rows_done[number] = rows_done
        own_seconds = time.perf_counter() - self.started
        seconds = self.course.seconds + own_seconds
        done, total = self._work_done()
        share = min(done / total, 1.0)
        progress = SliceProgress(
            phase="Training",
            epoch=len(self.history) + 1,
            num_epochs=self._num_epochs(),
            rows_done=int(done),
            rows_total=int(total),
            rows_per_second=sum(self.rows_done) / max(own_seconds, 1e-9),
            eta_seconds=seconds * (1.0 - share) / max(share, 1e-9),
            train_loss=train_loss,
        )
        self.listener.on_slice(progress)

    def end_epoch(self, number: int, fit: NetworkFit) -> None:
        """A member has ended an epoch; the epochs that all of its recipe have ended are reported."""
        self.fits[number] = fit
        self.log_odds[number][len(fit.history)] = fit.last_log_odds
        self.ended[number] = fit.is_done
        if fit.is_done:
            done, of = sum(self.ended), len(self.members)
            self.listener.on_log(f"{done} of {of} networks trained, the last in {len(fit.history)} epochs.")
        self.report()

    def report(self) -> None:
        """Report the epochs that all members of their recipe have ended."""
        while self._report_next():
            pass

    def end(self, fits: Sequence[NetworkFit | None]) -> None:
        """Stopped before any epoch was ended by all: what there is, is reported."""
        if len(self.history) == len(self.course.history):
            self._report([number for number, fit in enumerate(fits) if fit is not None and fit.history], 1)

    def _report_next(self) -> bool:
        numbers = [number for number, member in enumerate(self.members) if member.recipe == self.recipe]
        if any(number not in self.fits for number in numbers):
            return False
        epoch = len(self.history) - self.num_before + 1
        if all(self.ended[number] or len(self.fits[number].history) >= epoch for number in numbers):
            if any(len(self.fits[number].history) >= epoch for number in numbers):
                self._report(numbers, epoch)
                return True
            if self.recipe != self.recipes[-1]:
                self.recipe = self.recipes[self.recipes.index(self.recipe) + 1]
                self.num_before = len(self.history)
                return True
        return False

    def _report(self, numbers: Sequence[int], epoch: int) -> None:
        """Report one epoch; a member that ended before it stands with the weights it keeps."""
        fits = [self.fits[number] for number in numbers]
        if self.known:
            for number in numbers:
                self.log_odds[number].pop(epoch, None)
            self.history.append(self.known.pop(0))
            return
        bad = np.concatenate([self.members[number].validation.bad for number in numbers])
        log_odds = np.concatenate(
            [self.log_odds[number].pop(epoch, fit.kept_log_odds) for number, fit in zip(numbers, fits, strict=True)]
        )
        each = [fit.history[min(epoch, len(fit.history)) - 1] for fit in fits]
        validation = compute_figures(bad, log_odds)
        now = time.perf_counter()
        result = EpochResult(
            epoch=len(self.history) + 1,
            num_epochs=self._num_epochs(),
            train_loss=_mean([result.train_loss for result in each]),
            validation_loss=validation.loss,
            train_auc=_mean([result.train_auc for result in each]),
            validation_auc=validation.auc,
            train_accuracy=_mean([result.train_accuracy for result in each]),
            validation_accuracy=validation.accuracy,
            learning_rate=each[0].learning_rate,
            seconds=now - self.last_reported,
            rows_per_second=sum(self.rows_done) / max(now - self.started, 1e-9),
            good_counts=count_probabilities(log_odds[bad == 0]),
            bad_counts=count_probabilities(log_odds[bad == 1]),
            is_best=all(validation.loss < earlier.validation_loss for earlier in self.history),
            train_ks=_mean([result.train_ks for result in each]),
            validation_ks=validation.ks,
            gradient_norm=_mean([result.gradient_norm for result in each]),
        )
        self.last_reported = now
        self.history.append(result)
        self.listener.on_epoch(result)

    def _num_epochs(self) -> int:
        left = [member.config.epochs for member in self._first_of_recipes() if member.recipe >= self.recipe]
        return max(self.num_before + sum(left), len(self.history)) + self.course.epochs_after

    def _first_of_recipes(self) -> list[Member]:
        return [next(member for member in self.members if member.recipe == recipe) for recipe in self.recipes]

    def _work_done(self) -> tuple[float, float]:
        """Rows trained and rows to train, each times its member's cost; a member that ended has done all of its own."""
        done = self.course.work_done
        total = self.course.work_done + self.course.work_after
        for member, rows, ended in zip(self.members, self.rows_done, self.ended, strict=True):
            own = work_of(member)
            total += own
            done += own if ended else min(member.cost * rows, own)
        return done, total


def _mean(values: Sequence[float | None]) -> float:
    """Of figures that every epoch trained here has."""
    return float(np.mean([value for value in values if value is not None]))

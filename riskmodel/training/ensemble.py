"""Several networks trained together: folds, seeds and partners, as many at a time as there are processor cores."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.training import TrainingConfig
from riskmodel.training.engine import Customers
from riskmodel.training.figures import compute_figures, count_probabilities
from riskmodel.training.fit import NetworkFit
from riskmodel.training.progress import EpochResult, SilentListener, SliceProgress, TrainingListener


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
    """

    recipe: int
    model: Any
    train: Customers
    validation: Customers
    config: TrainingConfig
    seed: int
    cost: float = 1.0


@dataclass(frozen=True, eq=False)
class EnsembleResult:
    """How the training of all members went.

    Attributes:
        history: Epochs as an analyst follows them: those before, those of the first recipe, then the next one's,
            numbered on.
        best_epoch: 1-based, the one with the lowest validation loss of all members together.
        log_odds: For each member, those of its validation customers (m,), by the weights it keeps.
        stopped: The listener asked to stop.
        num_early_stopped: Members whose patience ran out.
        seconds: Wall time.
    """

    history: tuple[EpochResult, ...]
    best_epoch: int
    log_odds: tuple[npt.NDArray[np.float32], ...]
    stopped: bool
    num_early_stopped: int
    seconds: float


@dataclass(frozen=True)
class Course:
    """What comes before and after the members of an ensemble, for the analyst who follows the whole.

    Attributes:
        history: Epochs told before.
        work_done: Rows trained before, each times its member's cost.
        work_after: The same of what will be trained later, in all its epochs.
        epochs_after: Epochs that will be told later.
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


def fit_ensemble(
    members: Sequence[Member],
    listener: TrainingListener,
    device: str = "cpu",
    num_workers: int = 1,
    course: Course | None = None,
) -> EnsembleResult:
    """Train every member's model in place; each keeps the weights that ``fit_network`` would keep.

    Workers take the member that is furthest behind, epoch by epoch, so that the members of a recipe go side by side
    and a stop at any moment leaves them all equally far. A member's weights do not depend on the number of workers.

    Args:
        course: Where these members stand in a longer training.

    Raises:
        TrainingError: A member's loss diverged; the others are ended.
    """
    return _Ensemble(members, listener, device, course or Course()).run(num_workers)


class _Ensemble:
    """The state that the workers share; everything but the training itself happens under its lock."""

    def __init__(self, members: Sequence[Member], listener: TrainingListener, device: str, course: Course) -> None:
        self.members = members
        self.device = device
        self.lock = threading.Lock()
        self.fits: list[NetworkFit | None] = [None] * len(members)
        # (recipe, epochs done, member): the smallest is next.
        self.waiting = [(member.recipe, 0, number) for number, member in enumerate(members)]
        heapq.heapify(self.waiting)
        self.stopping = self.stopped = False
        self.story = _Story(members, listener, course)

    def run(self, num_workers: int) -> EnsembleResult:
        started = time.perf_counter()
        with ThreadPoolExecutor(min(num_workers, len(self.members))) as pool:
            workers = [pool.submit(self._work) for _ in range(min(num_workers, len(self.members)))]
        for worker in workers:
            worker.result()  # raises what the worker met
        trained = [fit for fit in self.fits if fit is not None]
        for fit in trained:
            fit.settle(self.stopped)
        self.story.end(self.fits)
        history = tuple(self.story.told)
        return EnsembleResult(
            history=history,
            best_epoch=min(history, key=lambda result: result.validation_loss).epoch,
            log_odds=tuple(fit.kept_log_odds if fit else np.zeros(0, np.float32) for fit in self.fits),
            stopped=self.stopped,
            num_early_stopped=sum(fit.best.is_out_of_patience for fit in trained),
            seconds=self.story.course.seconds + time.perf_counter() - started,
        )

    def _work(self) -> None:
        done = False
        try:
            while (number := self._next()) is not None:
                fit = self.fits[number] or self._begin(number)
                stopped = fit.run_epoch()
                self._end_epoch(number, fit, stopped)
            done = True
        finally:
            if not done:
                with self.lock:
                    self.stopping = True  # the others end after their slice

    def _next(self) -> int | None:
        with self.lock:
            return heapq.heappop(self.waiting)[2] if self.waiting and not self.stopping else None

    def _begin(self, number: int) -> NetworkFit:
        member = self.members[number]
        fit = NetworkFit(
            member.model,
            member.train,
            member.validation,
            member.config,
            member.seed,
            _MemberListener(self, number),
            self.device,
        )
        self.fits[number] = fit
        return fit

    def _end_epoch(self, number: int, fit: NetworkFit, stopped: bool) -> None:
        with self.lock:
            self.stopped = self.stopped or stopped
            self.stopping = self.stopping or stopped
            if not fit.is_done:
                heapq.heappush(self.waiting, (self.members[number].recipe, len(fit.history), number))
            self.story.end_epoch(number, fit)

    def on_slice(self, number: int, rows_done: int, train_loss: float | None) -> None:
        with self.lock:
            self.story.end_slice(number, rows_done, train_loss)

    def should_stop(self) -> bool:
        with self.lock:
            return self.stopping or self.story.listener.should_stop()


class _MemberListener(SilentListener):
    """Passes a member's progress on to the whole."""

    def __init__(self, ensemble: _Ensemble, number: int) -> None:
        self._ensemble = ensemble
        self._number = number

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice of one member is done."""
        self._ensemble.on_slice(self._number, progress.rows_done, progress.train_loss)

    def should_stop(self) -> bool:
        """Whether the run was asked to stop, or another member failed."""
        return self._ensemble.should_stop()


class _Story:
    """What the analyst is told: one curve, recipe after recipe, of all members of a recipe together."""

    def __init__(self, members: Sequence[Member], listener: TrainingListener, course: Course) -> None:
        self.members = members
        self.listener = listener
        self.course = course
        self.told = list(course.history)
        self.recipes = sorted({member.recipe for member in members})
        self.recipe = self.recipes[0]
        self.told_before = len(self.told)
        """Epochs told of the recipes before this one."""
        self.fits: dict[int, NetworkFit] = {}
        self.log_odds: list[dict[int, npt.NDArray[np.float32]]] = [{} for _ in members]
        """By member: its validation log-odds by epoch, until told."""
        self.rows_done = [0] * len(members)
        self.ended = [False] * len(members)
        self.started = self.last_told = time.perf_counter()

    def end_slice(self, number: int, rows_done: int, train_loss: float | None) -> None:
        """A member has trained so many rows in all."""
        self.rows_done[number] = rows_done
        own_seconds = time.perf_counter() - self.started
        seconds = self.course.seconds + own_seconds
        done, total = self._work_done()
        share = min(done / total, 1.0)
        progress = SliceProgress(
            phase="Training",
            epoch=len(self.told) + 1,
            num_epochs=self._num_epochs(),
            rows_done=int(done),
            rows_total=int(total),
            rows_per_second=sum(self.rows_done) / max(own_seconds, 1e-9),
            eta_seconds=seconds * (1.0 - share) / max(share, 1e-9),
            train_loss=train_loss,
        )
        self.listener.on_slice(progress)

    def end_epoch(self, number: int, fit: NetworkFit) -> None:
        """A member has ended an epoch; the epochs that all of its recipe have ended are told."""
        self.fits[number] = fit
        self.log_odds[number][len(fit.history)] = fit.last_log_odds
        self.ended[number] = fit.is_done
        if fit.is_done:
            done, of = sum(self.ended), len(self.members)
            self.listener.on_log(f"{done} of {of} networks trained, the last in {len(fit.history)} epochs.")
        while self._tell_next():
            pass

    def end(self, fits: Sequence[NetworkFit | None]) -> None:
        """Stopped before any epoch was ended by all: what there is, is told."""
        if len(self.told) == len(self.course.history):
            self._tell([number for number, fit in enumerate(fits) if fit is not None and fit.history], 1)

    def _tell_next(self) -> bool:
        numbers = [number for number, member in enumerate(self.members) if member.recipe == self.recipe]
        if any(number not in self.fits for number in numbers):
            return False
        epoch = len(self.told) - self.told_before + 1
        if all(self.ended[number] or len(self.fits[number].history) >= epoch for number in numbers):
            if any(len(self.fits[number].history) >= epoch for number in numbers):
                self._tell(numbers, epoch)
                return True
            if self.recipe != self.recipes[-1]:
                self.recipe = self.recipes[self.recipes.index(self.recipe) + 1]
                self.told_before = len(self.told)
                return True
        return False

    def _tell(self, numbers: Sequence[int], epoch: int) -> None:
        """Tell of one epoch; a member that ended before it stands with the weights it keeps."""
        fits = [self.fits[number] for number in numbers]
        bad = np.concatenate([self.members[number].validation.bad for number in numbers])
        log_odds = np.concatenate(
            [self.log_odds[number].pop(epoch, fit.kept_log_odds) for number, fit in zip(numbers, fits, strict=True)]
        )
        each = [fit.history[min(epoch, len(fit.history)) - 1] for fit in fits]
        validation = compute_figures(bad, log_odds)
        now = time.perf_counter()
        result = EpochResult(
            epoch=len(self.told) + 1,
            num_epochs=self._num_epochs(),
            train_loss=_mean([result.train_loss for result in each]),
            validation_loss=validation.loss,
            train_auc=_mean([result.train_auc for result in each]),
            validation_auc=validation.auc,
            train_accuracy=_mean([result.train_accuracy for result in each]),
            validation_accuracy=validation.accuracy,
            learning_rate=each[0].learning_rate,
            seconds=now - self.last_told,
            rows_per_second=sum(self.rows_done) / max(now - self.started, 1e-9),
            good_counts=count_probabilities(log_odds[bad == 0]),
            bad_counts=count_probabilities(log_odds[bad == 1]),
            is_best=all(validation.loss < earlier.validation_loss for earlier in self.told),
            train_ks=_mean([result.train_ks for result in each]),
            validation_ks=validation.ks,
            gradient_norm=_mean([result.gradient_norm for result in each]),
        )
        self.last_told = now
        self.told.append(result)
        self.listener.on_epoch(result)

    def _num_epochs(self) -> int:
        left = [member.config.epochs for member in self._first_of_recipes() if member.recipe >= self.recipe]
        return max(self.told_before + sum(left), len(self.told)) + self.course.epochs_after

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

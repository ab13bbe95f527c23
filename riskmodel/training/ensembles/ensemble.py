"""Training of several networks (folds, seeds, partners) in parallel, one per processor core."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.training.ensembles.enlargement import is_still_improving
from riskmodel.training.ensembles.ensemble_progress import EnsembleProgress, PriorProgress
from riskmodel.training.ensembles.member import Member
from riskmodel.training.fitting.checkpoint import MemberStore, NoStore
from riskmodel.training.fitting.fit import NetworkFit
from riskmodel.training.progress import FitHistory, FitListener, SilentListener, SliceProgress


@dataclass(frozen=True, eq=False)
class MemberResult:
    """Result of training one member.

    Attributes:
        log_odds: float32 (m,), of its validation customers, from the weights it keeps; empty if it was not trained.
        early_stopped: Patience ran out.
        best_epoch: By the monitored figure, 1-based; 0 if it was not trained.
        is_still_improving: The best epoch is among the last of the requested epochs.
    """

    log_odds: npt.NDArray[np.float32]
    early_stopped: bool
    best_epoch: int = 0
    is_still_improving: bool = False


@dataclass(frozen=True, eq=False)
class EnsembleResult:
    """Result of training all members.

    Attributes:
        members: One result per member.
        fit_history: Epochs of all networks, including earlier ones; each has its network's name.
    """

    members: tuple[MemberResult, ...]
    fit_history: FitHistory


def fit_ensemble(
    members: Sequence[Member],
    listener: FitListener,
    num_workers: int = 1,
    prior: PriorProgress | None = None,
    store: MemberStore | None = None,
) -> EnsembleResult:
    """Train every member's model in place; each keeps the weights that `NetworkFit.run` would keep.

    Workers take the member with the fewest epochs trained, so that the members of a learner advance together
    and a stop leaves all of them at about the same epoch. A member's weights do not depend on the number of workers.

    Args:
        prior: Progress of the run outside these members.
        store: Checkpoints of the members; stored members are resumed. The result is the same.

    Raises:
        TrainingError: A member's loss diverged (the others end), or the store's checkpoints are of other networks.
    """
    return _Ensemble(members, listener, prior or PriorProgress(), store or NoStore()).run(num_workers)


class _Ensemble:
    """The state shared by the workers; everything but the training itself runs under its lock."""

    def __init__(
        self, members: Sequence[Member], listener: FitListener, prior: PriorProgress, store: MemberStore
    ) -> None:
        self.members = members
        self.store = store
        self.lock, self.writing = threading.Lock(), threading.Lock()
        self.fits: list[NetworkFit | None] = [None] * len(members)
        self.stopping = self.stopped = False
        self.progress = EnsembleProgress(members, listener, prior, store.history[len(prior.history) :])
        self._resume()
        # (learner, epochs done, member): the smallest is next.
        self.waiting = [
            (member.learner, len(fit.history) if fit else 0, number)
            for number, (member, fit) in enumerate(zip(members, self.fits, strict=True))
            if fit is None or not fit.is_done
        ]
        heapq.heapify(self.waiting)

    def _resume(self) -> None:
        """Resume the members in the store."""
        for number, member in enumerate(self.members):
            checkpoint = self.store.read(member.name)
            if checkpoint is not None:
                fit = self._begin(number)
                fit.resume(checkpoint, renews_patience=False)
                self.progress.resume(number, fit)
        resumed = [fit for fit in self.fits if fit is not None]
        if resumed:
            done = sum(fit.is_done for fit in resumed)
            self.progress.listener.on_log(
                f"Continuing: of {len(self.members)} networks, {done} are trained and {len(resumed) - done} in part."
            )

    def run(self, num_workers: int) -> EnsembleResult:
        started = time.perf_counter()
        with ThreadPoolExecutor(min(num_workers, len(self.members))) as pool:
            workers = [pool.submit(self._work) for _ in range(min(num_workers, len(self.members)))]
        for worker in workers:
            worker.result()  # raises the worker's error
        trained = [fit for fit in self.fits if fit is not None]
        for fit in trained:
            fit.load_kept_weights(self.stopped)
        seconds = self.progress.prior.seconds + time.perf_counter() - started
        return EnsembleResult(
            members=tuple(
                MemberResult(
                    fit.kept_log_odds,
                    fit.best.is_out_of_patience,
                    fit.best.epoch,
                    is_still_improving(fit.best.epoch, fit.config.epochs),
                )
                if fit
                else MemberResult(np.zeros(0, np.float32), early_stopped=False)
                for fit in self.fits
            ),
            fit_history=FitHistory(tuple(self.progress.history), None, self.stopped, False, seconds),
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
        fit = NetworkFit(self.members[number].spec, _MemberListener(self, number))
        self.fits[number] = fit
        return fit

    def _end_epoch(self, number: int, fit: NetworkFit, stopped: bool) -> None:
        with self.lock:
            self.stopped = self.stopped or stopped
            self.stopping = self.stopping or stopped
            self.progress.end_epoch(number, fit)
        if not stopped and self.store.is_due(self.members[number].name, fit.is_done):
            with self.writing:
                self._write(number, fit)
        if not fit.is_done:
            with self.lock:
                heapq.heappush(self.waiting, (self.members[number].learner, len(fit.history), number))

    def _write(self, number: int, fit: NetworkFit) -> None:
        with self.lock:
            history = tuple(self.progress.history)
        self.store.write(self.members[number].name, history, fit.make_checkpoint())

    def on_slice(self, number: int, rows_done: int, train_loss: float | None) -> None:
        with self.lock:
            self.progress.end_slice(number, rows_done, train_loss)

    def should_stop(self) -> bool:
        with self.lock:
            return self.stopping or self.progress.listener.should_stop()


class _MemberListener(SilentListener):
    """Forwards a member's progress to the ensemble."""

    def __init__(self, ensemble: _Ensemble, number: int) -> None:
        self._ensemble = ensemble
        self._number = number

    def on_slice(self, progress: SliceProgress) -> None:
        """A slice of one member is done."""
        self._ensemble.on_slice(self._number, progress.rows_done, progress.train_loss)

    def should_stop(self) -> bool:
        """Whether the run was asked to stop, or another member failed."""
        return self._ensemble.should_stop()

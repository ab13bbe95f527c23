"""Progress reports of several networks trained together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from riskmodel.training.ensembles.member import Member
from riskmodel.training.fitting.fit import NetworkFit
from riskmodel.training.progress import TRAINING, EpochResult, FitListener, SliceProgress


@dataclass(frozen=True)
class PriorProgress:
    """Progress of a run before and after the members of an ensemble, for the run's overall progress.

    Attributes:
        history: Epochs reported before.
        work_done: Rows trained before, each times its member's cost.
        work_after: The same for networks trained later, over all epochs.
        networks_before, networks_after: Number of networks trained before and later.
        seconds: Wall time before.
    """

    history: tuple[EpochResult, ...] = ()
    work_done: float = 0.0
    work_after: float = 0.0
    networks_before: int = 0
    networks_after: int = 0
    seconds: float = 0.0


class EnsembleProgress:
    """Reports the epochs of all members in order of completion, each with its network's name.

    Args:
        members: All of them.
        listener: Receives the reports.
        prior: Progress before and after these members.
        known: Epochs after those of ``prior`` that an earlier training reported; they are not reported again.
    """

    def __init__(
        self,
        members: Sequence[Member],
        listener: FitListener,
        prior: PriorProgress,
        known: Sequence[EpochResult] = (),
    ) -> None:
        self.members = members
        self.listener = listener
        self.prior = prior
        self.history = [*prior.history, *known]
        self._reported = {(result.network, result.epoch) for result in self.history}
        self._num_epochs = [0] * len(members)
        self._rows_done = [0] * len(members)
        self._ended = [False] * len(members)
        self._started = time.perf_counter()

    def resume(self, number: int, fit: NetworkFit) -> None:
        """Resume a member; report those of its epochs that were not reported."""
        self._ended[number] = fit.is_done
        self._rows_done[number] = len(fit.history) * self.members[number].spec.train.num_rows
        self._report(number, fit)

    def end_slice(self, number: int, rows_done: int, train_loss: float | None) -> None:
        """A member has trained ``rows_done`` rows in total."""
        self._rows_done[number] = rows_done
        own_seconds = time.perf_counter() - self._started
        seconds = self.prior.seconds + own_seconds
        done, total = self._work_done()
        share = min(done / total, 1.0)
        progress = SliceProgress(
            phase=TRAINING,
            epoch=self._num_epochs[number] + 1,
            num_epochs=self.members[number].spec.config.epochs,
            rows_done=int(done),
            rows_total=int(total),
            rows_per_second=sum(self._rows_done) / max(own_seconds, 1e-9),
            eta_seconds=seconds * (1.0 - share) / max(share, 1e-9),
            train_loss=train_loss,
            networks_done=self._num_networks_done,
            num_networks=self.prior.networks_before + len(self.members) + self.prior.networks_after,
        )
        self.listener.on_slice(progress)

    def end_epoch(self, number: int, fit: NetworkFit) -> None:
        """A member has ended an epoch, or was stopped within one."""
        self._ended[number] = fit.is_done
        self._report(number, fit)
        if fit.is_done:
            total = self.prior.networks_before + len(self.members) + self.prior.networks_after
            early = " (stopped early)" if fit.best.is_out_of_patience else ""
            best = fit.config.best_means if fit.config.keeps_best else "the last"
            self.listener.on_log(
                f"Trained {self.members[number].title}: {len(fit.history)} of {fit.config.epochs} epochs{early}; keeps "
                f"the weights of epoch {fit.kept_epoch} ({best}). "
                f"{self._num_networks_done} of {total} networks trained."
            )

    def _report(self, number: int, fit: NetworkFit) -> None:
        """Report the epochs of a member that were not reported before."""
        name = self.members[number].name
        self._num_epochs[number] = len(fit.history)
        for result in fit.history:
            if (name, result.epoch) in self._reported:
                continue
            named = replace(result, network=name, position=len(self.history) + 1)
            self._reported.add((name, result.epoch))
            self.history.append(named)
            self.listener.on_epoch(named)

    @property
    def _num_networks_done(self) -> int:
        return self.prior.networks_before + sum(self._ended)

    def _work_done(self) -> tuple[float, float]:
        """Rows trained and rows to train, each times its member's cost; an ended member counts in full."""
        done = self.prior.work_done
        total = self.prior.work_done + self.prior.work_after
        for member, rows, ended in zip(self.members, self._rows_done, self._ended, strict=True):
            own = member.work
            total += own
            done += own if ended else min(member.cost * rows, own)
        return done, total

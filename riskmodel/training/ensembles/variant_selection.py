"""Selection on the first fold: among variants of one architecture (e.g. encodings), and of larger networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.config.ensemble import MAX_PARTNERS, Learner
from riskmodel.config.network import describe_difference
from riskmodel.config.network_name import learner_title
from riskmodel.config.run import RunConfig
from riskmodel.errors import TrainingError
from riskmodel.sizing.cost import MAX_WORK
from riskmodel.training.engines.executor import BACKEND_ERRORS
from riskmodel.training.ensembles.blend import average_probability, to_log_odds
from riskmodel.training.ensembles.enlargement import (
    MAX_ENLARGEMENTS,
    LossReduction,
    describe_failure,
    describe_start,
    describe_too_large,
)
from riskmodel.training.ensembles.ensemble import EnsembleResult, MemberResult, fit_ensemble
from riskmodel.training.ensembles.ensemble_progress import PriorProgress
from riskmodel.training.ensembles.member import Member
from riskmodel.training.ensembles.members import Fold, MemberMaker
from riskmodel.training.fitting.calibration import log_loss
from riskmodel.training.fitting.checkpoint import MemberStore
from riskmodel.training.progress import FitHistory, TrainingListener


@dataclass(frozen=True)
class DroppedVariant:
    """A variant with a higher first-fold loss than another of its architecture.

    Attributes:
        learner, winner: Positions in the run.
        loss, winner_loss: Log-loss on the first fold's validation customers.
    """

    learner: int
    winner: int
    loss: float
    winner_loss: float

    def describe(self, config: RunConfig) -> str:
        """Note for the analyst."""
        dropped, selected = (
            config.learners[position].network.model_dump(mode="json") for position in (self.learner, self.winner)
        )
        chosen = describe_difference(selected, dropped) or "no difference"
        other = describe_difference(dropped, selected) or "no difference"
        return (
            f"{learner_title(config, self.winner)} ({chosen}) was chosen on the validation customers of the first "
            f"fold: log-loss {self.winner_loss:.4f}, {learner_title(config, self.learner)} ({other}) {self.loss:.4f}. "
            "The latter is not part of the model."
        )


@dataclass(frozen=True, eq=False)
class VariantSelection:
    """Result of the selection among a run's learners.

    Attributes:
        maker: That of the members; its configuration has the larger networks as partners.
        members: The trained networks of the selected learners.
        fitted: Their training results, in the same order.
        dropped: The variants not selected.
        notes: Notes for the analyst on variants and larger networks.
    """

    maker: MemberMaker
    members: tuple[Member, ...]
    fitted: EnsembleResult
    dropped: tuple[DroppedVariant, ...] = ()
    notes: tuple[str, ...] = ()


def train_variants(
    maker: MemberMaker, listener: TrainingListener, num_workers: int, store: MemberStore | None = None
) -> VariantSelection:
    """Train all learners; if configured, only the best variant per architecture beyond the first fold.

    A variant that is still improving at the end of its epochs is enlarged, if configured: the larger network is a
    further variant.

    Args:
        num_workers, store: As for `fit_ensemble`.
    """
    return _Selection(maker, listener, num_workers, store).run()


class _Selection:
    """Trains in rounds: the first fold of the variants, larger networks on the first fold, then everything else."""

    def __init__(
        self, maker: MemberMaker, listener: TrainingListener, num_workers: int, store: MemberStore | None
    ) -> None:
        self.maker, self.listener, self.num_workers, self.store = maker, listener, num_workers, store
        self.trained: list[tuple[Member, MemberResult]] = []
        self.history = FitHistory((), None, False, False, 0.0)
        self.dropped: list[DroppedVariant] = []
        self.notes: list[str] = []

    def run(self) -> VariantSelection:
        groups = self._contested()
        if groups:
            self._fit([learner for group in groups for learner in group], self.maker.folds[:1], groups)
            if not self.history.stopped:
                for group in groups:
                    self._keep_best(group)
                for group in groups:
                    self._enlarge(group, groups)
        if not self.history.stopped:
            self._fit_rest([learner for group in groups for learner in group])
        kept = [pair for pair in self.trained if pair[0].learner not in self._dropped_learners]
        members, results = zip(*kept, strict=True)
        fitted = EnsembleResult(results, self.history)
        return VariantSelection(self.maker, members, fitted, tuple(self.dropped), tuple(self.notes))

    @property
    def _dropped_learners(self) -> set[int]:
        return {variant.learner for variant in self.dropped}

    def _contested(self) -> list[list[int]]:
        """Learners whose first fold is trained first: variants, and learners that may be enlarged."""
        config = self.maker.config
        groups = [[learner for learner in group if learner not in self._larger] for group in config.variant_groups]
        grouped = {learner for group in config.variant_groups for learner in group}
        groups += [
            [number]
            for number, learner in enumerate(config.learners)
            if number not in grouped and learner.training.enlarge and _has_own_architecture(config, number)
        ]
        return groups

    @property
    def _larger(self) -> set[int]:
        """Learners that are trained only if a smaller one is still improving."""
        learners = self.maker.config.learners
        enlarged = [learner.enlarged() for learner in learners if learner.training.enlarge]
        return {number for number, learner in enumerate(learners) if learner in enlarged}

    def _fit_rest(self, first: Sequence[int]) -> None:
        """Train everything else; the best epochs of the first fold shorten the patience on the others."""
        rest: list[Member] = []
        skipped = self._dropped_learners | (self._larger - set(first))
        for learner in range(len(self.maker.config.learners)):
            if learner in skipped:
                continue
            if learner in first:
                expected = max(result.best_epoch for _, result in self._trained_of(learner))
                rest += self.maker.make(learner, self.maker.folds[1:], expected)
            else:
                rest += self.maker.make(learner, self.maker.folds)
        if rest:
            self._fit_members(rest, 0.0, 0)

    def _fit(self, learners: Sequence[int], folds: Sequence[Fold], groups: Sequence[Sequence[int]]) -> None:
        """Train these learners' members of some folds; the progress counts those that follow."""
        members = [member for learner in learners for member in self.maker.make(learner, folds)]
        self._fit_members(members, *self._expect(groups))

    def _fit_members(self, members: Sequence[Member], work_after: float, networks_after: int) -> None:
        before = [member for member, _ in self.trained]
        prior = PriorProgress(
            self.history.epochs,
            work_done=sum(member.work for member in before),
            work_after=work_after,
            networks_before=len(before),
            networks_after=networks_after,
            seconds=self.history.seconds,
        )
        fitted = fit_ensemble(members, self.listener, self.num_workers, prior, self.store)
        self.trained += zip(members, fitted.members, strict=True)
        self.history = fitted.fit_history

    def _expect(self, groups: Sequence[Sequence[int]]) -> tuple[float, int]:
        """Work and number of the networks after the first fold; of variants, the most expensive counts."""
        maker, contested = self.maker, {learner for group in groups for learner in group}
        num_further = len(maker.folds) - 1
        alone = [
            learner
            for learner in range(len(maker.config.learners))
            if learner not in contested and learner not in self._larger
        ]
        work = sum(num_further * max(maker.work(learner) for learner in group) for group in groups)
        work += len(maker.folds) * sum(maker.work(learner) for learner in alone)
        seeds = maker.config.ensemble.seeds
        return work, seeds * (num_further * len(groups) + len(maker.folds) * len(alone))

    def _keep_best(self, group: Sequence[int]) -> None:
        losses = {learner: self._loss(learner) for learner in group}
        winner = min(group, key=lambda learner: losses[learner])
        for learner in group:
            if learner != winner:
                self.dropped.append(DroppedVariant(learner, winner, losses[learner], losses[winner]))
                self.notes.append(self.dropped[-1].describe(self.maker.config))

    def _enlarge(self, group: list[int], groups: Sequence[Sequence[int]]) -> None:
        """Train larger networks than the winner of a group while it is still improving; adds them to the group."""
        for _ in range(MAX_ENLARGEMENTS):
            (winner,) = (learner for learner in group if learner not in self._dropped_learners)
            smaller = self.maker.config.learners[winner]
            larger = smaller.enlarged() if smaller.training.enlarge else None
            is_improving = all(result.is_still_improving for _, result in self._trained_of(winner))
            if self.history.stopped or larger is None or not is_improving:
                return
            number = self._add(larger, winner)
            if number is None:
                return
            group.append(number)
            self.listener.on_log(describe_start(larger, smaller))
            try:
                self._fit([number], self.maker.folds[:1], groups)
            except (TrainingError, MemoryError, *BACKEND_ERRORS) as error:
                self._note(describe_failure(larger, smaller, error))
                self._drop(number, winner)
                return
            if not self._decide(winner, number):
                return

    def _add(self, larger: Learner, winner: int) -> int | None:
        """Position of the larger learner, which becomes a partner; None without a place, or if it takes too long."""
        learners = self.maker.config.learners
        if larger in learners:  # of a training that is resumed or repeated
            return learners.index(larger)
        if len(learners) > MAX_PARTNERS:
            return None
        enlarged, number = self.maker.with_partner(larger), len(learners)
        work, before = enlarged.work(number), enlarged.work(winner)
        if len(self.maker.folds) * work > MAX_WORK:
            self._note(describe_too_large(larger, learners[winner], work / before))
            return None
        self.maker = enlarged
        self.listener.on_config(self.maker.config, self.history.epochs)
        return number

    def _decide(self, smaller: int, larger: int) -> bool:
        """Whether the larger network replaces the smaller one."""
        if any(not len(result.log_odds) for _, result in self._trained_of(larger)):
            self._drop(larger, smaller)
            return False
        bad = self._trained_of(smaller)[0][0].spec.validation.bad
        before, after = (to_log_odds(self._probability(learner)) for learner in (smaller, larger))
        reduction = LossReduction.between(bad, before, after)
        learners = self.maker.config.learners
        self._note(reduction.describe(learners[larger], learners[smaller]))
        dropped, winner = (smaller, larger) if reduction.is_clear else (larger, smaller)
        self.dropped.append(DroppedVariant(dropped, winner, self._loss(dropped), self._loss(winner)))
        return reduction.is_clear

    def _drop(self, untrained: int, winner: int) -> None:
        self.dropped.append(DroppedVariant(untrained, winner, math.inf, self._loss(winner)))

    def _note(self, text: str) -> None:
        self.notes.append(text)
        self.listener.on_log(text)

    def _trained_of(self, learner: int) -> list[tuple[Member, MemberResult]]:
        return [pair for pair in self.trained if pair[0].learner == learner]

    def _loss(self, learner: int) -> float:
        """Log-loss of the mean probability over the learner's seeds, on their common validation customers."""
        return log_loss(self._trained_of(learner)[0][0].spec.validation.bad, self._probability(learner))

    def _probability(self, learner: int) -> npt.NDArray[np.float64]:
        pairs = self._trained_of(learner)
        num_rows = pairs[0][0].spec.validation.num_rows
        rows = np.arange(num_rows)
        return average_probability(num_rows, [(rows, result.log_odds) for _, result in pairs])


def _has_own_architecture(config: RunConfig, learner: int) -> bool:
    """Whether it may get a larger variant: variants of an architecture exclude each other."""
    architectures = [network.architecture for network in config.networks]
    return config.ensemble.one_per_architecture or architectures.count(architectures[learner]) == 1

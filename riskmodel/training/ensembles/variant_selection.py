"""Selection among variants of one architecture (e.g. encodings) by validation loss on the first fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from riskmodel.config.network import describe_difference
from riskmodel.config.network_name import learner_title
from riskmodel.config.run import RunConfig
from riskmodel.training.ensembles.blend import average_probability
from riskmodel.training.ensembles.ensemble import EnsembleResult, MemberResult, fit_ensemble
from riskmodel.training.ensembles.ensemble_progress import PriorProgress
from riskmodel.training.ensembles.member import Member
from riskmodel.training.ensembles.members import MemberMaker
from riskmodel.training.fitting.calibration import log_loss
from riskmodel.training.fitting.checkpoint import MemberStore
from riskmodel.training.progress import TrainingListener


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
        members: The trained networks of the selected learners.
        fitted: Their training results, in the same order.
        dropped: The variants not selected.
    """

    members: tuple[Member, ...]
    fitted: EnsembleResult
    dropped: tuple[DroppedVariant, ...] = ()


def train_variants(
    maker: MemberMaker, listener: TrainingListener, num_workers: int, store: MemberStore | None = None
) -> VariantSelection:
    """Train all learners; if configured, only the best variant per architecture beyond the first fold.

    Args:
        num_workers, store: As for `fit_ensemble`.
    """
    config = maker.config
    variants = [position for group in config.variant_groups for position in group]
    if not variants:
        members = [member for learner in range(len(config.learners)) for member in maker.make(learner, maker.folds)]
        return VariantSelection(tuple(members), fit_ensemble(members, listener, num_workers, store=store))
    first = [member for learner in variants for member in maker.make(learner, maker.folds[:1])]
    fitted = fit_ensemble(first, listener, num_workers, _before(maker), store)
    stopped = fitted.fit_history.stopped
    dropped = () if stopped else _find_dropped(config.variant_groups, first, fitted.members)
    dropped_positions = {variant.learner for variant in dropped}
    kept = [number for number, member in enumerate(first) if member.learner not in dropped_positions]
    fitted_first = replace(fitted, members=tuple(fitted.members[number] for number in kept))
    members = [first[number] for number in kept]
    further: list[Member] = []
    if not stopped:
        for position in range(len(config.learners)):
            if position not in dropped_positions:
                further += maker.make(position, maker.folds[1:] if position in variants else maker.folds)
    if not further:
        return VariantSelection(tuple(members), fitted_first, dropped)
    done = PriorProgress(
        fitted.fit_history.epochs,
        work_done=sum(member.work for member in first),
        networks_before=len(first),
        seconds=fitted.fit_history.seconds,
    )
    later = fit_ensemble(further, listener, num_workers, done, store)
    joined = replace(later, members=fitted_first.members + later.members)
    return VariantSelection((*members, *further), joined, dropped)


def _before(maker: MemberMaker) -> PriorProgress:
    """Progress before the first fold: of variants of one architecture, the most expensive counts."""
    config = maker.config
    num_further = len(maker.folds) - 1
    variants = {position for group in config.variant_groups for position in group}
    work = sum(num_further * max(maker.work(learner) for learner in group) for group in config.variant_groups)
    alone = [learner for learner in range(len(config.learners)) if learner not in variants]
    return PriorProgress(
        work_after=work + len(maker.folds) * sum(maker.work(learner) for learner in alone),
        networks_after=config.ensemble.seeds
        * (num_further * len(config.variant_groups) + len(maker.folds) * len(alone)),
    )


def _find_dropped(
    groups: Sequence[tuple[int, ...]], members: Sequence[Member], results: Sequence[MemberResult]
) -> tuple[DroppedVariant, ...]:
    dropped: list[DroppedVariant] = []
    for group in groups:
        losses = {number: _loss(number, members, results) for number in group}
        winner = min(group, key=lambda number: losses[number])
        dropped += [
            DroppedVariant(number, winner, losses[number], losses[winner]) for number in group if number != winner
        ]
    return tuple(dropped)


def _loss(learner: int, members: Sequence[Member], results: Sequence[MemberResult]) -> float:
    """Log-loss of the mean probability over the learner's seeds, on their common validation customers."""
    numbers = [number for number, member in enumerate(members) if member.learner == learner]
    bad = members[numbers[0]].spec.validation.bad
    rows = np.arange(len(bad))
    probability = average_probability(len(bad), [(rows, results[number].log_odds) for number in numbers])
    return log_loss(bad, probability)

"""Selection among variants of one architecture (e.g. encodings) by validation loss on the first fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from riskmodel.config.network import describe_difference
from riskmodel.config.network_name import recipe_title
from riskmodel.config.run import RunConfig
from riskmodel.training.ensembles.blend import average_probability
from riskmodel.training.ensembles.ensemble import EnsembleResult, fit_ensemble
from riskmodel.training.ensembles.ensemble_curve import Member, PriorProgress, work_of
from riskmodel.training.ensembles.members import MemberMaker
from riskmodel.training.fitting.calibration import log_loss
from riskmodel.training.fitting.checkpoint import MemberStore
from riskmodel.training.progress import TrainingListener


@dataclass(frozen=True)
class DroppedVariant:
    """A variant with a higher first-fold loss than another of its architecture.

    Attributes:
        recipe, winner: Positions in the run.
        loss, winner_loss: Log-loss on the first fold's validation customers.
    """

    recipe: int
    winner: int
    loss: float
    winner_loss: float

    def describe(self, config: RunConfig) -> str:
        """Note for the analyst."""
        dropped, selected = (
            config.recipes[position].network.model_dump(mode="json") for position in (self.recipe, self.winner)
        )
        chosen = describe_difference(selected, dropped) or "no difference"
        other = describe_difference(dropped, selected) or "no difference"
        return (
            f"{recipe_title(config, self.winner)} ({chosen}) was chosen on the validation customers of the first fold: "
            f"log-loss {self.winner_loss:.4f}, {recipe_title(config, self.recipe)} ({other}) {self.loss:.4f}. The "
            "latter is not part of the model."
        )


@dataclass(frozen=True, eq=False)
class VariantSelection:
    """Result of the selection among a run's recipes.

    Attributes:
        members: The trained networks of the selected recipes.
        fitted: Their training results, in the same order.
        dropped: The variants not selected.
    """

    members: tuple[Member, ...]
    fitted: EnsembleResult
    dropped: tuple[DroppedVariant, ...] = ()


def train_variants(
    maker: MemberMaker,
    config: RunConfig,
    listener: TrainingListener,
    device: str,
    num_workers: int,
    store: MemberStore | None = None,
) -> VariantSelection:
    """Train all recipes; if configured, only the best variant per architecture beyond the first fold.

    Args:
        store: As for `fit_ensemble`.
    """
    variants = [position for group in config.variant_groups for position in group]
    if not variants:
        members = [member for recipe in range(len(config.recipes)) for member in maker.make(recipe, maker.folds)]
        return VariantSelection(tuple(members), fit_ensemble(members, listener, device, num_workers, store=store))
    first = [member for recipe in variants for member in maker.make(recipe, maker.folds[:1])]
    fitted = fit_ensemble(first, listener, device, num_workers, _before(maker, config), store)
    dropped = () if fitted.stopped else _find_dropped(config.variant_groups, first, fitted.log_odds)
    dropped_positions = {variant.recipe for variant in dropped}
    kept = [number for number, member in enumerate(first) if member.recipe not in dropped_positions]
    fitted_first = replace(
        fitted,
        log_odds=tuple(fitted.log_odds[number] for number in kept),
        early_stopped=tuple(fitted.early_stopped[number] for number in kept),
    )
    members = [first[number] for number in kept]
    further: list[Member] = []
    if not fitted.stopped:
        for position in range(len(config.recipes)):
            if position not in dropped_positions:
                further += maker.make(position, maker.folds[1:] if position in variants else maker.folds)
    if not further:
        return VariantSelection(tuple(members), fitted_first, dropped)
    work_done = sum(work_of(member) for member in first)
    done = PriorProgress(fitted.history, work_done, seconds=fitted.seconds, networks_before=len(first))
    later = fit_ensemble(further, listener, device, num_workers, done, store)
    return VariantSelection((*members, *further), _join(fitted_first, later), dropped)


def _before(maker: MemberMaker, config: RunConfig) -> PriorProgress:
    """Progress before the first fold: of variants of one architecture, the most expensive counts."""
    num_further = len(maker.folds) - 1
    variants = {position for group in config.variant_groups for position in group}
    work = sum(num_further * max(maker.work(recipe) for recipe in group) for group in config.variant_groups)
    alone = [recipe for recipe in range(len(config.recipes)) if recipe not in variants]
    return PriorProgress(
        work_after=work + len(maker.folds) * sum(maker.work(recipe) for recipe in alone),
        networks_after=config.ensemble.seeds
        * (num_further * len(config.variant_groups) + len(maker.folds) * len(alone)),
    )


def _find_dropped(
    groups: Sequence[tuple[int, ...]], members: Sequence[Member], log_odds: Sequence[npt.NDArray[np.float32]]
) -> tuple[DroppedVariant, ...]:
    dropped: list[DroppedVariant] = []
    for group in groups:
        losses = {number: _loss(number, members, log_odds) for number in group}
        winner = min(group, key=lambda number: losses[number])
        dropped += [
            DroppedVariant(number, winner, losses[number], losses[winner]) for number in group if number != winner
        ]
    return tuple(dropped)


def _loss(recipe: int, members: Sequence[Member], log_odds: Sequence[npt.NDArray[np.float32]]) -> float:
    """Log-loss of the mean probability over the recipe's seeds, on their common validation customers."""
    numbers = [number for number, member in enumerate(members) if member.recipe == recipe]
    bad = members[numbers[0]].validation.bad
    rows = np.arange(len(bad))
    probability = average_probability(len(bad), [(rows, log_odds[number]) for number in numbers])
    return log_loss(bad, probability)


def _join(first: EnsembleResult, later: EnsembleResult) -> EnsembleResult:
    return replace(
        later,
        log_odds=first.log_odds + later.log_odds,
        early_stopped=first.early_stopped + later.early_stopped,
    )

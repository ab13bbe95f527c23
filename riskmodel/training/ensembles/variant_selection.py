"""Recipes of the same architecture compete on the first fold, so that encodings are chosen by validation."""

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
from riskmodel.training.ensembles.ensemble_curve import Course, Member, work_of
from riskmodel.training.ensembles.members import MemberMaker
from riskmodel.training.fitting.calibration import log_loss
from riskmodel.training.fitting.checkpoint import MemberStore
from riskmodel.training.progress import TrainingListener


@dataclass(frozen=True)
class Loser:
    """A recipe that another one of its architecture beat on the first fold.

    Attributes:
        recipe, winner: Positions in the run.
        loss, winner_loss: Log-loss on the first fold's validation customers.
    """

    recipe: int
    winner: int
    loss: float
    winner_loss: float

    def describe(self, config: RunConfig) -> str:
        """What the analyst is told of it."""
        lost, won = (config.recipes[each].network.model_dump(mode="json") for each in (self.recipe, self.winner))
        chosen, other = (describe_difference(*each) or "no difference" for each in ((won, lost), (lost, won)))
        return (
            f"{recipe_title(config, self.winner)} ({chosen}) was chosen on the validation customers of the first fold: "
            f"log-loss {self.winner_loss:.4f}, {recipe_title(config, self.recipe)} ({other}) {self.loss:.4f}. The "
            "latter is not part of the model."
        )


@dataclass(frozen=True, eq=False)
class Contest:
    """What became of a run's recipes.

    Attributes:
        members: The trained networks of the recipes that went on.
        fitted: How their training went, in the same order.
        lost: The recipes that did not.
    """

    members: tuple[Member, ...]
    fitted: EnsembleResult
    lost: tuple[Loser, ...] = ()


def train_contest(
    maker: MemberMaker,
    config: RunConfig,
    listener: TrainingListener,
    device: str,
    num_workers: int,
    store: MemberStore | None = None,
) -> Contest:
    """Train all recipes, of those of one architecture only the best beyond the first fold if the run says so.

    Args:
        store: Keeps the networks on the way and gives those of an earlier training, as `fit_ensemble` takes it.
    """
    rivals = [recipe for group in config.rivals for recipe in group]
    if not rivals:
        members = [member for recipe in range(len(config.recipes)) for member in maker.make(recipe, maker.folds)]
        return Contest(tuple(members), fit_ensemble(members, listener, device, num_workers, store=store))
    first = [member for recipe in rivals for member in maker.make(recipe, maker.folds[:1])]
    fitted = fit_ensemble(first, listener, device, num_workers, _before(maker, config), store)
    lost = () if fitted.stopped else _find_losers(config.rivals, first, fitted.log_odds)
    out = {loser.recipe for loser in lost}
    kept = [number for number, member in enumerate(first) if member.recipe not in out]
    fitted_first = replace(
        fitted,
        log_odds=tuple(fitted.log_odds[number] for number in kept),
        early_stopped=tuple(fitted.early_stopped[number] for number in kept),
    )
    members = [first[number] for number in kept]
    further: list[Member] = []
    if not fitted.stopped:
        for recipe in range(len(config.recipes)):
            if recipe not in out:
                further += maker.make(recipe, maker.folds[1:] if recipe in rivals else maker.folds)
    if not further:
        return Contest(tuple(members), fitted_first, lost)
    work_done = sum(work_of(member) for member in first)
    done = Course(fitted.history, work_done, seconds=fitted.seconds, networks_before=len(first))
    later = fit_ensemble(further, listener, device, num_workers, done, store)
    return Contest((*members, *further), _join(fitted_first, later), lost)


def _before(maker: MemberMaker, config: RunConfig) -> Course:
    """What is still to come after the first fold: of rivals the one that takes longest."""
    num_further = len(maker.folds) - 1
    rivals = {recipe for group in config.rivals for recipe in group}
    work = sum(num_further * max(maker.work(recipe) for recipe in group) for group in config.rivals)
    alone = [recipe for recipe in range(len(config.recipes)) if recipe not in rivals]
    return Course(
        work_after=work + len(maker.folds) * sum(maker.work(recipe) for recipe in alone),
        networks_after=config.ensemble.seeds * (num_further * len(config.rivals) + len(maker.folds) * len(alone)),
    )


def _find_losers(
    rivals: Sequence[tuple[int, ...]], members: Sequence[Member], log_odds: Sequence[npt.NDArray[np.float32]]
) -> tuple[Loser, ...]:
    found: list[Loser] = []
    for group in rivals:
        losses = {recipe: _loss(recipe, members, log_odds) for recipe in group}
        winner = min(group, key=lambda recipe: losses[recipe])
        found += [Loser(each, winner, losses[each], losses[winner]) for each in group if each != winner]
    return tuple(found)


def _loss(recipe: int, members: Sequence[Member], log_odds: Sequence[npt.NDArray[np.float32]]) -> float:
    """Of the mean probability over the recipe's seeds, on the validation customers that they share."""
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

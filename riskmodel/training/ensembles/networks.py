"""From arrays to trained networks: one, or an ensemble with out-of-fold predictions and blending weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.network_name import learner_title
from riskmodel.config.run import RunConfig
from riskmodel.errors import TrainingError
from riskmodel.sizing.cores import num_cores
from riskmodel.tables.split import Split
from riskmodel.training.engines.blended import BlendedNetwork
from riskmodel.training.engines.engine import Customers
from riskmodel.training.ensembles.blend import average_probability, blend_weights, to_log_odds
from riskmodel.training.ensembles.ensemble import EnsembleResult
from riskmodel.training.ensembles.folds import make_folds
from riskmodel.training.ensembles.member import Member
from riskmodel.training.ensembles.members import MemberMaker
from riskmodel.training.ensembles.single import train_single
from riskmodel.training.ensembles.trained_networks import TrainedNetworks
from riskmodel.training.ensembles.variant_selection import VariantSelection, train_variants
from riskmodel.training.fitting.checkpoint import NO_CHECKPOINTS, Checkpoints, MemberStore
from riskmodel.training.fitting.checks import check_part
from riskmodel.training.progress import TrainingListener
from riskmodel.training.training_data import TrainingData
from riskmodel.wording import count

_LEAST_WEIGHT = 0.01
"""Minimum blending weight: a learner below it is excluded, since it costs scoring time without effect."""


SEVERAL_NETWORKS = (
    "Only a training of one network can be resumed; this run trained several, for folds, seeds or "
    "partners. Train it again with more epochs."
)


def train_networks(
    data: TrainingData,
    config: RunConfig,
    listener: TrainingListener,
    device: str,
    checkpoints: Checkpoints = NO_CHECKPOINTS,
) -> TrainedNetworks:
    """Train the networks of ``config`` on the training and validation rows of ``data``.

    Args:
        device: ``"cpu"`` or ``"gpu"``, and must be available.
        checkpoints: To resume an earlier training, and to resume this one later.

    Raises:
        TrainingError: A part cannot be trained on, the loss diverged, or the resumed checkpoint is of another network.
    """
    for part in ("train", "validation"):
        rows = data.split.rows(part)
        check_part(part, data.inputs.take(rows), data.bad[rows])
    if config.ensemble.is_single:
        return train_single(data, config, listener, device, checkpoints)
    if checkpoints.resumed is not None:
        raise TrainingError(SEVERAL_NETWORKS)
    return _train_ensemble(data, config, listener, device, checkpoints.store)


def _train_ensemble(
    data: TrainingData, config: RunConfig, listener: TrainingListener, device: str, store: MemberStore | None
) -> TrainedNetworks:
    maker = MemberMaker(data, make_folds(data.split, data.bad, config.ensemble.folds, config.seed), config, device)
    selection = train_variants(maker, listener, 1 if device == "gpu" else num_cores(), store)
    return _blend(selection, data.split)


def _blend(selection: VariantSelection, split: Split) -> TrainedNetworks:
    num_rows, num_trainable = len(split.part), len(split.rows("train")) + len(split.rows("validation"))
    config, members, fitted = selection.maker.config, selection.members, selection.fitted
    by_learner = _trained_by_learner(members, fitted)
    learners = list(by_learner)
    # float64 (learners, rows of the dataset); NaN where no member of the learner predicts a row unseen.
    predicted = np.stack(
        [
            average_probability(
                num_rows,
                [
                    (_rows(members[number].spec.validation), fitted.members[number].log_odds)
                    for number in by_learner[learner]
                ],
            )
            for learner in learners
        ]
    )
    rows = np.flatnonzero(np.isfinite(predicted).all(axis=0))
    bad = members[0].spec.validation.all_bad[rows]
    weights = blend_weights(predicted[:, rows], bad, _LEAST_WEIGHT)
    used = {
        number: weight / len(by_learner[learner])
        for learner, weight in zip(learners, weights, strict=True)
        for number in by_learner[learner]
        if weight > 0
    }
    networks = tuple(
        BlendedNetwork(members[number].spec.model, selection.maker.positions[members[number].learner], weight)
        for number, weight in used.items()
    )
    return TrainedNetworks(
        config=config,
        networks=networks,
        validation_rows=rows,
        validation_log_odds=to_log_odds(weights @ predicted[:, rows]),
        fit_history=fitted.fit_history,
        notes=(
            *selection.notes,
            *_describe_folds(config, len(networks), len(rows), num_trainable),
            *_describe_blend(config, learners, weights),
            *_describe_early_stopped([fitted.members[number].early_stopped for number in used]),
        ),
    )


def _trained_by_learner(members: Sequence[Member], fitted: EnsembleResult) -> dict[int, list[int]]:
    """Which members of each learner are trained; a learner left incomplete by a stop counts only if all are."""
    trained: dict[int, list[int]] = {}
    for number, member in enumerate(members):
        if len(fitted.members[number].log_odds):
            trained.setdefault(member.learner, []).append(number)
    num_members = Counter(member.learner for member in members)
    complete = {learner: numbers for learner, numbers in trained.items() if len(numbers) == num_members[learner]}
    return complete or {learner: trained[learner] for learner in sorted(trained)[:1]}


def _rows(customers: Customers) -> npt.NDArray[np.int32]:
    return np.arange(customers.num_rows, dtype=np.int32) if customers.rows is None else customers.rows


def _describe_folds(config: RunConfig, num_networks: int, num_predicted: int, num_trainable: int) -> tuple[str, ...]:
    if not config.ensemble.folds:
        return ()
    customers = f"{num_predicted:,}" if num_predicted == num_trainable else f"{num_predicted:,} of {num_trainable:,}"
    networks = count(num_networks, "network scores", "networks score together")
    return (
        f"{networks}. Validation figures are out of fold: {customers} customers of training and "
        "validation, each predicted only by networks that were not trained on this customer.",
    )


def _describe_blend(config: RunConfig, learners: Sequence[int], weights: npt.NDArray[Any]) -> tuple[str, ...]:
    if len(weights) == 1:
        return ()
    shares = ", ".join(
        f"{learner_title(config, learner)} {100 * weight:.0f}%"
        for learner, weight in zip(learners, weights, strict=True)
    )
    return (f"Weights of the blend, fitted on these predictions: {shares}.",)


def _describe_early_stopped(early_stopped: Sequence[bool]) -> tuple[str, ...]:
    count = sum(early_stopped)
    return (f"{count} of {len(early_stopped)} networks stopped early.",) if count else ()

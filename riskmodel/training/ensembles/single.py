"""Training of a run of one network, and of a larger one where its epochs were too few."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskmodel.config.ensemble import Learner
from riskmodel.config.run import RunConfig
from riskmodel.errors import TrainingError
from riskmodel.networks.blocks.inputs import step_between
from riskmodel.networks.build import build_network
from riskmodel.sizing.cost import MAX_WORK
from riskmodel.sizing.counts import count_network
from riskmodel.training.engines.blended import BlendedNetwork
from riskmodel.training.engines.engine import Customers
from riskmodel.training.engines.executor import BACKEND_ERRORS, device_scope, place_customers
from riskmodel.training.ensembles.enlargement import (
    MAX_ENLARGEMENTS,
    LossReduction,
    describe_failure,
    describe_start,
    describe_still_improving,
    describe_too_large,
    is_still_improving,
)
from riskmodel.training.ensembles.trained_networks import TrainedNetworks
from riskmodel.training.fitting.checkpoint import NO_CHECKPOINTS, Checkpoints
from riskmodel.training.fitting.fit import FitSpec, NetworkFit
from riskmodel.training.progress import TRAINING, TRAINING_LARGER, FitHistory, TrainingListener
from riskmodel.training.training_data import TrainingData


@dataclass(frozen=True, eq=False)
class _Trained:
    config: RunConfig
    fit: NetworkFit
    history: FitHistory

    @property
    def learner(self) -> Learner:
        return self.config.learners[0]

    def keep(self, checkpoints: Checkpoints) -> None:
        """Save it for a run that is resumed; that run has this network."""
        if self.fit.checkpoint is not None:
            training = self.config.training.model_copy(update={"enlarge": False})
            config = self.config.model_copy(update={"training": training})
            checkpoints.keep(replace(self.fit.checkpoint, config=config))


def train_single(
    data: TrainingData, config: RunConfig, listener: TrainingListener, device: str, checkpoints: Checkpoints
) -> TrainedNetworks:
    """Train the one network of ``config``; if it is still improving and ``enlarge`` is on, also a larger one.

    A training that is continued for more epochs is not enlarged. Errors as for
    `riskmodel.training.ensembles.networks.train_networks`.
    """
    validation_rows = data.split.rows("validation")
    # All rows are placed once; both sets are rows of the same arrays.
    placed = place_customers(data.inputs, data.bad, device)
    customers = placed.take(data.split.rows("train")), placed.take(validation_rows)
    trained = _train(data, config, customers, listener, device, checkpoints)
    notes: tuple[str, ...] = ()
    if config.training.enlarge and not _is_continued(config, checkpoints):
        trained, notes = _enlarge(trained, data, customers, listener, device, checkpoints)
    return TrainedNetworks(
        config=trained.config,
        networks=(BlendedNetwork(trained.fit.model, tuple(range(data.shape.num_numerical)), 1.0),),
        validation_rows=validation_rows,
        validation_log_odds=trained.fit.kept_log_odds.astype(np.float64),
        fit_history=trained.history,
        notes=notes,
        checkpoint=trained.fit.checkpoint,
    )


def _is_continued(config: RunConfig, checkpoints: Checkpoints) -> bool:
    """Whether more epochs are requested than by the training that is resumed; else it was interrupted."""
    resumed = checkpoints.resumed
    return resumed is not None and any(epoch.num_epochs != config.training.epochs for epoch in resumed.history)


def _train(
    data: TrainingData,
    config: RunConfig,
    customers: tuple[Customers, Customers],
    listener: TrainingListener,
    device: str,
    checkpoints: Checkpoints,
    phase: str = TRAINING,
) -> _Trained:
    rows = data.split.rows("train")
    sampled = rows[:: step_between(len(rows))]
    with device_scope(device):
        model = build_network(config.network, data.shape, config.seed, data.inputs.take(sampled))
    spec = FitSpec(model, *customers, config.training, config.seed)
    fit = NetworkFit(spec, listener, keeps_checkpoint=True, on_epoch_end=checkpoints.on_epoch_end, phase=phase)
    if checkpoints.resumed is not None:
        fit.resume(checkpoints.resumed)
    return _Trained(config, fit, fit.run())


def _enlarge(
    trained: _Trained,
    data: TrainingData,
    customers: tuple[Customers, Customers],
    listener: TrainingListener,
    device: str,
    checkpoints: Checkpoints,
) -> tuple[_Trained, tuple[str, ...]]:
    """The network to keep, and notes on larger ones."""
    notes: list[str] = []
    for _ in range(MAX_ENLARGEMENTS):
        larger = trained.learner.enlarged()
        is_improving = is_still_improving(trained.fit.best.epoch, trained.learner.training.epochs)
        if trained.history.stopped or not is_improving or larger is None:
            break
        work, before = (_work(learner, data) for learner in (larger, trained.learner))
        if work > MAX_WORK:
            notes.append(describe_too_large(larger, trained.learner, work / before))
            listener.on_log(notes[-1])
            break
        listener.on_log(describe_start(larger, trained.learner))
        # Off in the result: trained again, this configuration gives the same network.
        training = larger.training.model_copy(update={"enlarge": False})
        enlarged = trained.config.model_copy(update={"network": larger.network, "training": training})
        trained.keep(checkpoints)
        listener.on_config(enlarged, ())
        try:
            # Without checkpoints: until it is better, the run can resume from the smaller one's.
            candidate = _train(data, enlarged, customers, listener, device, NO_CHECKPOINTS, TRAINING_LARGER)
        except (TrainingError, MemoryError, *BACKEND_ERRORS) as error:
            notes.append(describe_failure(larger, trained.learner, error))
            listener.on_log(notes[-1])
            listener.on_config(trained.config, trained.history.epochs)
            break
        reduction = LossReduction.between(customers[1].bad, trained.fit.kept_log_odds, candidate.fit.kept_log_odds)
        notes.append(reduction.describe(larger, trained.learner))
        listener.on_log(notes[-1])
        if not reduction.is_clear:
            stopped = candidate.history.stopped
            trained = replace(trained, history=replace(trained.history, stopped=stopped))
            listener.on_config(trained.config, trained.history.epochs)
            break
        trained = candidate
        trained.keep(checkpoints)
    else:
        if is_still_improving(trained.fit.best.epoch, trained.learner.training.epochs):
            notes.append(describe_still_improving(trained.learner))
    return trained, tuple(notes)


def _work(learner: Learner, data: TrainingData) -> float:
    """Multiply-adds of the forward passes of all its epochs."""
    rows = len(data.split.rows("train")) * learner.training.epochs
    return float(rows * count_network(learner.network, data.shape.view(0)[1]).multiply_adds)

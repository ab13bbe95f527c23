"""Creation of an ensemble's networks."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riskmodel.config.ensemble import Learner
from riskmodel.config.network_name import NetworkName
from riskmodel.config.run import RunConfig
from riskmodel.networks.blocks.inputs import step_between
from riskmodel.networks.build import build_network
from riskmodel.sizing.counts import count_network
from riskmodel.training.engines.engine import Customers
from riskmodel.training.engines.executor import device_scope, place_customers
from riskmodel.training.ensembles.member import Member
from riskmodel.training.fitting.fit import FitSpec
from riskmodel.training.training_data import TrainingData

Rows = npt.NDArray[np.int64]
Fold = tuple[int, tuple[Rows, Rows]]
"""A fold's number, and its training and validation rows."""


class MemberMaker:
    """Makes members of a run; networks with the same inputs share arrays.

    Args:
        data: Of all rows.
        folds: Training and validation rows of every fold.
        config: With the learners.
        device: Where the arrays are put, ``"cpu"`` or ``"gpu"``.

    Attributes:
        config: As given.
        folds: All of them, numbered.
        positions: For each learner, the columns of ``inputs.numerical`` that its networks take.
    """

    def __init__(self, data: TrainingData, folds: Sequence[tuple[Rows, Rows]], config: RunConfig, device: str) -> None:
        self.folds: list[Fold] = list(enumerate(folds))
        self.config, self._device = config, device
        views = [data.shape.view(number) for number in range(len(config.scalings))]
        self._view = [config.scalings.index(network.natural_scaling) for network in config.networks]
        self._shapes = [views[view][1] for view in self._view]
        self.positions = [views[view][0] for view in self._view]
        known = np.unique(np.concatenate([rows for rows, _ in folds]))
        known = known[:: step_between(len(known))]
        self._data, self._views = data, [positions for positions, _ in views]
        self._placed: dict[int | None, list[Customers]] = {}
        self._known = [data.inputs.take(known).columns(positions) for positions, _ in views]

    def with_partner(self, partner: Learner) -> MemberMaker:
        """A maker that also makes networks of a further learner; its scaling must be that of another learner."""
        ensemble = self.config.ensemble.model_copy(
            update={"partners": (*self.config.ensemble.partners, partner), "one_per_architecture": True}
        )
        other = copy.copy(self)
        other.config = self.config.model_copy(update={"ensemble": ensemble})
        place = [network.natural_scaling for network in self.config.networks].index(partner.network.natural_scaling)
        other._view = [*self._view, self._view[place]]
        other._shapes = [*self._shapes, self._shapes[place]]
        other.positions = [*self.positions, self.positions[place]]
        return other

    def _place(self, number: int, rows: Rows, validation_rows: Rows) -> list[Customers]:
        """The customers of a fold by view; networks with differently scaled numbers select columns of the same arrays.

        Folds share arrays, unless their inputs differ.
        """
        data = self._data
        key = None if data.refit is None else number
        if key not in self._placed:
            inputs = data.inputs if data.refit is None else data.refit(rows, validation_rows)
            placed = place_customers(inputs, data.bad, self._device)
            every = tuple(range(inputs.numerical.shape[1]))
            self._placed[key] = [
                placed if positions == every else placed.select_columns(np.array(positions))
                for positions in self._views
            ]
        return self._placed[key]

    def work(self, learner: int) -> float:
        """Work of its networks of one fold, as `Member.work`."""
        rows = self.config.ensemble.seeds * len(self.folds[0][1][0]) * self.config.learners[learner].training.epochs
        return rows * self._cost(learner)

    def _cost(self, learner: int) -> float:
        return float(count_network(self.config.learners[learner].network, self._shapes[learner]).multiply_adds)

    def make(self, learner: int, folds: Sequence[Fold], expected_epoch: int | None = None) -> list[Member]:
        """One member per seed and fold. Numerical encodings are fitted on the rows that any fold trains on.

        Args:
            expected_epoch: Best epoch of the learner on another fold, if known.
        """
        config, view, shape = self.config.learners[learner], self._view[learner], self._shapes[learner]
        members = []
        for seed in range(self.config.ensemble.seeds):
            for fold, (rows, validation_rows) in folds:
                entropy = [self.config.seed, learner, fold, seed]
                own_seed = int(np.random.SeedSequence(entropy).generate_state(1)[0]) >> 1
                with device_scope(self._device):
                    model = build_network(config.network, shape, own_seed, self._known[view])
                placed = self._place(fold, rows, validation_rows)[view]
                train, validation = placed.take(rows), placed.take(validation_rows)
                spec = FitSpec(model, train, validation, config.training, own_seed, expected_epoch)
                name = NetworkName(learner, fold, seed)
                members.append(Member(learner, spec, self._cost(learner), str(name), name.describe(self.config)))
        return members

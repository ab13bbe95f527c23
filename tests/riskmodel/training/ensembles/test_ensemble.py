"""Networks trained together."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.network import NetworkConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import TrainingError
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.engines.executor import place_customers
from riskmodel.training.ensembles.ensemble import EnsembleResult, fit_ensemble
from riskmodel.training.ensembles.member import Member
from riskmodel.training.ensembles.member_files import CURVE_FILE, MemberFiles
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.fitting.epoch_metrics import compute_epoch_metrics
from riskmodel.training.fitting.fit import FitSpec
from riskmodel.training.progress import EpochResult
from tests.riskmodel.training.customers import Recorder, as_dict, fit_network, make_customers, weights

pytestmark = pytest.mark.slow

ROWS = 240
INPUTS, BAD = make_customers(ROWS)
PLACED = place_customers(INPUTS, BAD)
SHAPE = InputShape(4, (3,))
FOLDS = [
    (np.flatnonzero(np.arange(ROWS) % 3 != fold), np.flatnonzero(np.arange(ROWS) % 3 == fold)) for fold in range(3)
]
SMALL = MlpConfig(units=(6,))
SHORT = TrainingConfig(epochs=3, batch_size=32, restore_best=True)


class StopAfterEpoch(Recorder):
    def should_stop(self) -> bool:
        return len(self.epochs) >= 1


def make_members(config: TrainingConfig = SHORT, learner: int = 0, network: NetworkConfig = SMALL) -> list[Member]:
    return [
        Member(
            learner,
            FitSpec(
                build_network(network, SHAPE, seed=fold), PLACED.take(train), PLACED.take(validation), config, fold
            ),
            name=f"{learner}-{fold}-0",
            title=f"Learner {learner + 1}, fold {fold + 1}",
        )
        for fold, (train, validation) in enumerate(FOLDS)
    ]


@pytest.mark.parametrize("num_workers", [1, 3])
def test_each_member_is_trained_as_if_alone(num_workers: int) -> None:
    members = make_members()
    result = fit_ensemble(members, Recorder(), num_workers=num_workers)
    for fold, (train, validation) in enumerate(FOLDS):
        alone = build_network(MlpConfig(units=(6,)), SHAPE, seed=fold)
        parts = ((INPUTS.take(rows), BAD[rows]) for rows in (train, validation))
        _, log_odds = fit_network(alone, *parts, SHORT, fold)
        for mine, expected in zip(weights(members[fold].spec.model), weights(alone), strict=True):
            assert np.array_equal(mine, expected)
        assert np.array_equal(result.members[fold].log_odds, log_odds)


def test_every_epoch_has_the_name_and_metrics_of_its_network() -> None:
    recorder = Recorder()
    both = make_members(TrainingConfig(epochs=3, batch_size=32)) + make_members(
        TrainingConfig(epochs=2, batch_size=64), 1, TabmConfig(members=2, units=(4,))
    )
    result = fit_ensemble(both, recorder, num_workers=2)
    assert recorder.epochs == list(result.fit_history.epochs)
    assert [epoch.place for epoch in result.fit_history.epochs] == list(range(1, 16))
    for member, trained in zip(both, result.members, strict=True):
        own = [epoch for epoch in result.fit_history.epochs if epoch.network == member.name]
        assert [epoch.epoch for epoch in own] == list(range(1, member.spec.config.epochs + 1))
        assert {epoch.num_epochs for epoch in own} == {member.spec.config.epochs}
        expected = compute_epoch_metrics(
            member.spec.validation.bad, trained.log_odds
        )  # neither learner restores its best weights
        assert (own[-1].validation_loss, own[-1].validation_auc) == (expected.loss, expected.auc)
        assert sum(own[-1].good_counts) + sum(own[-1].bad_counts) == len(member.spec.validation.bad)
    done = [progress.rows_done for progress in recorder.slices]
    assert done == sorted(done) and done[-1] <= recorder.slices[-1].rows_total
    assert {progress.num_networks for progress in recorder.slices} == {6}
    assert sorted(line.split(": ")[0] for line in recorder.log) == [
        f"Trained Learner {learner}, fold {fold}" for learner in (1, 2) for fold in (1, 2, 3)
    ]
    assert [line.split(". ")[-1] for line in recorder.log] == [f"{n} of 6 networks trained." for n in range(1, 7)]


def test_after_a_stop_the_log_odds_match_the_kept_weights() -> None:
    """Also of a member whose epochs are all trained: a stop keeps the best epoch of every network."""
    short = TrainingConfig(epochs=6, batch_size=16, learning_rate=0.1)  # overfits: the last epoch is not the best
    long = TrainingConfig(epochs=500, batch_size=32)

    class StopAfterFirstNetwork(Recorder):
        def should_stop(self) -> bool:
            return any(line.startswith("Trained") for line in self.log)

    members = [*make_members(short)[:1], *make_members(long, learner=1)[:1]]
    result = fit_ensemble(members, StopAfterFirstNetwork(), num_workers=1)
    assert result.fit_history.stopped
    own = [epoch for epoch in result.fit_history.epochs if epoch.network == "0-0-0"]
    best = [epoch for epoch in own if epoch.is_best][-1]
    assert best.epoch < 6
    by_model = members[0].spec.model.predict(as_dict(INPUTS.take(FOLDS[0][1])), verbose=0)[:, 0]
    assert result.members[0].log_odds == pytest.approx(by_model, abs=1e-4)
    assert compute_epoch_metrics(members[0].spec.validation.bad, result.members[0].log_odds).loss == pytest.approx(
        best.validation_loss
    )


def test_a_stop_ends_all_members_and_keeps_their_weights() -> None:
    recorder = StopAfterEpoch()
    long = TrainingConfig(epochs=500, batch_size=32)
    result = fit_ensemble(make_members(long) + make_members(long, learner=1), recorder, num_workers=2)
    assert result.fit_history.stopped and {epoch.network for epoch in result.fit_history.epochs} == {
        "0-0-0",
        "0-1-0",
        "0-2-0",
    }
    assert [len(member.log_odds) > 0 for member in result.members] == [True] * 3 + [False] * 3


def test_a_stop_within_the_first_epoch_is_reported() -> None:
    recorder = Recorder(stop_after=1)
    result = fit_ensemble(make_members(TrainingConfig(epochs=500, batch_size=1)), recorder, num_workers=1)
    assert result.fit_history.stopped and len(result.fit_history.epochs) == 1
    assert [len(member.log_odds) for member in result.members[:2]] == [80, 0]


def test_early_stopped_members_do_not_block_the_others() -> None:
    impatient = TrainingConfig(epochs=40, batch_size=32, learning_rate=0.05, early_stopping=True, patience=2)
    result = fit_ensemble(make_members(impatient), Recorder(), num_workers=2)
    assert [member.early_stopped for member in result.members] == [True, True, True]
    assert len(result.fit_history.epochs) < 3 * 40


class Store(MemberFiles):
    """Stores networks at an interval of epochs, and fails instead of writing more than a maximum number."""

    def __init__(self, folder: Path, every: int = 1, writes: int = 1_000) -> None:
        super().__init__(folder)
        self._every, self._writes, self._epochs = every, writes, 0

    def is_due(self, name: str, is_done: bool) -> bool:
        self._epochs += 1
        return is_done or self._epochs % self._every == 0

    def write(self, name: str, history: Sequence[EpochResult], checkpoint: Checkpoint) -> None:
        self._writes -= 1
        if self._writes < 0:
            raise KeyboardInterrupt
        (self.folder / CURVE_FILE).write_text(json.dumps([result.to_dict() for result in history]))
        with self.path(name).open("wb") as stream:
            checkpoint.write(stream)


def two_learners() -> list[Member]:
    impatient = TrainingConfig(epochs=6, batch_size=32, learning_rate=0.05, early_stopping=True, patience=2)
    return make_members(impatient) + make_members(TrainingConfig(epochs=3, batch_size=64), 1)


FIGURES = (
    "network",
    "epoch",
    "num_epochs",
    "train_loss",
    "validation_loss",
    "train_auc",
    "validation_auc",
    "good_counts",
)


def assert_same_log_odds(one: EnsembleResult, other: EnsembleResult) -> None:
    for mine, expected in zip(one.members, other.members, strict=True):
        assert np.array_equal(mine.log_odds, expected.log_odds)


def figures(history: Sequence[EpochResult]) -> list[list[object]]:
    ordered = sorted(history, key=lambda result: (result.network, result.epoch))  # networks are trained side by side
    return [[getattr(result, name) for name in FIGURES] for result in ordered]


@pytest.mark.usefixtures("equal_slices")
@pytest.mark.parametrize(("writes", "every"), [(1, 1), (4, 3), (7, 2), (9, 4)])
def test_an_interrupted_training_resumes_to_the_same_networks_and_curve(
    tmp_path: Path, writes: int, every: int
) -> None:
    whole = two_learners()
    expected = fit_ensemble(whole, Recorder(), num_workers=2)
    with pytest.raises(KeyboardInterrupt):
        fit_ensemble(two_learners(), Recorder(), num_workers=2, store=Store(tmp_path, every, writes))
    after, recorder, rest = Store(tmp_path, every), Recorder(), two_learners()
    result = fit_ensemble(rest, recorder, num_workers=2, store=after)
    assert figures(result.fit_history.epochs) == figures(expected.fit_history.epochs)
    assert recorder.epochs == list(result.fit_history.epochs)[len(after.history) :], (
        "those before are not reported again"
    )
    assert [member.early_stopped for member in result.members] == [member.early_stopped for member in expected.members]
    for mine, other in zip(rest, whole, strict=True):
        assert all(map(np.array_equal, weights(mine.spec.model), weights(other.spec.model)))
    assert_same_log_odds(result, expected)
    assert {path.stem for path in tmp_path.glob("*.npz")} == {member.name for member in whole}


def test_trained_networks_are_not_trained_again(tmp_path: Path) -> None:
    first = fit_ensemble(two_learners(), Recorder(), store=Store(tmp_path))
    recorder = Recorder()
    again = fit_ensemble(two_learners(), recorder, store=Store(tmp_path))
    assert (recorder.slices, recorder.epochs) == ([], [])
    assert recorder.log == ["Continuing: of 6 networks, 6 are trained and 0 in part."]
    assert again.fit_history.epochs == first.fit_history.epochs
    assert_same_log_odds(again, first)


def test_one_member_that_diverges_ends_the_run() -> None:
    wild = TrainingConfig(epochs=50, batch_size=32, optimizer="sgd", learning_rate=1e9)
    members = [*make_members(TrainingConfig(epochs=500, batch_size=1))[:2], make_members(wild)[2]]
    with pytest.raises(TrainingError, match="Training diverged at epoch"):
        fit_ensemble(members, Recorder(), num_workers=2)

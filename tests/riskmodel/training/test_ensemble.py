"""Networks trained side by side."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from riskmodel.config.network import MlpConfig, NetworkConfig, TabmConfig
from riskmodel.config.training import TrainingConfig
from riskmodel.errors import TrainingError
from riskmodel.features.model_input import InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.checkpoint import Checkpoint
from riskmodel.training.ensemble import fit_ensemble
from riskmodel.training.ensemble_curve import Member
from riskmodel.training.executor import place_customers
from riskmodel.training.figures import compute_figures
from riskmodel.training.fit import fit_network
from riskmodel.training.member_files import CURVE_FILE, MemberFiles
from riskmodel.training.progress import EpochResult
from tests.riskmodel.training.customers import Recorder, make_customers, weights

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


def make_members(config: TrainingConfig = SHORT, recipe: int = 0, network: NetworkConfig = SMALL) -> list[Member]:
    return [
        Member(
            recipe,
            build_network(network, SHAPE, seed=fold),
            PLACED.take(train),
            PLACED.take(validation),
            config,
            fold,
            name=f"{recipe}-{fold}",
        )
        for fold, (train, validation) in enumerate(FOLDS)
    ]


@pytest.mark.parametrize("num_workers", [1, 3])
def test_each_member_is_what_it_would_be_alone(num_workers: int) -> None:
    members = make_members()
    result = fit_ensemble(members, Recorder(), num_workers=num_workers)
    for fold, (train, validation) in enumerate(FOLDS):
        alone = build_network(MlpConfig(units=(6,)), SHAPE, seed=fold)
        fitted = fit_network(
            alone, INPUTS.take(train), BAD[train], INPUTS.take(validation), BAD[validation], SHORT, fold, Recorder()
        )
        for mine, expected in zip(weights(members[fold].model), weights(alone), strict=True):
            assert np.array_equal(mine, expected)
        assert np.array_equal(result.log_odds[fold], fitted.validation_log_odds)


def test_the_curve_is_of_all_members_together() -> None:
    recorder = Recorder()
    members = make_members(TrainingConfig(epochs=2, batch_size=32))
    result = fit_ensemble(members, recorder, num_workers=2)
    assert [epoch.epoch for epoch in result.history] == [1, 2]
    assert recorder.epochs == list(result.history)
    log_odds = np.concatenate(result.log_odds)  # without early stopping those of the last epoch
    bad = np.concatenate([member.validation.bad for member in members])
    expected = compute_figures(bad, log_odds)
    last = result.history[-1]
    assert (last.validation_loss, last.validation_auc) == (expected.loss, expected.auc)
    assert sum(last.good_counts) + sum(last.bad_counts) == ROWS
    assert result.best_epoch == min(result.history, key=lambda epoch: epoch.validation_loss).epoch


def test_recipes_follow_each_other_and_are_numbered_on() -> None:
    recorder = Recorder()
    both = make_members() + make_members(TrainingConfig(epochs=2, batch_size=64), 1, TabmConfig(members=2, units=(4,)))
    result = fit_ensemble(both, recorder, num_workers=2)
    assert [epoch.epoch for epoch in result.history] == [1, 2, 3, 4, 5]
    assert {epoch.num_epochs for epoch in result.history} == {5}
    assert len(result.log_odds) == 6
    done = [progress.rows_done for progress in recorder.slices]
    assert done == sorted(done) and done[-1] <= recorder.slices[-1].rows_total


def test_a_stop_ends_all_and_keeps_what_there_is() -> None:
    recorder = StopAfterEpoch()
    long = TrainingConfig(epochs=500, batch_size=32)
    result = fit_ensemble(make_members(long) + make_members(long, recipe=1), recorder, num_workers=2)
    assert result.stopped and 1 <= len(result.history) < 10
    assert [len(each) > 0 for each in result.log_odds] == [True] * 3 + [False] * 3


def test_a_stop_before_the_first_epoch_of_all_still_tells_one() -> None:
    recorder = Recorder(stop_after=1)
    result = fit_ensemble(make_members(TrainingConfig(epochs=500, batch_size=1)), recorder, num_workers=1)
    assert result.stopped and len(result.history) == 1
    assert len(result.log_odds[0]) == 80 and not len(result.log_odds[1])


def test_members_out_of_patience_do_not_hold_up_the_others() -> None:
    impatient = TrainingConfig(epochs=40, batch_size=32, learning_rate=0.05, early_stopping=True, patience=2)
    result = fit_ensemble(make_members(impatient), Recorder(), num_workers=2)
    assert result.early_stopped == (True, True, True)
    assert len(result.history) < 40


class Store(MemberFiles):
    """Keeps networks after every so many epochs, and dies instead of writing more than so many of them."""

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


def two_recipes() -> list[Member]:
    impatient = TrainingConfig(epochs=6, batch_size=32, learning_rate=0.05, early_stopping=True, patience=2)
    return make_members(impatient) + make_members(TrainingConfig(epochs=3, batch_size=64), 1)


FIGURES = ("epoch", "num_epochs", "train_loss", "validation_loss", "train_auc", "validation_auc", "good_counts")


def figures(history: Sequence[EpochResult]) -> list[list[object]]:
    return [[getattr(result, name) for name in FIGURES] for result in history]


@pytest.mark.parametrize(("writes", "every"), [(1, 1), (4, 3), (7, 2), (9, 4)])
def test_an_interrupted_training_is_continued_to_the_same_networks_and_curve(
    tmp_path: Path, writes: int, every: int
) -> None:
    whole = two_recipes()
    expected = fit_ensemble(whole, Recorder(), num_workers=2)
    with pytest.raises(KeyboardInterrupt):
        fit_ensemble(two_recipes(), Recorder(), num_workers=2, store=Store(tmp_path, every, writes))
    after, recorder, rest = Store(tmp_path, every), Recorder(), two_recipes()
    result = fit_ensemble(rest, recorder, num_workers=2, store=after)
    assert figures(result.history) == figures(expected.history)
    assert recorder.epochs == list(result.history)[len(after.history) :], "those before are not reported again"
    assert result.early_stopped == expected.early_stopped
    for mine, other in zip(rest, whole, strict=True):
        assert all(map(np.array_equal, weights(mine.model), weights(other.model)))
    assert all(map(np.array_equal, result.log_odds, expected.log_odds))
    assert {path.stem for path in tmp_path.glob("*.npz")} == {member.name for member in whole}


def test_networks_that_are_trained_are_not_trained_again(tmp_path: Path) -> None:
    first = fit_ensemble(two_recipes(), Recorder(), store=Store(tmp_path))
    recorder = Recorder()
    again = fit_ensemble(two_recipes(), recorder, store=Store(tmp_path))
    assert (recorder.slices, recorder.epochs) == ([], [])
    assert recorder.log == ["Continuing: of 6 networks, 6 are trained and 0 in part."]
    assert again.history == first.history and all(map(np.array_equal, again.log_odds, first.log_odds))


def test_one_member_that_diverges_ends_the_run() -> None:
    wild = TrainingConfig(epochs=50, batch_size=32, optimizer="sgd", learning_rate=1e9)
    members = [*make_members(TrainingConfig(epochs=500, batch_size=1))[:2], make_members(wild)[2]]
    with pytest.raises(TrainingError, match="Training diverged at epoch"):
        fit_ensemble(members, Recorder(), num_workers=2)

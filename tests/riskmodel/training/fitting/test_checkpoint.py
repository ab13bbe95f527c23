"""A training resumed from a checkpoint equals one without interruption."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import TrainingError
from riskmodel.training.fitting.checkpoint import Checkpoint
from tests.riskmodel.training.continued import CHOICES, assert_the_same, begin, both_ways, size_of, through_a_file
from tests.riskmodel.training.customers import Recorder, weights


@pytest.mark.parametrize("name", CHOICES)
def test_three_epochs_and_three_more_equal_six(name: str) -> None:
    assert_the_same(both_ways(**CHOICES[name]))


def test_a_checkpoint_file_round_trip() -> None:
    fit = begin(TrainingConfig(epochs=3, batch_size=64, learning_rate=0.5, schedule="plateau"))
    for _ in range(3):
        fit.run_epoch()
    kept = fit.make_checkpoint()
    read = through_a_file(kept)
    assert read.history == kept.history == tuple(fit.history)
    assert (read.best, read.schedule, read.random, read.first_loss, read.backend) == (
        kept.best, kept.schedule, kept.random, kept.first_loss, kept.backend,
    )  # fmt: skip
    assert all(np.array_equal(a, b) for a, b in zip(read.weights, kept.weights, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(read.best_weights, fit.best.weights, strict=True))
    assert [len(slots) for slots in read.slots] == [len(fit.model.trainable_variables)] * 2


def test_equal_last_and_best_weights_are_stored_once() -> None:
    fit = begin(TrainingConfig(epochs=1, batch_size=64))
    fit.run_epoch()
    kept = fit.make_checkpoint()
    assert kept.best["epoch"] == 1
    num_bytes = sum(array.nbytes for array in kept.weights)
    later = replace(kept, best_weights=[array + 1 for array in kept.best_weights])
    assert num_bytes < size_of(later) - size_of(kept) < num_bytes + 400 * len(kept.weights)


def test_exhausted_patience_is_reset() -> None:
    config = TrainingConfig(epochs=40, batch_size=64, early_stopping=True, patience=2, learning_rate=0.3)
    first = begin(config)
    ended = first.run()
    assert ended.early_stopped
    listener = Recorder()
    second = begin(config.model_copy(update={"epochs": len(ended.epochs) + 10}), listener)
    assert first.checkpoint is not None
    second.resume(through_a_file(first.checkpoint))
    more = second.run()
    assert len(more.epochs) >= len(ended.epochs) + 2
    assert more.epochs[: len(ended.epochs)] == ended.epochs
    assert listener.epochs[0].epoch == len(ended.epochs) + 1
    assert f"Resumed after epoch {len(ended.epochs)}" in listener.log[0]


def test_stopped_before_the_first_further_epoch_the_earlier_best_is_kept() -> None:
    config = TrainingConfig(epochs=3, batch_size=64, restore_best=True)
    first = begin(config)
    first.run()
    second = begin(config.model_copy(update={"epochs": 9}), Recorder(stop_after=1))
    assert first.checkpoint is not None
    second.resume(through_a_file(first.checkpoint))
    stopped = second.run()
    assert stopped.stopped and len(stopped.epochs) == 3
    assert all(np.array_equal(a, b) for a, b in zip(weights(second.model), weights(first.model), strict=True))


def test_a_missing_damaged_or_mismatched_file_raises(tmp_path: Path) -> None:
    with pytest.raises(
        TrainingError, match=r"the file .*/none\.npz is missing\. Restore it from a copy, or train again"
    ):
        Checkpoint.read(tmp_path / "none.npz")
    (tmp_path / "cut.npz").write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(TrainingError, match=r"the file .*/cut\.npz is damaged, or of another version"):
        Checkpoint.read(tmp_path / "cut.npz")
    fit = begin(TrainingConfig(epochs=1, batch_size=64))
    fit.run_epoch()
    other = begin(TrainingConfig(epochs=2, batch_size=64, optimizer="sgd"))
    with pytest.raises(TrainingError, match="does not fit the network that its configuration builds now"):
        other.resume(fit.make_checkpoint())
    with pytest.raises(TrainingError, match="does not fit"):
        begin(TrainingConfig(epochs=2, batch_size=64)).resume(replace(fit.make_checkpoint(), backend="jax"))

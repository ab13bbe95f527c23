"""Whole trainings of small networks."""

import time

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import TrainingError
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.fitting.calibration import temperature_scaled_loss
from riskmodel.training.fitting.epoch_metrics import average_log_odds
from riskmodel.training.progress import EpochResult, FitHistory
from tests.riskmodel.training.customers import Recorder, as_dict, fit_network, make_customers, weights

TRAIN, TRAIN_BAD = make_customers(300, seed=1)
VALIDATION, VALIDATION_BAD = VALIDATED = make_customers(200, seed=2)


def build(**choices: object):
    return build_network(MlpConfig(**{"units": (8,), "dropout": 0.2} | choices), InputShape(4, (3,)), seed=7)


def fit(
    model, listener: Recorder | None = None, seed: int = 7, bad: np.ndarray = TRAIN_BAD, **choices: object
) -> FitHistory:
    config = TrainingConfig(**{"epochs": 3} | choices)
    return fit_network(model, (TRAIN, bad), VALIDATED, config, seed, listener)[0]


def test_learns_and_reports_every_epoch() -> None:
    listener = Recorder()
    result = fit(build(), listener, epochs=12, learning_rate=0.02)
    assert [epoch.epoch for epoch in result.epochs] == list(range(1, 13))
    assert result.epochs == tuple(listener.epochs)
    assert result.epochs[-1].validation_auc > 0.8 > 0.5
    assert result.epochs[-1].train_loss < result.epochs[0].train_loss
    assert not result.stopped
    assert not result.early_stopped


def test_validation_metrics_equal_scikit_learn() -> None:
    model = build()
    last = fit(model).epochs[-1]
    log_odds = model(as_dict(VALIDATION)).numpy()[:, 0]
    assert last.validation_auc == pytest.approx(roc_auc_score(VALIDATION_BAD, log_odds))
    assert last.validation_accuracy == pytest.approx(np.mean((log_odds > 0) == VALIDATION_BAD))
    probability = 1 / (1 + np.exp(-log_odds.astype(float)))
    expected, _ = np.histogram(probability[VALIDATION_BAD == 1], bins=40, range=(0, 1))
    assert last.bad_counts == tuple(expected)
    assert sum(last.good_counts) == np.sum(VALIDATION_BAD == 0)


def test_validation_loss_equals_keras_evaluate() -> None:
    model = build(l2=0.01)
    last = fit(model).epochs[-1]
    from riskmodel.networks.backend import keras

    model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True))
    expected = model.evaluate(as_dict(VALIDATION), VALIDATION_BAD.astype(np.float32)[:, None], verbose=0)
    assert last.validation_loss == pytest.approx(expected, rel=1e-5)


def test_same_seed_same_weights_bit_for_bit() -> None:
    models = [build(normalization="batch") for _ in range(3)]
    for model, seed in zip(models, (7, 7, 8), strict=True):
        fit(model, seed=seed)
    first, again, other = models
    assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in zip(first.variables, again.variables, strict=True))
    assert not np.array_equal(weights(first)[0], weights(other)[0])


def test_progress_counts_every_row() -> None:
    listener = Recorder()
    fit(build(), listener, epochs=2)
    assert [s.rows_done for s in listener.slices] == sorted({s.rows_done for s in listener.slices})
    assert listener.slices[0].rows_done == 8 * 32
    assert listener.slices[-1].rows_done == listener.slices[-1].rows_total == 600
    assert listener.slices[-1].train_loss == pytest.approx(listener.epochs[-1].train_loss)
    assert listener.slices[-1].rows_per_second > 0


def test_patience_ends_the_run_and_the_best_weights_are_kept() -> None:
    model = build(dropout=0.0)
    result = fit(model, epochs=60, learning_rate=0.2, early_stopping=True, patience=3)
    losses = [epoch.validation_loss for epoch in result.epochs]
    assert result.early_stopped
    assert result.best_epoch == int(np.argmin(losses)) + 1
    assert len(losses) == result.best_epoch + 3
    assert validation_loss(model) == pytest.approx(min(losses), rel=1e-5)


@pytest.mark.parametrize(("restore_best", "index"), [(False, -1), (True, None)])
def test_last_or_best_weights(restore_best: bool, index: int | None) -> None:
    model = build(dropout=0.0, normalization="batch")
    # What is learnt from outcomes the wrong way round makes the validation loss rise, on any machine.
    result = fit(model, epochs=6, learning_rate=0.02, restore_best=restore_best, bad=1 - TRAIN_BAD)
    assert result.best_epoch < 6  # else this would show nothing
    expected = result.epochs[-1 if index == -1 else result.best_epoch - 1].validation_loss
    assert validation_loss(model) == pytest.approx(expected, rel=1e-5)


def test_monitoring_auc() -> None:
    result = fit(build(), epochs=8, learning_rate=0.1, monitor="auc")
    aucs = [epoch.validation_auc for epoch in result.epochs]
    assert result.best_epoch == int(np.argmax(aucs)) + 1
    assert [e.is_best for e in result.epochs] == [a > max([0.0, *aucs[:i]]) for i, a in enumerate(aucs)]


def test_learning_rates_are_reported_as_used() -> None:
    cosine = fit(build(), epochs=2, schedule="cosine", learning_rate=0.1).epochs
    # Ten steps an epoch; the last steps are number 9 and 19 of 20.
    assert cosine[0].learning_rate == pytest.approx(0.05 * (1 + np.cos(np.pi * 9 / 20)))
    assert cosine[1].learning_rate == pytest.approx(0.05 * (1 + np.cos(np.pi * 19 / 20)))
    plateau = fit(build(), epochs=4, schedule="plateau", plateau_patience=1, learning_rate=1e-9).epochs
    assert [e.learning_rate for e in plateau] == pytest.approx([1e-9, 1e-9, 5e-10, 2.5e-10])


def test_stop_in_a_later_epoch_keeps_the_best_weights() -> None:
    model, listener = build(dropout=0.0), Recorder()
    slices_per_epoch = len(slices_of_one_epoch())
    listener.stop_after = 4 * slices_per_epoch + 1
    result = fit(model, listener, epochs=50, learning_rate=0.3)
    assert result.stopped
    assert not result.early_stopped
    losses = [epoch.validation_loss for epoch in result.epochs]
    assert 1 <= result.best_epoch <= len(losses) < 50
    assert validation_loss(model) == pytest.approx(min(losses), rel=1e-5)


def slices_of_one_epoch() -> list[object]:
    listener = Recorder()
    fit(build(), listener, epochs=1)
    return listener.slices


def test_stop_within_the_first_epoch_keeps_and_evaluates_the_weights() -> None:
    model, listener = build(), Recorder(stop_after=1)
    start = weights(model)
    result = fit(model, listener, epochs=5)
    assert result.stopped
    assert (len(result.epochs), result.best_epoch) == (1, 1)
    assert listener.slices[-1].rows_done == 8 * 32
    assert not np.array_equal(start[0], weights(model)[0])
    assert validation_loss(model) == pytest.approx(result.epochs[0].validation_loss, rel=1e-5)


def test_stop_takes_effect_within_two_seconds() -> None:
    listener = Recorder(stop_after=6)
    times: list[float] = []
    listener.on_slice = lambda progress: (times.append(time.perf_counter()), listener.slices.append(progress))[0]
    config = TrainingConfig(epochs=100, batch_size=8)
    result, _ = fit_network(build(), make_customers(200_000), VALIDATED, config, listener=listener)
    ended = time.perf_counter()
    assert result.stopped
    assert max(np.diff(times)) < 2.0
    assert ended - times[-1] < 2.0


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_far_too_large_learning_rate_raises(optimizer: str) -> None:
    with pytest.raises(TrainingError, match=r"diverged at epoch \d+.*learning rate 1e\+06\. Try a learning rate ten"):
        fit(build(units=(16, 8)), optimizer=optimizer, learning_rate=1e6, epochs=20)


def test_divergence_in_the_first_slice_is_recognized() -> None:
    with pytest.raises(TrainingError, match="diverged at epoch 1"):
        config = TrainingConfig(epochs=2, learning_rate=1e6, batch_size=32)
        fit_network(build(units=(128, 64)), make_customers(3000), VALIDATED, config)


def test_balanced_class_weights_raise_the_probabilities() -> None:
    rare_bad = ((TRAIN_BAD == 1) & (np.arange(300) % 4 == 0)).astype(np.int8)
    means = []
    for choice in ("none", "balanced"):
        model = build(dropout=0.0)
        config = TrainingConfig(epochs=10, learning_rate=0.02, class_weights=choice)
        fit_network(model, (TRAIN, rare_bad), VALIDATED, config)
        means.append(model(as_dict(VALIDATION)).numpy().mean())
    assert means[1] > means[0] + 1.0


def test_first_epoch_of_a_loss_that_stays_finite_is_no_divergence() -> None:
    assert np.isfinite(fit(build(), epochs=1, learning_rate=1.0).epochs[0].validation_loss)


def validation_loss(model) -> float:
    log_odds = model(as_dict(VALIDATION)).numpy()[:, 0].astype(float)
    return float(np.mean(np.logaddexp(0, log_odds) - VALIDATION_BAD * log_odds))


def test_the_best_epoch_may_be_chosen_by_the_calibrated_loss() -> None:
    config = TrainingConfig(epochs=8, batch_size=8, learning_rate=0.05, monitor="calibrated_loss", restore_best=True)
    model = build(units=(32, 32), dropout=0.0)
    losses: list[float] = []

    class Listener(Recorder):
        def on_epoch(self, result: EpochResult) -> None:
            super().on_epoch(result)
            log_odds = average_log_odds(model(as_dict(VALIDATION)).numpy())
            losses.append(temperature_scaled_loss(log_odds, VALIDATION_BAD))

    result, _ = fit_network(model, (TRAIN, TRAIN_BAD), VALIDATED, config, listener=Listener())
    assert result.best_epoch == int(np.argmin(losses)) + 1
    plain = [epoch.validation_loss for epoch in result.epochs]
    assert all(loss <= own + 1e-9 for loss, own in zip(losses, plain, strict=True))
